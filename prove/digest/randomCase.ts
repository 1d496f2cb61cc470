import type { Hex } from "viem";
import { historyKinds, type HistoryEntry } from "../../src/sdk/history.ts";
import { termsTypes, type Terms } from "../../src/sdk/terms.ts";
import type { Voucher } from "../../src/sdk/voucher.ts";
import type { Random } from "./createRandom.ts";

export type Case = { buyer: Hex; voucher: Voucher; terms: Terms; entry: HistoryEntry };

/** A voucher, terms and a history entry with any value that their types hold, possible in a sale or not. */
export function randomCase(random: Random): Case {
  const kind = historyKinds[random.below(historyKinds.length)]!;
  return {
    buyer: random.hex(20),
    voucher: {
      nonce: random.uint(256),
      cumulativeCap: random.uint(256),
      validFrom: random.uint(256),
      validUntil: random.uint(256),
      orderId: random.hex(32),
    },
    terms: randomStruct(random, "Terms") as Terms,
    entry: {
      kind,
      buyer: random.hex(20),
      nonce: random.uint(256),
      amount: random.uint(256),
      orderId: kind === "purchase" ? random.hex(32) : `0x${"00".repeat(32)}`,
    },
  };
}

type Types = Record<string, readonly { name: string; type: string }[]>;

function randomStruct(random: Random, name: string): unknown {
  return Object.fromEntries(
    (termsTypes as Types)[name]!.map((field) => [field.name, randomValue(random, field.type)]),
  );
}

function randomValue(random: Random, type: string): unknown {
  if (type in termsTypes) return randomStruct(random, type);
  if (type === "string") return random.text();
  if (type === "bool") return random.flag();
  if (type === "address") return random.hex(20);
  if (type === "bytes32") return random.hex(32);

  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(type)!;
  const value =
    unsigned === "u" ? random.uint(Number(bits)) : BigInt.asIntN(Number(bits), random.uint(Number(bits)));
  return Number(bits) <= 48 ? Number(value) : value;
}
