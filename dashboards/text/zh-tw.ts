import adoption from "./zh-tw/adoption.json";
import alerts from "./zh-tw/alerts.json";
import bill from "./zh-tw/bill.json";
import common from "./zh-tw/common.json";
import events from "./zh-tw/events.json";
import notes from "./zh-tw/notes.json";
import overview from "./zh-tw/overview.json";
import report from "./zh-tw/report.json";
import requests from "./zh-tw/requests.json";
import session from "./zh-tw/session.json";
import spend from "./zh-tw/spend.json";
import tools from "./zh-tw/tools.json";
import trust from "./zh-tw/trust.json";
import { withNotes } from "./notes";
import type { Text } from "./text";

const words = { ...common, overview, spend, adoption, bill, requests, tools, session, events, trust, alerts, report };

/** Every word that dashboards and alerts show, in Traditional Chinese as used in Taiwan. */
export const zhTw: Text = withNotes(words, notes);
/** The same, where the organisation has prices of its own. */
export const zhTwContracted: Text = withNotes(words, { ...notes, ...common.contracted });
