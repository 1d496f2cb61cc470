import type { Hex } from "viem";
import type { Problem } from "../sdk/problem.ts";

/** A blocking difference stops a listing by our command; a notice is for a person to look at, and never stops anything. */
export type Severity = "blocking" | "notice";

type Entry = { severity: Severity; wayOut: string };

const resync =
  "Compare with an explorer: where the nodes lack it, add another one; else run the indexer's `resync <sale>`. Then reconcile again.";
const keys =
  "Find out who signed it; strike the signer off if its key is lost. What was bought stands on chain: the guardian may declare the sale failed until the listing delay is over, and from then on anybody may list without this command.";

/** Every difference that reconcile tells. Codes are stable; texts may be reworded. */
export const differenceCodes = {
  // ── The nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────
  "rpc-silent": {
    severity: "blocking",
    wayOut: "Wait for this node, or take it off the list of nodes.",
  },
  "rpc-other-chain": { severity: "blocking", wayOut: "Name nodes of the record's chain only." },
  "rpcs-disagree": {
    severity: "blocking",
    wayOut: "Find out which node is wrong, by a third one or an explorer, and take it off the list.",
  },
  "terms-differ": {
    severity: "blocking",
    wayOut: "Use the record that the deployment of this sale wrote; this is another sale.",
  },
  // ── The copy ──────────────────────────────────────────────────────────────────────────────────────────────────────
  "indexer-behind": {
    severity: "blocking",
    wayOut: "Wait until the indexer has caught up: its `/readyz` says what holds it.",
  },
  "indexer-stopped": { severity: "blocking", wayOut: "Do what the indexer says, then reconcile again." },
  "indexer-forked": {
    severity: "blocking",
    wayOut:
      "One of the two follows another chain: compare the block with an explorer, then replace the nodes of that one.",
  },
  "entry-missing": { severity: "blocking", wayOut: resync },
  "entry-changed": { severity: "blocking", wayOut: resync },
  "event-missing": { severity: "blocking", wayOut: resync },
  "event-changed": { severity: "blocking", wayOut: resync },
  "history-differs": { severity: "blocking", wayOut: resync },
  "sum-differs": { severity: "blocking", wayOut: resync },
  "state-differs": { severity: "blocking", wayOut: resync },
  "position-differs": { severity: "blocking", wayOut: resync },
  // ── The money ─────────────────────────────────────────────────────────────────────────────────────────────────────
  "currency-short": {
    severity: "blocking",
    wayOut:
      "The currency took money out of the sale: it is no plain ERC-20. Send the sale what is missing, or have the guardian declare it failed.",
  },
  "token-short": {
    severity: "blocking",
    wayOut:
      "The token took tokens out of the sale: it is no plain ERC-20. Send the sale what is missing, or have the guardian declare it failed.",
  },
  "currency-surplus": {
    severity: "notice",
    wayOut:
      "Somebody sent the sale money, which nobody can take out again. Acknowledge it; nothing else follows.",
  },
  "token-surplus": {
    severity: "notice",
    wayOut:
      "Somebody sent the sale tokens, which nobody can take out again. Acknowledge it; nothing else follows.",
  },
  // ── The orders ────────────────────────────────────────────────────────────────────────────────────────────────────
  "orders-unchecked": {
    severity: "blocking",
    wayOut: "Name the signer and its export key: this sale takes purchases by order only.",
  },
  "order-unknown": { severity: "blocking", wayOut: keys },
  "order-differs": { severity: "blocking", wayOut: keys },
  "order-orphan": {
    severity: "notice",
    wayOut:
      "The signer counts this order as bought, the sale does not: look at the signer's RPC_URL. Then acknowledge it.",
  },
} as const satisfies Record<string, Entry>;

export type DifferenceCode = keyof typeof differenceCodes;

/** One thing in which copy, chain and orders do not agree. */
export type Difference = Problem & {
  code: DifferenceCode;
  severity: Severity;
  /** Number of the block, where there is one. */
  block?: number;
  transaction?: Hex;
};

/** A difference of the catalogue; `field` says of what. */
export function difference(
  code: DifferenceCode,
  field: string,
  got: string | number | bigint,
  wanted: string | number | bigint,
  where: { block?: number; transaction?: Hex; wayOut?: string } = {},
): Difference {
  return { code, field, got: String(got), wanted: String(wanted), ...differenceCodes[code], ...where };
}

/** Differences found so far, at most `MOST` of a code: what is wrong everywhere need not be said a million times. */
export type Differences = {
  add: (...found: readonly Difference[]) => void;
  list: () => Difference[];
  /** How many were found and not kept. */
  omitted: () => number;
};

const MOST = 100;

export function createDifferences(): Differences {
  const kept: Difference[] = [];
  const counts = new Map<DifferenceCode, number>();
  return {
    add(...found) {
      for (const one of found) {
        const count = (counts.get(one.code) ?? 0) + 1;
        counts.set(one.code, count);
        if (count <= MOST) kept.push(one);
      }
    },
    list: () => [...kept],
    omitted: () => [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - MOST), 0),
  };
}
