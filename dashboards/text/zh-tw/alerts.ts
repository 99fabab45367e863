import type { Text } from "../text";

const estimate = "依用戶端自己按定價的估算。";

/** Words of the alerts. Grafana fills in the names in double braces. */
export const alerts: Text["alerts"] = {
  groups: {
    day: "Claude Code：每日預算",
    month: "Claude Code：每月預算",
    usage: "Claude Code：異常用量",
    arrival: "Claude Code：資料送達",
    health: "Claude Code：監控系統狀態",
    ledgers: "Claude Code：數字一致性",
    sessions: "Claude Code：各工作階段的數字一致性",
  },
  contactPoint: "Claude Code 監控",
  muteTiming: "Claude Code 監控：不發送訊息",
  budgets: {
    warning: "即將用完",
    critical: "已用完",
    organisationDay: {
      name: "組織每日預算",
      summary: "今日預算已使用 {{ humanizePercentage $values.A.Value }}",
      description: `從午夜起，組織已使用 budgets.daily 的 {{ humanizePercentage $values.A.Value }}，${estimate}`,
    },
    organisationMonth: {
      name: "組織每月預算",
      summary: "本月預算已使用 {{ humanizePercentage $values.A.Value }}",
      description: `從本月一日起，組織已使用 budgets.monthly 的 {{ humanizePercentage $values.A.Value }}，${estimate}`,
    },
    teamDay: {
      name: "團隊每日預算",
      summary: "團隊 {{ $labels.team }} 已使用今日預算的 {{ humanizePercentage $values.A.Value }}",
      description: `從午夜起，團隊 {{ $labels.team }} 已使用其 budgets.teams 金額的 {{ humanizePercentage $values.A.Value }}，${estimate}`,
    },
    teamMonth: {
      name: "團隊每月預算",
      summary: "團隊 {{ $labels.team }} 已使用本月預算的 {{ humanizePercentage $values.A.Value }}",
      description: `從本月一日起，團隊 {{ $labels.team }} 已使用其 budgets.teams 金額的 {{ humanizePercentage $values.A.Value }}，${estimate}`,
    },
    userDay: {
      name: "使用者每日預算",
      summary: "{{ $labels.user }} 已使用每位使用者每日預算的 {{ humanizePercentage $values.A.Value }}",
      description: `從午夜起，{{ $labels.user }} 已使用 budgets.perUser.daily 的 {{ humanizePercentage $values.A.Value }}，${estimate}`,
    },
    userMonth: {
      name: "使用者每月預算",
      summary: "{{ $labels.user }} 已使用每位使用者每月預算的 {{ humanizePercentage $values.A.Value }}",
      description: `從本月一日起，{{ $labels.user }} 已使用 budgets.perUser.monthly 的 {{ humanizePercentage $values.A.Value }}，${estimate}`,
    },
    forecast: {
      name: "預測將超出每月預算",
      summary: "本月預計會用到預算的 {{ humanizePercentage $values.A.Value }}",
      description:
        "至今的花費，加上剩餘天數依最近四週的平均值推算，合計為 budgets.monthly 的 {{ humanizePercentage $values.A.Value }}。",
    },
  },
  usage: {
    spike: {
      name: "異常的一小時",
      summary: '最近一小時花費 {{ printf "%.2f" $values.A.Value }} 美元',
      description:
        '最近一小時花費 {{ printf "%.2f" $values.A.Value }} 美元：高於 alerting.minimumUsd，而且超過最近四週中每週同一小時最高金額的三倍。',
    },
    user: {
      name: "異常的使用者",
      summary: '{{ $labels.user }} 在 24 小時內花費 {{ printf "%.2f" $values.A.Value }} 美元',
      description:
        '最近 24 小時內，{{ $labels.user }} 花費 {{ printf "%.2f" $values.A.Value }} 美元：高於 alerting.minimumUsd、超過本人之前四週中有用量各日平均值的兩倍，而且高出該平均值四個標準差以上。',
    },
  },
  arrival: {
    nothingReceived: {
      name: "工作時間內沒有收到資料",
      summary: "現在是工作時間，卻沒有任何 Claude Code 用戶端回報",
      description:
        "工作時間內，沒有存入任何資料的時間已長得不尋常（兩小時，或較短工作日的一半），但最近一週內曾有用戶端回報。",
    },
    eventsMissing: {
      name: "缺少事件",
      summary: "用戶端有送出指標，但三小時內沒有送出事件",
      description: "最近三小時內收集器收到了指標，卻沒有收到任何一個事件。",
    },
    metricsMissing: {
      name: "缺少指標",
      summary: "用戶端有送出事件，但三小時內沒有送出指標",
      description: "最近三小時內收集器收到了事件，卻沒有收到任何一個資料點。現在的花費都沒有計入。",
    },
  },
  health: {
    collectorMissing: {
      name: "收集器失聯",
      summary: "有 {{ $values.A.Value }} 個收集器無法連線",
      description:
        "Prometheus 無法抓取 {{ $values.A.Value }} 個收集器的指標。其他收集器會接手；失聯者佇列中的資料，會在恢復後送達。",
    },
    collectorsDown: {
      name: "所有收集器停機",
      summary: "沒有任何收集器可以連線",
      description:
        "Prometheus 無法抓取任何收集器的指標。如果收集器已停機，用戶端會重試約 8 秒，之後就丟棄要回報的資料。",
    },
    prometheusDown: {
      name: "Prometheus 狀態異常",
      summary: "Prometheus 沒有回應，或沒有存下自己的指標",
      description:
        "Prometheus 沒有回應 Grafana，或最近幾分鐘沒有自己的指標。磁碟滿了的時候，它仍會回應，但什麼都不存。",
    },
    backupMissing: {
      name: "缺少備份",
      summary: "{{ $labels.store }} 超過 backup.maxAge 沒有備份",
      description:
        "{{ $labels.store }} 超過 backup.maxAge 沒有完成並回報的備份。如果現在失去磁碟區，上次備份之後的一切都會隨之遺失。",
    },
    lokiDown: {
      name: "Loki 停機",
      summary: "Loki 無法連線",
      description:
        "Prometheus 無法抓取 Loki 的指標。收集器會把事件留在磁碟上，待恢復後再送出；在此之前，工作階段和事件的儀表板不會有新內容。",
    },
    tempoDown: {
      name: "Tempo 停機",
      summary: "Tempo 無法連線",
      description:
        "Prometheus 無法抓取 Tempo 的指標。收集器會把追蹤留在磁碟上，待恢復後再送出；在此之前不會有新的追蹤。",
    },
    queueFilling: {
      name: "傳送佇列正在累積",
      summary: "有收集器的傳送佇列已使用 {{ humanizePercentage $values.A.Value }}",
      description:
        "用量最高的收集器，其磁碟上的佇列已使用 {{ humanizePercentage $values.A.Value }}：Prometheus 接收的速度跟不上用戶端送出的速度。目前還沒有資料遺失。",
    },
    queueFull: {
      name: "傳送佇列即將用滿",
      summary: "有收集器的傳送佇列已使用 {{ humanizePercentage $values.A.Value }}",
      description:
        "用量最高的收集器，其磁碟上的佇列已使用 {{ humanizePercentage $values.A.Value }}。佇列滿了之後，用戶端會遭拒，重試約 8 秒，之後就丟棄要回報的資料。",
    },
  },
  loss: {
    collectorRefuses: {
      name: "收集器拒收資料",
      summary: '收集器在 15 分鐘內拒收 {{ printf "%.0f" $values.A.Value }} 個資料點',
      description:
        '最近 15 分鐘內，收集器因記憶體不足或佇列已滿，拒收了 {{ printf "%.0f" $values.A.Value }} 個資料點。用戶端會重試約 8 秒，之後就丟棄。',
    },
    sendsFailed: {
      name: "資料在送往 Prometheus 途中遺失",
      summary: 'Prometheus 在 15 分鐘內確定拒收 {{ printf "%.0f" $values.A.Value }} 個資料點',
      description:
        '最近 15 分鐘內，收集器丟棄了 {{ printf "%.0f" $values.A.Value }} 個資料點，因為 Prometheus 拒絕了包含它們的請求。這些資料已遺失。',
    },
    samplesRefused: {
      name: "Prometheus 拒收樣本",
      summary: 'Prometheus 在 15 分鐘內拒收 {{ printf "%.0f" $values.A.Value }} 個樣本或請求',
      description:
        '最近 15 分鐘內，Prometheus 拒收了 {{ printf "%.0f" $values.A.Value }} 個樣本或整個請求：太舊、超出界限，或同一時間點已有不同的值。這些資料已遺失。',
    },
    eventsRefused: {
      name: "收集器拒收事件或 span",
      summary: '收集器在 15 分鐘內拒收 {{ printf "%.0f" $values.A.Value }} 個事件或 span',
      description:
        '最近 15 分鐘內，收集器因記憶體不足或佇列已滿，拒收了 {{ printf "%.0f" $values.A.Value }} 個事件或 span。用戶端會重試約 8 秒，之後就丟棄。',
    },
    eventsFailed: {
      name: "事件或 span 在途中遺失",
      summary: '收集器在 15 分鐘內丟棄 {{ printf "%.0f" $values.A.Value }} 個事件或 span',
      description:
        '最近 15 分鐘內，收集器丟棄了 {{ printf "%.0f" $values.A.Value }} 個事件或 span，因為 Loki、Tempo 或收集器自身的計數確定拒收。這些資料已遺失。',
    },
  },
  ledgers: {
    events: {
      name: "帳目不符：事件",
      summary: '最近 24 小時的指標與事件相差 {{ printf "%.2f" $values.A.Value }} 美元',
      description:
        '最近 24 小時的指標與事件相差 {{ printf "%.4f" $values.A.Value }} 美元，至今已持續一小時，而且無法以關閉事件、程序遭強制終止或時鐘修正來解釋：其中一邊遺失了資料。',
    },
    rollups: {
      name: "彙總與原始資料不符",
      summary:
        '最近一個已定案的日子，{{ $labels.signal }} 的 {{ $labels.rollup_step }} 彙總（層級 {{ $labels.scope }}）相差 {{ printf "%.3f" $values.A.Value }}',
      description:
        '最近一個已定案的日子，{{ $labels.signal }} 的 {{ $labels.rollup_step }} 彙總（層級 {{ $labels.scope }}）與其計算來源相差 {{ printf "%.3f" $values.A.Value }}。由該彙總回答的範圍，數字就會差這麼多。',
    },
    prices: {
      name: "費用與價格表不符",
      summary: "{{ $labels.model }}：用戶端的費用與價格表相差 {{ humanizePercentage $values.A.Value }}",
      description:
        "最近 7 天內，用戶端自己對 {{ $labels.model }} 的費用，與其 Token 依價格表定價的金額相差 {{ humanizePercentage $values.A.Value }}，且差額超過 alerting.minimumUsd。",
    },
  },
};
