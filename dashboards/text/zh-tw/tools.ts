import type { Text } from "../text";
import { notes } from "./notes";

/** Words of the dashboard about tools. */
export const tools: Text["tools"] = {
  title: "Claude Code 工具",
  description:
    "執行了哪些工具、是否成功、由誰放行，以及代理用了哪些擴充。資料來自事件與 span：不送的用戶端不在其中。可依團隊篩選；工具沒有模型，也不區分使用者。",
  calls: {
    row: "呼叫",
    count: {
      title: "工具呼叫",
      description: `範圍內已執行的呼叫；被拒絕的沒有執行。${notes.counted}`,
    },
    success: {
      title: "成功的呼叫",
      description: "已執行的呼叫中成功的比例。以錯誤結束的指令計為失敗，即使代理有意如此。沒有執行時不顯示資料。",
    },
    bytes: {
      title: "送入上下文的位元組",
      description: `範圍內工具交給模型的結果，以轉成 token 之前的位元組計。${notes.counted}`,
    },
    byTool: {
      title: "各工具的呼叫",
      description: `已執行的呼叫，依工具區分。MCP 伺服器的工具為「mcp_tool」；清單以外的名稱計為「other」。${notes.counted}`,
    },
    successByTool: {
      title: "各工具的成功率",
      description: "某工具已執行的呼叫中成功的比例。沒有執行的工具不顯示。",
    },
    bytesByTool: {
      title: "各工具送入上下文的位元組",
      description: `各工具交給模型的結果，以位元組計。${notes.counted}`,
    },
    duration: {
      title: "各工具的執行時間",
      description: `呼叫執行的秒數，不含等待人員的時間，包含失敗的呼叫。${notes.distribution}第一個分組到 0.01 秒，最後一個界限是 600 秒。`,
      columns: { tool: "工具", calls: "呼叫", mean: "平均", median: "中位數", p95: "第 95 百分位" },
    },
    trend: {
      title: "呼叫的變化",
      description: `每個間隔內已執行的呼叫，依工具區分。${notes.counted}${notes.bars}`,
    },
  },
  decisions: {
    row: "決定",
    accepted: {
      title: "人員接受的比例",
      description: "在由人員決定的呼叫中，被接受的比例。不計自動決定：那只會反映有多少是自動的。",
    },
    automatic: {
      title: "自動決定的比例",
      description: "由設定、hook 或人員先前訂下的規則所決定的呼叫，占所有決定的比例。",
    },
    byTool: {
      title: "各工具的決定",
      description: `範圍內對工具能否執行的決定：人員的，以及設定、hook 與先前訂下的規則的。橫線表示沒有。${notes.counted}`,
      columns: {
        tool: "工具",
        accepted: "人員接受",
        rejected: "人員拒絕",
        share: "人員接受的比例",
        automatic: "自動接受",
        refused: "自動拒絕",
      },
    },
    bySource: {
      title: "各來源的決定",
      description: `範圍內對工具的決定，依由誰決定、如何決定區分。${notes.counted}`,
    },
  },
  waiting: {
    row: "等待人員",
    count: {
      title: "詢問人員",
      description: `範圍內等待人員許可的呼叫。${notes.spans}${notes.counted}`,
    },
    mean: {
      title: "平均等待",
      description: `到人員決定為止的平均時間。一整夜沒有回答，就會蓋過一整天的快速回答。${notes.spans}`,
    },
    p95: {
      title: "等待，第 95 百分位",
      description: `100 次詢問中有 95 次在這段時間內決定。${notes.interpolated}超過一小時則顯示一小時。${notes.spans}`,
    },
    total: {
      title: "等待總計",
      description: `工具等待人員的時間總和；同時等待的代理各自計算。${notes.spans}${notes.counted}`,
    },
    trend: {
      title: "等待的變化",
      description: `每個間隔內等待的時間，依決定區分。等待結束時一次計入。${notes.spans}${notes.bars}`,
    },
  },
  extensions: {
    row: "MCP 伺服器、hook、技能與子代理",
    failed: {
      title: "失敗的 MCP 連線",
      description: "嘗試連線到 MCP 伺服器時失敗的比例。連線結束不算嘗試。沒有嘗試時不顯示資料。",
    },
    connections: {
      title: "各狀態的 MCP 連線",
      description: `範圍內 MCP 伺服器連線的結果。${notes.counted}`,
    },
    failedBy: {
      title: "各傳輸方式的 MCP 連線",
      description: `同上，依傳輸方式與伺服器的設定位置區分。不區分伺服器名稱。${notes.counted}`,
    },
    hooks: {
      title: "各事件的 hook",
      description: `已執行的 hook，依啟動它的事件與結果區分：blocking 表示 hook 禁止了即將發生的動作。${notes.counted}`,
    },
    skills: {
      title: "技能",
      description: `被啟用的技能。清單以外的名稱計為「other」。${notes.counted}`,
    },
    subagents: {
      title: "子代理",
      description: `已完成的子代理，依類型區分。清單以外的類型計為「other」。${notes.counted}`,
    },
  },
  context: {
    row: "上下文與未知的值",
    compactions: {
      title: "壓縮",
      description: `對話被壓縮的次數，依啟動方式與是否成功區分。${notes.counted}`,
      success: "成功：",
    },
    saved: {
      title: "壓縮省下的 token",
      description: `壓縮從上下文移除的 token：壓縮前減去壓縮後。不扣除壓縮本身的用量。${notes.counted}`,
    },
    trend: {
      title: "壓縮的變化",
      description: `每個間隔內的壓縮，依啟動方式區分。${notes.counted}${notes.bars}`,
    },
    folded: {
      title: "計為「other」的值",
      description: "標籤清單以外的值被計為「other」的次數，依標籤區分。數量多表示清單比用戶端舊：可由設定加入新的值。",
    },
  },
};
