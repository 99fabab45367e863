import type { Text } from "../text";
import { notes } from "./notes";

/** Words of the dashboard that opens first. */
export const overview: Text["overview"] = {
  title: "Claude Code 監控",
  description: "依用戶端回報的數量，顯示 Claude Code 花了多少錢、誰在用、用了多少。",
  costOverview: {
    row: "費用概況",
    inRange: {
      title: "範圍內費用",
      description: `儀表板時間範圍內花費的美元。${notes.estimate}${notes.delay}`,
    },
    today: {
      title: "今日費用",
      description: `從儀表板時區的午夜起花費的美元。${notes.estimate}${notes.relativeRange}`,
    },
    lastDay: {
      title: "最近 24 小時費用",
      description: `到範圍終點為止的 24 小時內花費的美元；除非選了固定日期，否則終點就是現在。${notes.estimate}`,
    },
    activeSessions: {
      title: "進行中工作階段的費用",
      description: `最近 10 分鐘內有成功請求的工作階段，至今花費的美元。${notes.estimate}超過一天的工作階段只計最近 24 小時。`,
    },
    trend: {
      title: "請求費用趨勢",
      description: `每個間隔內請求的美元，依模型堆疊。${notes.estimate}${notes.bars}`,
    },
  },
  costAnalysis: {
    row: "費用分析",
    byModel: {
      title: "各模型費用",
      description: `範圍內的美元，依模型區分。${notes.estimate}子代理和摘要常用較小的模型，也計算在內。`,
    },
    hourly: {
      title: "每小時費用",
      description: `每小時的美元。${notes.estimate}目前這個小時的數字還會增加。${notes.bars}`,
    },
    perLine: {
      title: "每行程式碼費用",
      description: `範圍內，每一行由編輯新增或刪除的程式碼平均花費的美元。所有請求都計入，包括沒有修改任何內容的請求。${notes.estimate}範圍太小時，會拿較晚的編輯去除較早的費用。`,
    },
    perCommit: {
      title: "每次提交費用",
      description: `範圍內，Claude Code 每次提交 (commit) 平均花費的美元。看不到人員自己做的提交。${notes.noModel}`,
    },
    tokensPerUsd: {
      title: "每美元 Token 數",
      description: `範圍內每一美元對應的 Token 數，包含所有類型。快取讀取很便宜，所以快取用得多，數值就高。${notes.estimate}`,
    },
    runningTotal: {
      title: "累計費用",
      description: `從範圍起點開始的美元，逐個間隔累加，因此不會下降。${notes.estimate}${notes.bars}`,
    },
  },
  usage: {
    row: "用量",
    tokens: {
      title: "Token 數",
      description: `範圍內所有類型的 Token：輸入、輸出、讀取快取與寫入快取。失敗的請求不會回報。`,
    },
    tokensByType: {
      title: "各類型 Token",
      description: "範圍內的 Token，依類型區分。通常以快取讀取最多，單價只有輸入的十分之一。",
    },
    linesAdded: {
      title: "新增行數",
      description: "成功的編輯所新增的行數。整份寫入的檔案會比編輯器顯示的多一行。看不到由 shell 指令寫入的行。",
    },
    linesRemoved: {
      title: "刪除行數",
      description: "成功的編輯所刪除的行數。看不到由 shell 指令刪除的檔案。",
    },
    linesNet: {
      title: "淨增行數",
      description: "範圍內新增行數減去刪除行數；刪除較多時為負數。",
    },
    commits: {
      title: "提交數",
      description: `範圍內 Claude Code 成功的提交 (commit)。看不到人員自己做的提交。${notes.noModel}`,
    },
    pullRequests: {
      title: "Pull Request 數",
      description: `範圍內由 Claude Code 建立的 Pull Request 或 Merge Request。${notes.noModel}`,
    },
    sessions: {
      title: "啟動的工作階段",
      description: `範圍內用戶端的啟動次數，包含繼續先前的工作階段；/clear 不算新的工作階段。${notes.noModel}`,
    },
    activeSessions: {
      title: "進行中的工作階段",
      description: "在範圍終點前 10 分鐘內有成功請求的工作階段。",
    },
  },
  live: {
    row: "即時活動",
    lines: {
      title: "每分鐘行數",
      description: `每分鐘變更的行數，依類型區分，為每個間隔的平均值。${notes.bars}`,
    },
    tokens: {
      title: "每分鐘 Token 數",
      description: `每分鐘的 Token，依類型區分，為每個間隔的平均值。${notes.bars}`,
    },
  },
  users: {
    row: "使用者",
    total: {
      title: "使用者數",
      description:
        "範圍內有成功請求的使用者。沒有設定 user 的人，以電子郵件、帳號或安裝計算；同時有其中兩種的人會算兩次。",
    },
    activeToday: {
      title: "今日活躍",
      description: `從儀表板時區的午夜起有成功請求的使用者。${notes.relativeRange}`,
    },
    average: {
      title: "每位使用者平均費用",
      description: `範圍內的美元，除以其間有成功請求的使用者數。${notes.estimate}`,
    },
    shareActive: {
      title: "今日活躍比例",
      description: `從午夜起有請求的使用者，占最近 30 天內有請求者的比例。${notes.relativeRange}`,
    },
    leaderboard: {
      title: "排行榜",
      description: `範圍內有任何活動的所有人。例如沒有提交的人也會列出，該欄留空。快取命中率是輸入 Token 中來自快取的比例。${notes.estimate}`,
      columns: {
        user: "使用者",
        cost: "費用",
        tokens: "Token 數",
        sessions: "工作階段",
        lines: "行數",
        commits: "提交數",
        cacheHit: "快取命中率",
      },
    },
    cost: {
      title: "各使用者費用",
      description: `範圍內費用最高的 20 位使用者，以美元計。${notes.estimate}`,
    },
    models: {
      title: "各使用者的模型",
      description: `範圍內的美元，依使用者和模型區分。${notes.estimate}`,
      columns: { user: "使用者", model: "模型", cost: "費用" },
    },
    tools: {
      title: "各使用者的編輯工具",
      description: `範圍內對編輯的決定，依使用者和工具區分。不編輯檔案的工具不在指標之中。${notes.noModel}`,
      columns: { user: "使用者", tool: "工具", decisions: "決定數" },
    },
  },
  location: {
    row: "地點",
    cost: {
      title: "各地點費用",
      description: `範圍內的美元，依用戶端所設定的地點區分。${notes.withoutLabel}${notes.estimate}`,
    },
    tokens: {
      title: "各地點 Token",
      description: `範圍內的 Token，依地點區分。${notes.withoutLabel}`,
    },
    devices: {
      title: "各裝置工作階段",
      description: `範圍內啟動的工作階段，依裝置區分。${notes.withoutLabel}${notes.noModel}`,
    },
    trend: {
      title: "各地點費用趨勢",
      description: `每個間隔的美元，依地點堆疊。${notes.estimate}${notes.bars}`,
    },
    table: {
      title: "地點一覽",
      description: `範圍內有活動的所有地點。地點空白是沒有此標籤的用量。${notes.estimate}`,
      columns: { location: "地點", cost: "費用", users: "使用者", tokens: "Token 數", sessions: "工作階段" },
    },
  },
};
