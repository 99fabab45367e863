import type { Text } from "../text";
import { notes } from "./notes";

const attribution = "沒有這類名稱的部分顯示為「未歸屬」，因此各長條加總等於總量。";
const ownNames = "除非開啟 OTEL_LOG_TOOL_DETAILS，否則用戶端會替換第三方的名稱。";

/** Words of the dashboard about money. */
export const spend: Text["spend"] = {
  title: "Claude Code 支出",
  description: "錢花在哪裡、最後會花到多少，以及用戶端自己的數字是否可信。",
  notAttributed: "未歸屬",
  notSet: "未設定",
  month: {
    row: "本月",
    monthToDate: {
      title: "本月至今",
      description: `從儀表板時區的本月一日起的美元。${notes.estimate}${notes.relativeRange}`,
    },
    forecast: {
      title: "本月預測",
      description: `本月至今的金額，加上剩餘天數依最近 28 個完整日（或自首次使用以來各日）的平均值推算。高、低各相差每日費用的兩個標準差：大約二十個月中有一個月會落在範圍之外。本月使用習慣的改變無法預知。${notes.relativeRange}`,
      low: "低",
      expected: "預期",
      high: "高",
    },
    budgetUsed: {
      title: "預算使用率",
      description: `本月至今的金額占堆疊設定 budgets.monthly 的比例。${notes.estimate}${notes.relativeRange}`,
      off: "尚未設定預算。在堆疊設定中設定 budgets.monthly，即可看到使用率。",
    },
    lastSevenDays: {
      title: "最近 7 天",
      description: `最近 7 天的美元。${notes.estimate}`,
    },
    sevenDaysBefore: {
      title: "再之前的 7 天",
      description: `最近 7 天之前那 7 天的美元：相同的星期、相同的長度。${notes.estimate}`,
    },
    weekChange: {
      title: "與前一週相比",
      description: "最近 7 天相對於再之前 7 天的變化。之前沒有花費時沒有資料。",
    },
  },
  breakdown: {
    row: "花在誰與什麼",
    team: { title: "各團隊費用", description: `範圍內的美元。${notes.withoutLabel}${notes.estimate}` },
    user: {
      title: "各使用者費用",
      description: `範圍內費用最高的 20 位使用者，以美元計。${notes.estimate}`,
    },
    repository: {
      title: "各儲存庫費用",
      description: `範圍內費用最高的 20 個儲存庫。儲存庫是啟動用戶端的資料夾中遠端「origin」的儲存庫；只取最後一段名稱，因此不同擁有者的同名儲存庫會加在一起。${attribution}${notes.estimate}`,
    },
    source: {
      title: "主要、子代理、輔助",
      description: `範圍內的美元，依發出請求的用戶端部分區分；輔助是摘要之類的請求。${notes.estimate}`,
    },
    skill: {
      title: "各技能費用",
      description: `技能作用期間所發出請求的美元。${attribution}${ownNames}`,
    },
    agent: {
      title: "各代理費用",
      description: `子代理請求的美元，依代理區分；團隊自訂的代理一律是「custom」。${attribution}${ownNames}`,
    },
    plugin: {
      title: "各外掛程式費用",
      description: `由外掛程式的技能或代理所發出請求的美元。${attribution}${ownNames}`,
    },
    effort: {
      title: "各 effort 等級費用",
      description: `範圍內的美元，依 effort 設定區分。沒有此設定的模型為「未歸屬」。${notes.estimate}`,
    },
    topSessions: {
      title: "最近 24 小時費用最高的工作階段",
      description: `範圍終點前 24 小時內花費最多的 20 個工作階段。繼續的工作階段保留原本的 ID。${notes.estimate}`,
      columns: { session: "工作階段", user: "使用者", team: "團隊", repository: "儲存庫", cost: "費用" },
    },
  },
  prices: {
    row: "價格",
    cacheSavings: {
      title: "快取節省的費用",
      description:
        "範圍內讀取快取依定價節省的美元，減去寫入快取的加價。一小時的快取寫入比這裡計算的更貴：用戶端不會分開回報。沒有定價的模型不計入。",
    },
    unpriced: {
      title: "沒有定價的 Token",
      description: "價格表中沒有的模型所用的 Token。用戶端的費用包含這些 Token，依價格表計算的數字則不包含。",
    },
    comparison: {
      title: "用戶端費用與價格表對照",
      description:
        "用戶端自己的數字、相同 Token 依價格表定價的金額，以及兩者的差額。差額來自一小時的快取寫入、快速模式、使用網頁搜尋的請求、用戶端的折扣，或讀取價格表之後的價格變動。",
      columns: { model: "模型", client: "用戶端", table: "價格表", difference: "差額" },
    },
  },
  seats: {
    row: "席次",
    value: {
      title: "定價價值",
      description: "範圍內的用量依定價會是多少錢。採用席次方案時，不會有人依這個數字付費。",
    },
    cost: {
      title: "席次價格",
      description: "席次數乘以每月價格，再依範圍占一個月的比例計算。",
    },
    factor: {
      title: "每一美元席次換得的價值",
      description: "定價價值除以席次價格。低於 1 表示改用 API 會更便宜。",
    },
    used: {
      title: "席次使用率",
      description: "範圍內有成功請求的使用者占席次的比例。",
    },
  },
};
