import { en } from "./en";
import type { Text } from "./text";
import { zhTw } from "./zh-tw";

/** The texts by language. */
export const texts: Readonly<Record<"en" | "zh-TW", Text>> = { en, "zh-TW": zhTw };
