import { createCipheriv, createHash } from "node:crypto";
import type { Hex } from "viem";

export type Random = ReturnType<typeof createRandom>;

/** Values that repeat for the same seed. One in four is an edge of its type. */
export function createRandom(seed: string) {
  const stream = createCipheriv(
    "aes-128-ctr",
    createHash("sha256").update(seed).digest().subarray(0, 16),
    Buffer.alloc(16),
  );
  const block = Buffer.alloc(1 << 16);
  let buffer = Buffer.alloc(0);

  function bytes(count: number): Buffer {
    if (buffer.length < count) buffer = Buffer.concat([buffer, stream.update(block)]);
    const taken = buffer.subarray(0, count);
    buffer = buffer.subarray(count);
    return taken;
  }

  function below(count: number): number {
    return bytes(4).readUInt32BE() % count;
  }

  function uint(bits: number): bigint {
    const most = 2n ** BigInt(bits) - 1n;
    if (below(4) === 0) return [0n, 1n, most, most - 1n][below(4)]!;
    // Of every length, not only of the full one.
    const length = BigInt(1 + below(bits));
    return BigInt(`0x${bytes(32).toString("hex")}`) & (2n ** length - 1n);
  }

  function hex(count: number): Hex {
    if (below(4) === 0) return `0x${["00", "ff"][below(2)]!.repeat(count)}`;
    return `0x${bytes(count).toString("hex")}`;
  }

  /** Any text that is valid UTF-8, of 0 to 80 code points out of every plane. */
  function text(): string {
    const points = Array.from({ length: below(81) }, () => {
      const point = below([0x80, 0x800, 0x10000, 0x110000][below(4)]!);
      return point >= 0xd800 && point < 0xe000 ? 0x20 : point;
    });
    return String.fromCodePoint(...points);
  }

  return { bytes, below, uint, hex, text, flag: () => below(2) === 1 };
}
