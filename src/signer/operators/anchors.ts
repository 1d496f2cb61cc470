import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Anchor } from "./audit.ts";

/** Anchors of a file, one a line: `<seq> <hash> <time>`. Throws `audit-broken` for a line of another form. */
export function readAnchors(path: string): Anchor[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      const [, seq, hash] = /^(\d{1,18}) ([0-9a-f]{64}) \S+$/.exec(line) ?? [];
      if (seq === undefined || hash === undefined)
        throw signerError("audit-broken", `line ${String(index + 1)} of ${path} is no anchor`);
      return { seq: BigInt(seq), hash };
    });
}

export function appendAnchor(path: string, { seq, hash }: Anchor, at: Date): void {
  appendFileSync(path, `${String(seq)} ${hash} ${at.toISOString()}\n`, { mode: 0o600 });
}
