import { en, enContracted } from "./en";
import type { Text } from "./text";
import { zhTw, zhTwContracted } from "./zh-tw";

/** Texts by language. */
type Texts = Readonly<Record<"en" | "zh-TW", Text>>;

/** The texts by language. */
export const texts: Texts = { en, "zh-TW": zhTw };

/** The texts of a stack with prices of its own: they name no list price where the contracted one holds. */
export const contractedTexts: Texts = { en: enContracted, "zh-TW": zhTwContracted };
