import type { Text } from "../text";
import { adoption } from "./adoption";
import { alerts } from "./alerts";
import { events } from "./events";
import { overview } from "./overview";
import { requests } from "./requests";
import { session } from "./session";
import { spend } from "./spend";
import { tools } from "./tools";
import { trust } from "./trust";

/** Every word that dashboards and alerts show, in Traditional Chinese as used in Taiwan. */
export const zhTw: Text = {
  folder: "Claude Code",
  people: "個人",
  behind: "範圍較長時，數字最多落後七分鐘；超過 14 天時，約落後一小時。",
  otherDashboards: "Claude Code 儀表板",
  variables: {
    user: "使用者",
    team: "團隊",
    location: "地點",
    device: "裝置",
    model: "模型",
    repository: "儲存庫",
  },
  overview,
  spend,
  adoption,
  requests,
  tools,
  session,
  events,
  trust,
  alerts,
};
