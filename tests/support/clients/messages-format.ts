import type { Turn, Usage } from "./messages-script";

/** An answer turn together with what identifies it on the wire. */
export interface OutgoingMessage {
  readonly id: string;
  readonly model: string;
  readonly turn: Extract<Turn, { kind: "answer" }>;
}

/** The body of a non-streaming answer. */
export function messageBody(message: OutgoingMessage): Record<string, unknown> {
  return { ...envelope(message), content: contentBlocks(message), ...stopFields(message), usage: usageFields(message) };
}

/** The server-sent events of a streaming answer, ready to be written. */
export function messageEvents(message: OutgoingMessage): string {
  const events: [string, Record<string, unknown>][] = [
    [
      "message_start",
      {
        message: {
          ...envelope(message),
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { ...usageFields(message), output_tokens: 1 },
        },
      },
    ],
  ];
  contentBlocks(message).forEach((block, index) => {
    const [start, delta] = blockParts(block);
    events.push(["content_block_start", { index, content_block: start }]);
    events.push(["content_block_delta", { index, delta }]);
    events.push(["content_block_stop", { index }]);
  });
  if (message.turn.endless !== true) {
    events.push(["message_delta", { delta: stopFields(message), usage: usageFields(message) }]);
    events.push(["message_stop", {}]);
  }
  return events.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`).join("");
}

/** The body of an error answer. */
export function errorBody(errorType: string, message: string): Record<string, unknown> {
  return { type: "error", error: { type: errorType, message } };
}

type ContentBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

function envelope({ id, model }: OutgoingMessage): Record<string, unknown> {
  return { id, type: "message", role: "assistant", model };
}

function contentBlocks({ id, turn }: OutgoingMessage): ContentBlock[] {
  return [
    { type: "text", text: turn.text },
    ...turn.tools.map((tool, index) => ({
      type: "tool_use" as const,
      id: `toolu_${id.replace(/\W/g, "")}_${index}`,
      name: tool.name,
      input: tool.input,
    })),
  ];
}

/** A block as it starts (empty), and the one delta that fills it. */
function blockParts(block: ContentBlock): [object, object] {
  return block.type === "text"
    ? [
        { type: "text", text: "" },
        { type: "text_delta", text: block.text },
      ]
    : [
        { ...block, input: {} },
        { type: "input_json_delta", partial_json: JSON.stringify(block.input) },
      ];
}

function stopFields({ turn }: OutgoingMessage): Record<string, unknown> {
  const reason = turn.tools.length > 0 ? "tool_use" : "end_turn";
  return { stop_reason: turn.refused === true ? "refusal" : reason, stop_sequence: null };
}

function usageFields({ turn }: OutgoingMessage): Record<string, unknown> {
  const { usage, advice } = turn;
  const fields = tokenFields(usage);
  const iterations = advice && [
    { type: "message", ...fields },
    { type: "advisor_message", model: advice.model, ...tokenFields(advice.usage) },
  ];
  return { ...fields, ...(iterations && { iterations }), service_tier: "standard" };
}

function tokenFields(usage: Usage): Record<string, unknown> {
  return {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheCreation5m + usage.cacheCreation1h,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheCreation5m,
      ephemeral_1h_input_tokens: usage.cacheCreation1h,
    },
  };
}
