import type { Hex } from "viem";
import type { Problem } from "../sdk/problem.ts";

/** A blocking difference stops a listing by our command; a notice is for a person to look at, and never stops anything. */
export type Severity = "blocking" | "notice";

type Entry = { severity: Severity; title: string; wayOut: string };

const resync =
  "Compare with an explorer: where the nodes lack it, add another one; else run the indexer's `resync <sale>`. Then reconcile again.";
const short =
  "It was taken by the token's own code: it is no plain ERC-20. Send the sale what is missing, or have the guardian declare it failed.";
const gift = "Nobody can take it out again. Acknowledge it; nothing else follows.";
const stolen =
  "Either the signer's database is not whole, as after a restore, or somebody else signs: find out which, and strike off a signer whose key is lost. What was bought stands on chain: the guardian may declare the sale failed until the listing delay is over, and from then on anybody may list without this command.";

/** Every difference that reconcile tells. Codes are stable; texts may be reworded. docs/reconcile.md lists each. */
export const differenceCodes = {
  // ── The nodes ─────────────────────────────────────────────────────────────────────────────────────────────────────
  "rpc-silent": {
    severity: "blocking",
    title: "A node did not answer",
    wayOut: "Wait for this node, or take it off the list of nodes.",
  },
  "rpc-other-chain": {
    severity: "blocking",
    title: "A node serves another chain",
    wayOut: "Name nodes of the record's chain only.",
  },
  "rpcs-disagree": {
    severity: "blocking",
    title: "Nodes tell different things of one block",
    wayOut: "Find out which node is wrong, by a third one or an explorer, and take it off the list.",
  },
  "terms-differ": {
    severity: "blocking",
    title: "The sale, or the indexer, has other terms than the record",
    wayOut: "Use the record that the deployment of this sale wrote; this is another sale.",
  },
  "token-differs": {
    severity: "blocking",
    title: "The record names another token than the sale",
    wayOut:
      "Use the record that the deployment of this sale wrote: indexer and signer go by the token that it names.",
  },
  // ── The copy ──────────────────────────────────────────────────────────────────────────────────────────────────────
  "indexer-behind": {
    severity: "blocking",
    title: "The indexer has not copied the block yet",
    wayOut: "Wait until the indexer has caught up: its `/readyz` says what holds it.",
  },
  "indexer-stopped": {
    severity: "blocking",
    title: "The indexer does not trust its copy",
    wayOut: "Do what the indexer says, then reconcile again.",
  },
  "indexer-forked": {
    severity: "blocking",
    title: "Indexer and nodes hold different blocks as final",
    wayOut:
      "One of the two follows another chain: compare the block with an explorer, then replace the nodes of that one.",
  },
  "entry-missing": {
    severity: "blocking",
    title: "An entry of the history is not in the copy",
    wayOut: resync,
  },
  "entry-changed": {
    severity: "blocking",
    title: "An entry of the copy is not what the sale recorded",
    wayOut: resync,
  },
  "event-missing": { severity: "blocking", title: "Another event is not in the copy", wayOut: resync },
  "event-changed": {
    severity: "blocking",
    title: "Another event of the copy is not what the sale told",
    wayOut: resync,
  },
  "history-differs": {
    severity: "blocking",
    title: "The replayed history is not the sale's",
    wayOut: resync,
  },
  "sum-differs": { severity: "blocking", title: "A sum does not add up", wayOut: resync },
  "state-differs": {
    severity: "blocking",
    title: "The copy has the sale in another state",
    wayOut: resync,
  },
  "position-differs": {
    severity: "blocking",
    title: "A buyer's position in the copy is not the sale's",
    wayOut: resync,
  },
  // ── The money ─────────────────────────────────────────────────────────────────────────────────────────────────────
  "currency-short": {
    severity: "blocking",
    title: "The sale holds less currency than it owes",
    wayOut: short,
  },
  "token-short": { severity: "blocking", title: "The sale holds fewer tokens than it owes", wayOut: short },
  "currency-surplus": { severity: "notice", title: "Somebody sent the sale currency", wayOut: gift },
  "token-surplus": { severity: "notice", title: "Somebody sent the sale tokens", wayOut: gift },
  // ── The orders ────────────────────────────────────────────────────────────────────────────────────────────────────
  "orders-unchecked": {
    severity: "blocking",
    title: "The orders were not compared",
    wayOut: "Name the signer and its export key: this sale takes purchases by order only.",
  },
  "order-unknown": {
    severity: "blocking",
    title: "A purchase has no order at the signer",
    wayOut: stolen,
  },
  "order-differs": {
    severity: "blocking",
    title: "A purchase is not what its order allows",
    wayOut: stolen,
  },
  "order-orphan": {
    severity: "notice",
    title: "The signer counts an order as bought that the sale does not know",
    wayOut: "Look at the signer's RPC_URL: it may follow another chain. Then acknowledge it.",
  },
} as const satisfies Record<string, Entry>;

export type DifferenceCode = keyof typeof differenceCodes;

/** One thing in which copy, chain and orders do not agree. */
export type Difference = Problem & {
  code: DifferenceCode;
  severity: Severity;
  /** Number of the block, where it is not the one that everything is compared at. */
  block?: number;
  /** Where one made it. */
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
  const { severity, wayOut } = differenceCodes[code];
  return { code, severity, field, got: String(got), wanted: String(wanted), wayOut, ...where };
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
