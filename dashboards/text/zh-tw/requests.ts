import type { Text } from "../text";
import { notes } from "./notes";

/** Words of the dashboard about requests. */
export const requests: Text["requests"] = {
  title: "Claude Code 請求",
  description:
    "請求是否得到回應、多快，以及各花多少。資料來自事件：不送事件的用戶端不在其中。可依團隊與模型篩選，不區分使用者。",
  columns: {
    model: "模型",
    requests: "請求",
    mean: "平均",
    median: "中位數",
    p95: "第 95 百分位",
    p99: "第 99 百分位",
  },
  volume: {
    row: "數量",
    answered: {
      title: "已回應的請求",
      description: `範圍內 API 已回應的請求，包含用戶端的所有部分。${notes.counted}`,
    },
    prompts: {
      title: "提示",
      description: `由人員或程式給出的提示。${notes.ignoresModel}${notes.counted}`,
    },
    perPrompt: {
      title: "每個提示的請求",
      description: `每個提示帶來的已回應請求，包含子代理與輔助請求。沒有提示時不顯示資料。${notes.ignoresModel}`,
    },
    byModel: {
      title: "各模型的請求",
      description: `範圍內已回應的請求。看起來不像 Anthropic 模型的名稱計為「other」。${notes.counted}`,
    },
    bySource: {
      title: "各來源的請求",
      description: `主要對話 (main)、子代理 (subagent) 與輔助 (auxiliary，例如標題與摘要) 的已回應請求。${notes.counted}`,
    },
    trend: {
      title: "已回應請求的變化",
      description: `每個間隔內已回應的請求，依模型區分。${notes.counted}${notes.bars}`,
    },
  },
  latency: {
    row: "延遲",
    byModel: {
      title: "各模型的延遲",
      description: `從送出請求到回應結束的秒數，只計最後一次嘗試：不含兩次嘗試之間的等待，也不含沒有得到回應的請求。${notes.distribution}第一個分組到 0.25 秒，最後一個界限是 600 秒。`,
    },
    trend: {
      title: "延遲的變化",
      description: `每個間隔內，從送出請求到回應結束的秒數，所有模型合計：由該間隔的請求算出，而不是由其他分位數算出。${notes.interpolated}${notes.bars}`,
    },
  },
  firstToken: {
    row: "首個 token 的時間",
    byModel: {
      title: "各模型首個 token 的時間",
      description: `從送出請求到回應第一個 token 的秒數，只計最後一次嘗試。事件沒有說明的請求不在其中。${notes.distribution}第一個分組到 0.1 秒，最後一個界限是 120 秒。`,
    },
    trend: {
      title: "首個 token 時間的變化",
      description: `每個間隔內到第一個 token 的秒數，所有模型合計：由該間隔的請求算出，而不是由其他分位數算出。${notes.interpolated}${notes.bars}`,
    },
  },
  errors: {
    row: "錯誤",
    share: {
      title: "失敗的請求",
      description:
        "用戶端放棄的請求，占這些請求與已回應請求總和的比例。之後重試成功的失敗嘗試看不到。沒有請求時不顯示資料。",
    },
    exhausted: {
      title: "重試用盡",
      description: `範圍內用戶端在多次嘗試後放棄的請求，已包含在失敗的請求之中。${notes.counted}`,
    },
    refusals: {
      title: "模型拒絕",
      description: `範圍內模型拒絕的回應。${notes.counted}`,
    },
    refusalShare: {
      title: "模型拒絕的比例",
      description: "模型拒絕占已回應請求的比例。沒有已回應的請求時不顯示資料。",
    },
    byStatus: {
      title: "各狀態的失敗請求",
      description: `依 HTTP 狀態區分的失敗請求，完全沒有回應時為「none」，以及占所有請求（無論是否得到回應）的比例。${notes.counted}`,
      columns: { status: "狀態", errors: "失敗", share: "占所有請求" },
    },
    byModel: {
      title: "各模型的失敗請求",
      description: "某模型的請求中，用戶端放棄的比例，分母為放棄與已回應的總和。沒有請求的模型不顯示資料。",
    },
    trend: {
      title: "失敗請求的變化",
      description: `每個間隔內用戶端放棄的請求，依 HTTP 狀態區分。${notes.counted}${notes.bars}`,
    },
    shareTrend: {
      title: "失敗比例的變化",
      description: `每個間隔的請求中，用戶端放棄的比例。請求少的間隔起伏很大，沒有請求的間隔留白。${notes.bars}`,
      share: "失敗",
    },
  },
  cost: {
    row: "費用與上下文",
    byModel: {
      title: "各模型的費用與上下文",
      description: `一次請求的美元，以及隨之送出的 token：輸入與快取的內容。${notes.estimate}${notes.distribution}最後的界限是 10 美元與 1,000,000 個 token。`,
      cost: "平均費用",
      costP95: "費用，第 95 百分位",
      context: "平均上下文",
      contextP95: "上下文，第 95 百分位",
    },
    cost: {
      title: "每次請求費用的變化",
      description: `每個間隔內一次請求的美元，所有模型合計。${notes.estimate}${notes.interpolated}${notes.bars}`,
    },
    context: {
      title: "每次請求上下文的變化",
      description: `每個間隔內隨一次請求送出的 token：輸入與快取的內容。${notes.interpolated}${notes.bars}`,
    },
  },
};
