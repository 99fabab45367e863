import { run } from "./run";

const [folder, report] = process.argv.slice(2);
run(String(folder), String(report));
