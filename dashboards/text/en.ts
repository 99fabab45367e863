import adoption from "./en/adoption.json";
import alerts from "./en/alerts.json";
import bill from "./en/bill.json";
import common from "./en/common.json";
import events from "./en/events.json";
import notes from "./en/notes.json";
import overview from "./en/overview.json";
import report from "./en/report.json";
import requests from "./en/requests.json";
import session from "./en/session.json";
import spend from "./en/spend.json";
import tools from "./en/tools.json";
import trust from "./en/trust.json";
import { withNotes } from "./notes";

const words = { ...common, overview, spend, adoption, bill, requests, tools, session, events, trust, alerts, report };

/** Every word that dashboards and alerts show, in English. */
export const en = withNotes(words, notes);
/** The same, where the organisation has prices of its own. */
export const enContracted = withNotes(words, { ...notes, ...common.contracted });
