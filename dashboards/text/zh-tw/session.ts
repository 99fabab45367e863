import type { Text } from "../text";
import { notes } from "./notes";

const fromEvents = "資料來自事件：關閉事件的用戶端沒有資料。";
const lines = "展開一行，即可看到該事件的所有欄位，以及通往其追蹤的連結。";

/** Words of the dashboard about a single session. */
export const session: Text["session"] = {
  title: "Claude Code 工作階段",
  description: "單一工作階段花費多少、做了什麼，逐一列出每個請求。",
  variable: "工作階段",
  link: "顯示此工作階段",
  summary: {
    row: "此工作階段",
    cost: {
      title: "此工作階段的費用",
      description: `範圍內的美元，包含使用過此工作階段的所有程序。${notes.estimate}`,
    },
    requests: {
      title: "已回應的請求",
      description: `範圍內得到回應的請求數，包含子代理的請求。${fromEvents}`,
    },
    duration: {
      title: "首個到最後一個請求",
      description: `範圍內首個與最後一個請求之間的時間，精確到分鐘，包含中間的停頓。${fromEvents}`,
    },
    tokens: {
      title: "各類型 Token",
      description: "範圍內的 Token。從快取讀取的部分，每個請求都會再送一次，費用為十分之一。",
    },
    models: { title: "各模型的費用", description: `範圍內的美元，依模型區分。${notes.estimate}` },
  },
  course: {
    row: "經過",
    cost: {
      title: "各來源費用的變化",
      description: `每個間隔的美元，依發出請求的用戶端部分區分，並計在請求本身的時間。${fromEvents}`,
    },
    context: {
      title: "每個請求的上下文",
      description: `隨請求送出的 Token，包含新的與快取的，依來源與模型區分：取每個間隔的最後一個請求。上下文會逐次增加，壓縮或清除之後下降。${fromEvents}`,
    },
    compactions: {
      title: "上下文壓縮",
      description: "每個間隔內壓縮上下文的次數，依觸發原因區分。",
    },
  },
  timeline: {
    row: "逐步經過",
    columns: {
      event: "事件",
      source: "來源",
      model: "模型",
      cost: "美元",
      input: "輸入 Token",
      cacheRead: "讀自快取",
      output: "輸出 Token",
      tool: "工具",
      duration: "毫秒",
      decision: "決定",
      success: "成功",
    },
    steps: {
      title: "提示、請求與工具",
      description: "此工作階段中發生的事，最新的在前：範圍內最新的 1000 個事件。",
      link: "此工作階段的所有事件",
    },
    edits: {
      title: "編輯",
      description: "用戶端自己的檔案修改工具的結果，最新的在前。",
    },
    tools: {
      title: "工具執行時間",
      description: "範圍內各工具執行了多久；同時執行的會相加。",
    },
    errors: {
      title: "錯誤",
      description: `失敗或遭拒的請求、未成功的工具與 hook，以及用戶端本身的錯誤。${lines}`,
    },
    traces: {
      title: "此工作階段的追蹤",
      description: "範圍內含有此工作階段 span 的追蹤，最多 100 個：每個提示一個。",
    },
  },
};
