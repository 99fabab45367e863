/**
 * Prometheus evaluates a rule group at evenly spaced instants, but not at multiples of its interval: a hash of the
 * group's name and file decides how far off (`Group.EvalTimestamp` in its source), so that groups do not all run at
 * once. Knowing the hash, `query_offset` moves the instants that are asked about back onto multiples.
 */

const mask = (1n << 64n) - 1n;
const primes = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

function rotate(value: bigint, bits: bigint): bigint {
  const low = value & mask;
  return ((low << bits) | (low >> (64n - bits))) & mask;
}

function round(accumulator: bigint, input: bigint): bigint {
  return (rotate(accumulator + input * primes[1], 31n) * primes[0]) & mask;
}

function avalanche(value: bigint): bigint {
  const second = ((value ^ (value >> 33n)) * primes[1]) & mask;
  const third = ((second ^ (second >> 29n)) * primes[2]) & mask;
  return third ^ (third >> 32n);
}

/** XXH64 with seed 0, as https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md defines it. */
export function xxHash64(data: Buffer): bigint {
  let position = 0;
  let hash: bigint = primes[4];
  if (data.length >= 32) {
    const lanes = [
      { value: (primes[0] + primes[1]) & mask, rotation: 1n },
      { value: primes[1] as bigint, rotation: 7n },
      { value: 0n, rotation: 12n },
      { value: -primes[0] & mask, rotation: 18n },
    ];
    for (; position + 32 <= data.length; position += 32) {
      lanes.forEach((lane, index) => (lane.value = round(lane.value, data.readBigUInt64LE(position + 8 * index))));
    }
    hash = lanes.reduce((sum, { value, rotation }) => (sum + rotate(value, rotation)) & mask, 0n);
    for (const { value } of lanes) {
      hash = ((hash ^ round(0n, value)) * primes[0] + primes[3]) & mask;
    }
  }
  hash = (hash + BigInt(data.length)) & mask;
  for (; position + 8 <= data.length; position += 8) {
    hash = (rotate(hash ^ round(0n, data.readBigUInt64LE(position)), 27n) * primes[0] + primes[3]) & mask;
  }
  if (position + 4 <= data.length) {
    hash = (rotate(hash ^ (BigInt(data.readUInt32LE(position)) * primes[0]), 23n) * primes[1] + primes[2]) & mask;
    position += 4;
  }
  for (; position < data.length; position += 1) {
    hash = (rotate(hash ^ (BigInt(data.readUInt8(position)) * primes[4]), 11n) * primes[0]) & mask;
  }
  return avalanche(hash);
}

/**
 * How far off multiples of its interval Prometheus evaluates a rule group, in whole milliseconds.
 *
 * Holds for the pinned version of Prometheus; a pipeline test compares it with the real one.
 *
 * @param file the rules file's path as Prometheus knows it
 * @param intervalSeconds the group's interval
 */
export function evaluationPhaseMs(file: string, group: string, intervalSeconds: number): number {
  // How Prometheus encodes a label set: each text after its length, names in order.
  const encoded = Buffer.concat(["file", file, "name", group].map(lengthPrefixed));
  return Number((xxHash64(encoded) % BigInt(intervalSeconds * 1e9)) / 1_000_000n);
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > 254) {
    throw new Error(`found a text of ${bytes.length} bytes; expected at most 254: "${text}"`);
  }
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
