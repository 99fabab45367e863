import { schema, wire } from "../../../synthetic/otlp/protobuf";

/** Wherever something begins in an encoded message: what a cut or a lie can be about. */
export interface Boundary {
  readonly kind: "tag" | "length" | "value";
  readonly offset: number;
}

/** All boundaries of an encoded message, outer and inner. */
export function boundaries(message: string, buffer: Buffer, start = 0, end = buffer.length): Boundary[] {
  const found: Boundary[] = [];
  let position = start;
  const read = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = buffer[position++] ?? 0;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (position < end) {
    found.push({ kind: "tag", offset: position });
    const key = read();
    const type = Object.values(schema[message] ?? {}).find(([number]) => number === Math.floor(key / 8))?.[1] ?? "";
    if (key % 8 === wire.bytes) {
      found.push({ kind: "length", offset: position });
      const length = read();
      found.push({ kind: "value", offset: position });
      found.push(...(type in schema ? boundaries(type, buffer, position, position + length) : []));
      position += length;
    } else {
      found.push({ kind: "value", offset: position });
      position += { [wire.fixed64]: 8, [wire.fixed32]: 4 }[key % 8] ?? 0;
      if (key % 8 === wire.varint) {
        read();
      }
    }
  }
  return found;
}
