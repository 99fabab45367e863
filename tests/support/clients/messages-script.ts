/** Tokens of one answer, by the types that the Messages API bills. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written to the cache for five minutes. */
  readonly cacheCreation5m: number;
  /** Written to the cache for one hour. */
  readonly cacheCreation1h: number;
}

/** What a second model, which the first one asked for advice, is billed for within the same answer. */
export interface Advice {
  readonly model: string;
  readonly usage: Usage;
}

/** A tool that the answer asks the client to run. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One answer of the scripted API. */
export type Turn =
  | {
      readonly kind: "answer";
      readonly text: string;
      readonly tools: readonly ToolCall[];
      readonly usage: Usage;
      /** Whether the model refused. Default false. */
      readonly refused?: boolean;
      /** Whether the answer never ends: it stands still after its text. Default false. */
      readonly endless?: boolean;
      /** Default none. */
      readonly advice?: Advice;
    }
  | { readonly kind: "error"; readonly status: number; readonly errorType: string };

/** What the API answers, in order, to requests whose newest prompt holds {@link promptFor} this name. */
export interface SessionScript {
  readonly name: string;
  readonly turns: readonly Turn[];
}

/** A prompt that selects a script. */
export function promptFor(scriptName: string): string {
  return `Please carry out the test script. [script:${scriptName}]`;
}

/** Name of the script that a text selects, or `undefined`. */
export function scriptNameIn(text: string): string | undefined {
  return /\[script:([\w-]+)\]/.exec(text)?.[1];
}

/** A plain answer that ends the client's turn. */
export function answer(text: string, usage: Usage): Turn {
  return { kind: "answer", text, tools: [], usage };
}

/** An answer for which the model asked another one, by the advisor tool of the API. */
export function advisedAnswer(usage: Usage, advice: Advice): Turn {
  return { kind: "answer", text: "Done.", tools: [], usage, advice };
}

/** An answer that stands still after its text, until the client hangs up. */
export function endlessAnswer(usage: Usage): Turn {
  return { kind: "answer", text: "So far.", tools: [], usage, endless: true };
}

/** An answer in which the model refuses. */
export function refusal(usage: Usage): Turn {
  return { kind: "answer", text: "No.", tools: [], usage, refused: true };
}

/** An answer that asks for tools; the client then sends their results in a new request. */
export function toolUse(tools: readonly ToolCall[], usage: Usage): Turn {
  return { kind: "answer", text: "Using tools.", tools, usage };
}

/** An error answer, e.g. 529 `overloaded_error`; the client retries some of them. */
export function errorTurn(status: number, errorType: string): Turn {
  return { kind: "error", status, errorType };
}

/** Writes a new file of `lines` lines. The text does not end in a newline, so the client counts exactly `lines`. */
export function writeFile(filePath: string, lines: number): ToolCall {
  const content = Array.from({ length: lines }, (_, index) => `line ${index + 1}`).join("\n");
  return { name: "Write", input: { file_path: filePath, content } };
}

/** Replaces the single line `line N` by `newLines` lines: `newLines` added, one removed. */
export function editLine(filePath: string, lineNumber: number, newLines: number): ToolCall {
  const replacement = Array.from({ length: newLines }, (_, index) => `new ${lineNumber}.${index + 1}`).join("\n");
  return {
    name: "Edit",
    input: { file_path: filePath, old_string: `line ${lineNumber}\n`, new_string: `${replacement}\n` },
  };
}

/** Runs a shell command. */
export function bash(command: string): ToolCall {
  return { name: "Bash", input: { command, description: "Run a scripted command" } };
}

/** Commits everything in the client's working directory, which must be a git repository. */
export function gitCommit(message: string): ToolCall {
  return bash(`git add -A && git -c user.name=test -c user.email=test@localhost commit -q -m "${message}"`);
}

/** Hands a script to a subagent, and waits for it (by default it would run in the background and wake the client). */
export function subagent(scriptName: string): ToolCall {
  return {
    name: "Agent",
    input: {
      description: "Scripted work",
      prompt: promptFor(scriptName),
      subagent_type: "general-purpose",
      run_in_background: false,
    },
  };
}
