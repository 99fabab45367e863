import { eventAttributes, pointAttributes, resourceAttributes, spanAttributes } from "../../telemetry/attributes";
import { contentKinds } from "../../telemetry/content-kinds";
import { dropped } from "../../telemetry/dropped";
import { withMarked } from "./marks";

const width = 118;
const code = (names: Iterable<string>) => [...new Set(names)].map((name) => `\`${name}\``).join(", ");
const but = (names: readonly string[], ...lists: readonly (readonly string[])[]) =>
  names.filter((name) => !lists.some((list) => list.includes(name)));

/** A document with lists of all attributes, stored and dropped, between its markers, before formatting. */
export function withAttributes(document: string): string {
  const shared = eventAttributes.filter((name) =>
    [pointAttributes, spanAttributes].every((list: readonly string[]) => list.includes(name)),
  );
  const stored: Readonly<Record<string, readonly string[]>> = {
    Resource: resourceAttributes,
    "Points, events and spans": shared,
    "Points also": but(pointAttributes, shared),
    "Events also": but(eventAttributes, shared),
    "Spans also": but(spanAttributes, shared),
  };
  const lines = [
    "### Stored",
    "",
    ...Object.entries(stored).map(([on, names]) => block(`${on}:`, names)),
    "",
    "### Stored by their kind of contents alone",
    "",
    ...Object.entries(contentKinds).map(
      ([kind, { clientSwitch, eventAttributes: ofEvents, spanAttributes: ofSpans }]) =>
        block(`\`${kind}\`, from clients with \`${clientSwitch}\`:`, [...ofEvents, ...ofSpans]),
    ),
    "",
    "### Dropped on purpose",
    "",
    ...dropped.map(({ names, on, reason }) => item(`**${reason}.** On ${on}: ${code(names)}`)),
  ];
  return withMarked(document, "attributes", lines.join("\n"));
}

/** Names below what they are, as they are. */
function block(title: string, names: Iterable<string>): string {
  return [title, "", "```text", wrapped([...new Set(names)], ""), "```", ""].join("\n");
}

/** An item of a list. */
function item(text: string): string {
  return wrapped(`- ${text}`.split(" "), "  ");
}

/** Words in lines as long as the document's. */
function wrapped(words: readonly string[], indent: string): string {
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > width) {
      lines.push(indent + word);
    } else {
      lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    }
  }
  return lines.join("\n");
}
