import type { Text } from "../text";
import { notes } from "./notes";

/** Words of the dashboard about use and outcome. */
export const adoption: Text["adoption"] = {
  title: "Claude Code 採用與成果",
  description: "誰在用、怎麼用，以及帶來什麼成果。",
  activeUsers: {
    row: "活躍使用者",
    trend: {
      title: "活躍使用者",
      description: "在某一天，以及到那天為止的 7 天與 30 天內，有成功請求的使用者。只有一次請求也算。",
      day: "單日",
      week: "7 天",
      month: "30 天",
    },
    stopped: {
      title: "停止回報",
      description: `最近 30 天內有請求、但最近 7 天沒有請求的使用者，以及他們的花費。可能正在休假，或關閉了遙測。${notes.estimate}`,
      columns: { user: "使用者", team: "團隊", cost: "30 天費用" },
    },
    outdated: {
      title: "過舊的用戶端",
      description:
        "最近 7 天內，版本低於堆疊設定 dashboards.minimumClientVersion 的工作階段，依使用者區分。只有開啟 OTEL_METRICS_INCLUDE_VERSION，用戶端才會回報版本。",
      off: "尚未要求最低版本。在堆疊設定中設定 dashboards.minimumClientVersion，即可列出較舊的用戶端。",
      columns: { user: "使用者", version: "版本", sessions: "工作階段" },
    },
  },
  sessions: {
    row: "工作階段",
    startType: {
      title: "各啟動方式的工作階段",
      description: `範圍內的工作階段：全新 (fresh)、恢復 (resume) 或接續 (continue)。${notes.noModel}`,
    },
    terminal: {
      title: "各終端機的工作階段",
      description: `範圍內的工作階段，依終端機或編輯器區分。${notes.withoutLabel}${notes.noModel}`,
    },
    version: {
      title: "各用戶端版本的工作階段",
      description: `範圍內的工作階段，依用戶端版本區分。${notes.withoutLabel}${notes.noModel}`,
    },
    activeTime: {
      title: "活躍時間",
      description: `每個間隔內，人員打字的時間與代理工作的時間。代理的時間在一個回合結束時一次回報。單次執行沒有打字時間。${notes.noModel}${notes.bars}`,
    },
    activeTimeTotal: {
      title: "範圍內活躍時間",
      description: `人員打字的時間 (user) 與代理工作的時間 (cli)。${notes.noModel}`,
    },
  },
  outcome: {
    row: "成果",
    accepted: {
      title: "人員接受的編輯",
      description: `在由人員決定的編輯中，被接受的比例。不計自動決定：那只會反映有多少是自動的。${notes.noModel}`,
    },
    automatic: {
      title: "自動決定的編輯",
      description: `由設定、hook 或人員先前訂下的規則所決定的編輯比例。${notes.noModel}`,
    },
    byTool: {
      title: "各工具接受率",
      description: `在由人員決定的編輯中，被接受的比例，依工具區分。${notes.noModel}`,
    },
    byLanguage: {
      title: "各語言接受率",
      description: `在由人員決定的編輯中，被接受的比例，依檔案的程式語言區分。${notes.noModel}`,
    },
    bySource: {
      title: "各來源的決定",
      description: `範圍內對編輯的決定，依由誰決定、如何決定區分。${notes.noModel}`,
    },
    commits: {
      title: "提交與 Pull Request",
      description: `每個間隔內由 Claude Code 完成的提交 (commit) 與 Pull Request。看不到人員自己做的。${notes.noModel}${notes.bars}`,
      commits: "提交",
      pullRequests: "Pull Request",
    },
  },
};
