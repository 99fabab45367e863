/** The wire types of protobuf that are needed here. */
const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** A message out of its fields. */
export function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** A field that holds a message or bytes. */
export function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([tag(field, wireTypes.bytes), number(value.length), value]);
}

/** A field that holds text. */
export function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

/** A field that holds a whole number or a boolean. */
export function varint(field: number, value: number): Buffer {
  return Buffer.concat([tag(field, wireTypes.varint), number(value)]);
}

/** A field that holds a number of 64 bits. */
export function fixed64(field: number, value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return Buffer.concat([tag(field, wireTypes.fixed64), buffer]);
}

/** A field that holds a floating-point number. */
export function double(field: number, value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return Buffer.concat([tag(field, wireTypes.fixed64), buffer]);
}

function tag(field: number, wireType: number): Buffer {
  return number(field * 8 + wireType);
}

function number(value: number): Buffer {
  const groups: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) {
    groups.push((rest % 128) + 128);
  }
  return Buffer.from([...groups, rest]);
}
