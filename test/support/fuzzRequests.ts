import { connect } from "node:net";

/** What parsers stumble over. */
const FRAGMENTS = [
  ...[
    "\r\n",
    "\n",
    "\r\n\r\n",
    "\0",
    "\u0007",
    " ",
    "\t",
    ":",
    ",",
    '"',
    "\\",
    "%00",
    "%ff",
    "%2e%2e/",
    "?",
    "#",
  ],
  ...["{", "}", "[", "null", "1e999", "-0", "\\ud800", '"__proto__":', "\ufeff", "\u0661", "é", "0x", "//"],
  ...["Transfer-Encoding: chunked\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999\r\n"],
  ...["Expect: 100-continue\r\n", "Upgrade: websocket\r\n", "Host: x\r\n", "Authorization: Bearer \r\n"],
  ...["HTTP/1.1", "HTTP/2.0", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "0\r\n\r\n", "ffffffff\r\n", "PRI * "],
];

/** A request, changed in a few places at random; sometimes cut short. */
export function fuzzed(request: string, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  let bytes = Buffer.from(request);
  for (let changes = 1 + below(6); changes > 0; changes--) {
    const [at, end] = [below(bytes.length), below(bytes.length)].sort((a, b) => a - b) as [number, number];
    const fragment = FRAGMENTS[below(FRAGMENTS.length)] ?? "";
    const noise = Buffer.from(Array.from({ length: 1 + below(8) }, () => below(256)));
    const middle = [
      ...[
        Buffer.from(fragment),
        noise,
        Buffer.alloc(0),
        bytes.subarray(at, end),
        Buffer.alloc(below(2000), 97),
      ],
    ][below(5)];
    // Put in, or put in place of what was there.
    const rest =
      random() < 0.6 ? bytes.subarray(at) : bytes.subarray(Math.min(bytes.length, at + 1 + below(40)));
    bytes = Buffer.concat([bytes.subarray(0, at), middle ?? noise, rest]);
  }
  return random() < 0.2 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

/** The status of the first answer; 0 where the server closed without one. Never settles where it does neither. */
export function statusOf(url: string, bytes: Buffer): Promise<number> {
  return new Promise((done) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = "";
    socket.on("data", (data: Buffer) => {
      answer += data.toString("latin1");
      // "Continue" is no answer yet.
      const status = /^(?:HTTP\/1\.1 1\d\d [^]*?\r\n\r\n)*HTTP\/1\.1 ([2-5]\d\d) /.exec(answer)?.[1];
      if (status === undefined) return;
      socket.destroy();
      done(Number(status));
    });
    socket.on("error", () => {
      done(0);
    });
    socket.on("close", () => {
      done(0);
    });
  });
}
