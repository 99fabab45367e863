import { gzipSync } from "node:zlib";
import type { Random } from "./random";

/** What is written to a connection, piece by piece. */
export interface Piece {
  readonly bytes: Buffer;
  /** Before it is written. Default 0. */
  readonly pauseMs?: number;
}

/** One request's bytes. */
export interface Written {
  readonly pieces: readonly Piece[];
  /** Whether the client says that it has no more to write. Default false. */
  readonly halfClose?: boolean;
}

/** A good body, and how it is sent. */
export interface Letter {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

type Headers = readonly (readonly [string, string])[];

const head = (method: string, path: string, headers: Headers): Buffer =>
  Buffer.from(
    [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n"),
    "latin1",
  );
const common: Headers = [
  ["Host", "collector"],
  ["Connection", "close"],
];
const whole = (...bytes: Buffer[]): Written => ({ pieces: [{ bytes: Buffer.concat(bytes) }] });

/** A request as it should be, but for what is given. */
export function posted(letter: Letter, more: Headers = [], method = "POST"): Written {
  const headers: Headers = [
    ...common,
    ...(letter.type === "" ? [] : [["Content-Type", letter.type] as const]),
    ["Content-Length", String(letter.body.length)],
    ...more,
  ];
  return whole(head(method, letter.path, headers), letter.body);
}

const flood = Array.from({ length: 30_000 }, (_, index) => [`X-${index}`, "y".repeat(40)] as const);
const gzipped: Headers = [["Content-Encoding", "gzip"]];
let bomb: Buffer | undefined;

/** 300 MB of blanks, in some hundred kilobytes. */
function gzipBomb(): Buffer {
  // A gzip file may hold several, one after the other.
  bomb ??= Buffer.concat(Array<Buffer>(30).fill(gzipSync(Buffer.alloc(10 * 2 ** 20, " "))));
  return bomb;
}

/** Requests that are wrong around their body. The answer must be a refusal. */
export const brokenEnvelopes: Readonly<Record<string, (letter: Letter, random: Random) => Written>> = {
  "another method": (letter, random) =>
    posted(letter, [], random.pick(["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO"])),
  "another path": (letter, random) =>
    posted({
      ...letter,
      path: random.pick(["/", "/v1", "/v1/metric", "/v2/logs", "/%00", "/debug/pprof/"]),
    }),
  "another content type": (letter, random) =>
    posted({ ...letter, type: random.pick(["", "text/plain", "application/xml", ";;;", "application/json2"]) }),
  "an encoding that nobody knows": (letter, random) =>
    posted(letter, [["Content-Encoding", random.pick(["br", "zstd", "gzip, gzip", "snappy", "x", "lz4"])]]),
  "an encoding and a content type that nobody knows": (letter) =>
    posted({ ...letter, type: "text/plain" }, [["Content-Encoding", "br"]]),
  "gzip that is none": (letter) => posted(letter, gzipped),
  "gzip cut off": (letter, random) => {
    const body = gzipSync(letter.body);
    return posted({ ...letter, body: body.subarray(0, random.below(body.length)) }, gzipped);
  },
  "gzip with flipped bits": (letter, random) => {
    const body = gzipSync(letter.body);
    // The check sums at the end, so that it cannot be right by chance.
    body[body.length - 5] = (body[body.length - 5] ?? 0) ^ (1 << random.below(8));
    return posted({ ...letter, body }, gzipped);
  },
  "gzip of gzip": (letter) => posted({ ...letter, body: gzipSync(gzipSync(letter.body)) }, gzipped),
  "a gzip bomb": (letter) => posted({ ...letter, body: gzipBomb() }, gzipped),
  "a length that is too long": (letter) => ({
    ...whole(
      head("POST", letter.path, [
        ...common,
        ["Content-Type", letter.type],
        ["Content-Length", String(letter.body.length + 9)],
      ]),
      letter.body,
    ),
    halfClose: true,
  }),
  "a length that is none": (letter, random) =>
    whole(
      head("POST", letter.path, [
        ...common,
        ["Content-Type", letter.type],
        ["Content-Length", random.pick(["-1", "x", "99999999999999999999", "1e3", "0x10"])],
      ]),
      letter.body,
    ),
  "two lengths": (letter) => posted(letter, [["Content-Length", "3"]]),
  "chunks that are none": (letter, random) =>
    whole(
      head("POST", letter.path, [...common, ["Content-Type", letter.type], ["Transfer-Encoding", "chunked"]]),
      Buffer.from(random.pick(["zz\r\n", "ffffffffffffffffff\r\n", "-5\r\n", "5\r\nab\r\n0\r\n\r\n"])),
      letter.body,
    ),
  "another transfer encoding": (letter) => posted(letter, [["Transfer-Encoding", "gzip, identity"]]),
  "a flood of headers": (letter) => posted(letter, flood),
  "a header that is none": (letter, random) => posted(letter, [[random.pick(["a b", "", "\u0001", "(x)"]), "1"]]),
  "no HTTP": (_, random) =>
    whole(
      random.pick([
        Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Buffer.from("16030100a5010000a103030d0a0d0a", "hex"),
        Buffer.from("POST /v1/logs HTTP/9.9\r\n\r\n"),
        Buffer.from("\r\n\r\n\r\n\r\nnothing\r\n\r\n"),
        Buffer.concat([random.bytes(200), Buffer.from("\r\n\r\n")]),
      ]),
    ),
  "a body of many megabytes": (letter, random) =>
    posted({ ...letter, body: Buffer.alloc((5 + random.below(6)) * 2 ** 20, letter.body) }),
};

/** Requests that are odd around a good body. They may be taken. */
export const oddEnvelopes: Readonly<Record<string, (letter: Letter, random: Random) => Written>> = {
  gzip: (letter) => posted({ ...letter, body: gzipSync(letter.body) }, gzipped),
  chunks: (letter, random) => {
    const pieces: Piece[] = [
      {
        bytes: head("POST", letter.path, [...common, ["Content-Type", letter.type], ["Transfer-Encoding", "chunked"]]),
      },
    ];
    for (let from = 0; from < letter.body.length;) {
      const part = letter.body.subarray(from, from + 1 + random.below(4000));
      from += part.length;
      pieces.push({
        bytes: Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
      });
    }
    return { pieces: [...pieces, { bytes: Buffer.from("0\r\n\r\n") }] };
  },
  "no length": (letter) => whole(head("POST", letter.path, [...common, ["Content-Type", letter.type]]), letter.body),
  "a length that is too short": (letter, random) =>
    whole(
      head("POST", letter.path, [
        ...common,
        ["Content-Type", letter.type],
        ["Content-Length", String(random.below(letter.body.length))],
      ]),
      letter.body,
    ),
  "a slow body": (letter, random) => {
    const { pieces } = posted(letter);
    const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
    const size = Math.ceil(bytes.length / 5);
    return {
      pieces: Array.from({ length: 5 }, (_, index) => ({
        bytes: bytes.subarray(index * size, (index + 1) * size),
        pauseMs: random.below(200),
      })),
    };
  },
};

/** Requests that never end. The connection must be closed. */
export const endlessEnvelopes: Readonly<Record<string, (letter: Letter) => Written>> = {
  "headers without end": (letter) => ({
    pieces: [
      { bytes: Buffer.from(`POST ${letter.path} HTTP/1.1\r\n`) },
      ...Array.from({ length: 40 }, (_, index) => ({ bytes: Buffer.from(`X-${index}: y\r\n`), pauseMs: 1000 })),
    ],
  }),
  "a body without end": (letter) => ({
    pieces: [
      {
        bytes: head("POST", letter.path, [...common, ["Content-Type", letter.type], ["Content-Length", "100000"]]),
      },
      ...Array.from({ length: 60 }, () => ({ bytes: Buffer.from("{"), pauseMs: 1000 })),
    ],
  }),
  nothing: () => ({ pieces: [] }),
};
