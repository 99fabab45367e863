import type { notes as english } from "../en/notes";

/** Sentences that several descriptions share. */
export const notes: Readonly<Record<keyof typeof english, string>> = {
  estimate: "費用由用戶端依定價估算，可能與帳單不同。",
  delay: "用戶端約每分鐘回報一次，最近一分鐘的資料可能還在路上。",
  bars: "長條從它所標示的時間開始。",
  relativeRange:
    "時間選擇器若選了過去的固定日期，這裡就不顯示資料，否則 Grafana 顯示的會是那段日期，而不是標題所說的期間。",
  withoutLabel: "沒有此標籤的用量顯示為「未設定」，因此各長條加總等於總量。",
  counted: "由收集器在事件送達時計數：用戶端若重送已被接受的匯出，會計算兩次。",
  ignoresModel: "所選的模型沒有作用：提示沒有模型。",
  interpolated: "分位數由分組估算，假設值在一個分組內均勻分布。",
  distribution: "分位數涵蓋範圍內所有的值，由分組估算：假設值在一個分組內均勻分布，超過最後一個界限時則顯示該界限。",
  spans: "資料來自 span：不送追蹤的用戶端不在其中。",
  noModel: "用戶端不會依模型回報這一項：選了模型就沒有資料。",
};
