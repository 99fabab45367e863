import type { Text } from "../text";

/** Words of the dashboard about the monitoring itself. */
export const trust: Text["trust"] = {
  title: "這些數字可信嗎？",
  description: "用戶端送出的資料是否已送達、已儲存，而且加總相符。",
  arrival: {
    row: "送達",
    lastData: {
      title: "距上次收到資料",
      description:
        "各種訊號距收集器上次收到的時間。夜間和週末沒有資料是正常的。每個活躍的用戶端每分鐘送一次指標，每 5 秒送一次事件。",
      metrics: "指標",
      events: "事件",
      traces: "追蹤",
    },
    received: {
      title: "收集器已接收",
      description: "每個間隔內接受的資料點、事件和 span。由各收集器的計數器加總。",
      metrics: "資料點",
      events: "事件",
      traces: "span 數",
    },
    refused: {
      title: "收集器已拒收",
      description:
        "範圍內因記憶體不足或佇列已滿而被收集器拒收的資料點。用戶端會重試約 8 秒，之後就丟棄。只要大於 0，就可能少算了錢。",
    },
    marked: {
      title: "時鐘錯誤或使用累計計數器的用戶端",
      description:
        "最近 7 天內，必須由收集器修正的用戶端所花費的美元，依使用者區分。使用累計計數器的用戶端應改為 delta；錯誤的時鐘應調正，否則用量會算在送達的時間。",
      columns: { user: "使用者", clock: "時鐘", temporality: "時序性", cost: "費用" },
    },
  },
  queue: {
    row: "佇列",
    size: {
      title: "傳送佇列",
      description: "收集器磁碟上的佇列用了多少。Prometheus 停機時會累積，之後再消化；佇列滿了，收集器就會拒收。",
    },
    failed: {
      title: "傳送失敗",
      description:
        "每個間隔內，確定無法送入 Prometheus 的資料點：因同一時間已有不同的值、太舊或時間太超前而遭拒。停機不算在內：會不斷重試。",
    },
  },
  stores: {
    row: "事件與追蹤",
    refused: {
      title: "收集器拒收的事件和 span",
      description:
        "範圍內因記憶體不足或佇列已滿而被收集器拒收的事件和 span。用戶端會重試約 8 秒，之後就丟棄。費用由指標計算，不受影響。",
      events: "事件",
      spans: "span 數",
    },
    failed: {
      title: "途中遺失的事件和 span",
      description: "範圍內確定無法送達 Loki、Tempo 或收集器自身計數的事件和 span。停機不算在內：會不斷重試。",
      events: "事件",
      spans: "span 數",
    },
  },
  reconciliation: {
    row: "指標與事件對照",
    lost: {
      title: "沒有無害原因的缺漏",
      description:
        "最近 24 小時內，指標有而事件沒有，或事件有而指標沒有，且無法以程序遭強制終止或時鐘修正來解釋的美元；完全沒有事件的工作階段不計入。計算到幾分鐘之前，因為資料可能還在路上。0 或沒有資料才正確；相關的工作階段列在下方。",
    },
    users: {
      title: "各使用者的兩本帳，最近 7 天",
      description:
        "同樣的用量，一邊依指標，一邊依事件。指標帶有匯出的時間，因此進行中的工作階段可能有最多一分鐘的用量只在其中一邊。沒有事件數字的使用者關閉了事件。",
      columns: {
        user: "使用者",
        costMetrics: "指標的費用",
        costEvents: "事件的費用",
        costDifference: "費用相差",
        tokensMetrics: "指標的 Token",
        tokensEvents: "事件的 Token",
        tokensDifference: "Token 相差",
      },
    },
    days: {
      title: "各使用者每日相差",
      description:
        "使用者的兩本帳在某個 UTC 日子相差的美元，不分方向；相符的使用者和沒有事件的使用者不列出。跨越午夜的工作階段，可能有最多一分鐘的用量移到另一天。沒有資料才正確。",
    },
    tokenDays: {
      title: "各使用者每日相差的 Token",
      description: "同上，以 Token 計。Token 有差異而美元沒有，原因是用戶端沒有該模型的價格。",
    },
    sessions: {
      title: "最近 24 小時兩本帳不符的工作階段",
      description:
        "指標的費用減去事件的費用，只計確定的部分：在這 24 小時內結束的工作階段全部計入；仍在進行、或跨越起點的工作階段，只計無法以路上的匯出來解釋的部分。計算到幾分鐘之前。遭強制終止的程序最多損失一分鐘的指標；完全沒有事件的工作階段關閉了事件，或全部遺失。",
      columns: {
        session: "工作階段",
        user: "使用者",
        team: "團隊",
        cause: "可能原因",
        difference: "差額",
        metrics: "指標的費用",
        events: "事件的費用",
      },
      causes: {
        noEvents: "完全沒有事件",
        corrected: "時鐘或時序性已修正",
        killed: "程序遭強制終止",
        lost: "遺失",
      },
    },
  },
  storage: {
    row: "儲存",
    refusedSamples: {
      title: "Prometheus 拒收的樣本",
      description:
        "範圍內，Prometheus 因早於 prometheus.outOfOrderWindow 或超出界限而拒收的樣本，以及連同所有樣本一起拒收的請求：原因同上，或同一時間點已有不同的值。寫入失敗表示磁碟已滿或損壞：這時 Prometheus 仍會收下樣本，卻一筆也不存。只要大於 0，就有資料遺失。",
      tooOld: "太舊",
      outOfBounds: "超出界限",
      requests: "請求",
      failedWrites: "寫入失敗",
    },
    late: {
      title: "遲到的樣本",
      description: "每個間隔內遲到、但仍存入正確位置的樣本。停機之後，資料就是這樣補回來的。",
    },
    series: {
      title: "記憶體中的時間序列",
      description: "Prometheus 保存在記憶體中的時間序列。隨工作階段增加，每兩小時下降一次。",
    },
    backups: {
      title: "距上次備份的時間",
      description:
        "每個儲存距最新一份完整備份的時間，最多回溯一個月。沒有資料表示備份已關閉（backup.enabled），或沒有任何備份完成。Prometheus 停機時完成的備份不會顯示在這裡。",
    },
  },
  rollups: {
    row: "彙總與原始資料對照",
    difference: {
      title: "彙總的差異",
      columns: { signal: "訊號", scope: "範疇", step: "間隔", difference: "差異" },
      description:
        "最近一個已定案的日子，費用與 token：各彙總減去其計算來源。空白的表格才正確。出現資料列表示中斷的時間比補記的各輪更長；如何重新計算該時段，請見 docs/operations.md。",
    },
    differing: {
      title: "有差異的彙總數",
      description:
        "最近一個已定案的日子，有多少費用與 token 的彙總和其計算來源不同。0 才正確；下方的表格列出其他的。每小時檢查一次。",
    },
    late: {
      title: "補記的遲到金額",
      description:
        "範圍內在所屬的五分鐘評估之後才送達的美元。彙總在補記的那一輪找到時記入：2、6 或 30 小時之後，或 8 天之後。",
    },
    evaluated: {
      title: "已評估的時間窗",
      description:
        "最近一天的五分鐘時間窗中，準時評估的比例。低於 100 % 表示 Prometheus 曾經停機；漏掉的部分由後續幾輪補記。",
    },
  },
};
