import type { Text } from "../text";

const live = "直接由所顯示範圍內的事件計算；範圍較長時需要等待。";

/** Words of the dashboard about single events. */
export const events: Text["events"] = {
  title: "Claude Code 事件",
  description: "用戶端送出的每一個事件，可供查閱。",
  variables: { event: "事件", session: "工作階段開頭", text: "文字" },
  counts: {
    row: "數量",
    overTime: { title: "事件數的變化", description: `每個間隔的事件數，依名稱區分。${live}` },
    byEvent: { title: "各名稱的事件數", description: `範圍內的事件數，依名稱區分。${live}` },
    byUser: { title: "各使用者的事件數", description: `範圍內的事件數，依使用者區分。${live}` },
    cost: {
      title: "這些事件的費用",
      description:
        "所選事件中各請求的美元，依模型區分：即事件本身所記載的金額。只有選取所有事件時，才等於使用者的費用。",
    },
  },
  list: {
    row: "逐一檢視",
    rows: {
      title: "事件",
      description:
        "範圍內最新的 1000 個事件，最新的在前。文字會在工具、模型、來源、技能、外掛程式、代理、決定、錯誤和指令中尋找，不分大小寫。",
      columns: {
        event: "事件",
        user: "使用者",
        team: "團隊",
        session: "工作階段",
        model: "模型",
        tool: "工具",
        cost: "美元",
        duration: "毫秒",
        error: "錯誤",
      },
    },
    logs: {
      title: "所有欄位",
      description: "同樣的事件，以行顯示。展開一行，即可看到該事件的所有欄位，以及通往其追蹤的連結。",
    },
  },
};
