import * as path from "node:path";

/** The repository's root. */
export const repository = path.resolve(__dirname, "..");
