import type { ClientBase } from "pg";
import {
  encodeFunctionData,
  getAddress,
  pad,
  toHex,
  zeroAddress,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import type { Broken, Expectation } from "../chain/expectations.ts";
import type { Totals } from "../chain/follower.ts";
import { saleAbi } from "../sdk/abi/Sale.ts";
import { venueV4Abi } from "../sdk/abi/VenueV4.ts";
import { vestingAbi } from "../sdk/abi/Vesting.ts";
import type { EventContract } from "../sdk/indexerApi.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { bytea, hexOf } from "./bytea.ts";
import { positionsFromRows } from "./positionsFromRows.ts";

/** An event, or, of those that are added up, one that stands for all of its kind. */
type Row = { contract: EventContract; name: string; args: Record<string, string>; block_time: bigint };
type SaleRow = {
  id: number;
  phase: number | null;
  proved_to: bigint;
  round_from: bigint | null;
  round_after: Buffer;
};
type PositionRow = { buyer: Buffer; paid: string; nonce: bigint; ejected: string; claimed: string };

/** Positions asked for at once. */
const POSITIONS = 100;
const LISTED = 5;
const stages = { unfunded: 0n, running: [1n, 2n, 3n], succeeded: 4n, listed: 5n, failed: 6n } as const;
const signerStatus = { admitted: 1n, struckOff: 2n } as const;
const abis: Record<string, Abi> = { sale: saleAbi, vesting: vestingAbi, venue: venueV4Abi };

/**
 * Events that totals are made of, as the index `events_counted` has them: claims and refunds of buyers add up in positions, and
 * of announcements and collected fees, which anybody may make without end, nothing follows.
 */
const COUNTED = `(contract <> 'sale' OR name NOT IN ('Claimed', 'Refunded', 'EjectedReleased'))
  AND name NOT IN ('Announced', 'FeesCollected')`;

/** What totals are made of one by one: each comes once, or is its owner's to send. */
const FEW = `
  SELECT contract, name, args, block_time FROM events
  WHERE sale = $1 AND block_number <= $2 AND ${COUNTED}
    AND name IN ('Funded', 'Paused', 'Finalised', 'DeclaredFailed', 'TokenBorn', 'Listed', 'SignerAdded',
      'SignerStruckOff', 'OwnershipTransferred', 'Registered', 'Revoked', 'Locked', 'Released')
  ORDER BY block_number, log_index`;

/** Payments, which anybody may call for again and again as they fall due: one row of each kind, with their sums. */
const PAID = `
  SELECT contract, name, 0::bigint AS block_time, jsonb_build_object('amount', coalesce(sum((args->>'amount')::numeric), 0)::text,
    'tokens', coalesce(sum((args->>'tokens')::numeric), 0)::text) AS args
  FROM events
  WHERE sale = $1 AND block_number <= $2 AND ${COUNTED}
    AND name IN ('FeeReleased', 'TreasuryReleased', 'UnsoldReleased', 'Claimed', 'ReturnedToSale')
  GROUP BY contract, name`;

const SETTLED_BUYERS = "SELECT buyer FROM positions WHERE sale = $1 AND buyer > $2 ORDER BY buyer LIMIT $3";
/** Before settling, entries prove all of a position but what was ejected and fetched. */
const OPEN_BUYERS = `
  SELECT buyer FROM positions WHERE sale = $1 AND buyer > $2 AND buyer IN (
    SELECT buyer FROM positions WHERE sale = $1 AND ejected <> 0
    UNION SELECT buyer FROM events WHERE sale = $1 AND block_number > $4 AND block_number <= $5 AND buyer IS NOT NULL)
  ORDER BY buyer LIMIT $3`;
const MOVED_SINCE = `
  SELECT buyer FROM entries WHERE sale = $1 AND sequence > coalesce(
    (SELECT sequence FROM entries WHERE sale = $1 AND block_number <= $3 ORDER BY sequence DESC LIMIT 1), 0)
  UNION SELECT buyer FROM events WHERE sale = $1 AND block_number > $3 AND buyer IS NOT NULL`;
/** As they were in the block: the rows that are served, and of buyers who have moved since, what follows from events. */
const POSITIONS_THEN = `
  WITH moved AS MATERIALIZED (${MOVED_SINCE})
  SELECT buyer, paid, nonce, ejected, claimed FROM positions
  WHERE sale = $1 AND buyer = ANY($2::bytea[]) AND buyer NOT IN (SELECT buyer FROM moved)
  UNION ALL
  SELECT buyer, paid, nonce, ejected, claimed FROM (${positionsFromRows("$3")}) then_
  WHERE buyer IN (SELECT buyer FROM moved)`;

/**
 * What the events of a sale outside its history, up to a block, add up to: the sale's stage, times, credits and signers, the
 * grant in vesting, the lock, and positions, a hundred at a time, round after round.
 */
export async function expectedTotals(
  client: ClientBase,
  record: LaunchRecord,
  block: number,
): Promise<Totals> {
  const { rows: sales } = await client.query<SaleRow>(
    "SELECT id, phase, proved_to, round_from, round_after FROM sales WHERE address = $1",
    [bytea(record.sale)],
  );
  const [sale] = sales;
  if (sale === undefined) throw new RangeError(`no row for sale ${record.sale}`);
  const { rows: few } = await client.query<Row>(FEW, [sale.id, block]);
  const { rows: paid } = await client.query<Row>(PAID, [sale.id, block]);
  const rows = [...few, ...paid];
  const settled = (sale.phase ?? 0) >= LISTED;
  const { rows: buyers } = await client.query<{ buyer: Buffer }>(settled ? SETTLED_BUYERS : OPEN_BUYERS, [
    ...[sale.id, sale.round_after, POSITIONS],
    ...(settled ? [] : [sale.proved_to, block]),
  ]);
  const { rows: positions } = await client.query<PositionRow>(POSITIONS_THEN, [
    ...[sale.id, buyers.map(({ buyer }) => bytea(hexOf(buyer))), block],
  ]);

  const from = Number(sale.round_from ?? block);
  const last = buyers.at(-1);
  const whole = buyers.length < POSITIONS || last === undefined;
  return {
    broken: brokenBy(few),
    expected: [
      ...ofSale(record, rows),
      ...ofVesting(record, rows),
      ...ofLock(record, rows),
      ...positions.flatMap((position) => ofPosition(record, position)),
    ],
    proved: whole
      ? { sale: record.sale, provedTo: from, roundFrom: null, roundAfter: "0x" }
      : {
          sale: record.sale,
          provedTo: Number(sale.proved_to),
          roundFrom: from,
          roundAfter: hexOf(last.buyer),
        },
  };
}

/** What happens once: by contract and event, with the arguments by which one is told from another. */
const once: Readonly<Record<string, readonly string[]>> = {
  ...{ "sale Funded": [], "sale Paused": [], "sale DeclaredFailed": [], "sale Finalised": [] },
  ...{ "sale TokenBorn": [], "sale Listed": [], "sale SignerAdded": ["signer"] },
  ...{ "sale SignerStruckOff": ["signer"], "vesting Registered": [], "vesting Revoked": ["index"] },
  ...{ "venue Locked": [], "venue Released": [] },
};

/** An event that comes twice and cannot, or an owner who was none: no total shows that. */
function brokenBy(rows: readonly Row[]): Broken | undefined {
  const seen = new Set<string>();
  let owner: string = zeroAddress;
  for (const { contract, name, args } of rows) {
    const which = once[`${contract} ${name}`];
    const key = [contract, name, ...(which ?? []).map((arg) => args[arg])].join(" ");
    if (which !== undefined && seen.has(key)) return { what: key, got: "twice", wanted: "once" };
    seen.add(key);
    if (contract !== "sale" || name !== "OwnershipTransferred") continue;
    const { previousOwner = "", newOwner = "" } = args;
    if (previousOwner !== owner) return { what: "previous owner", got: previousOwner, wanted: owner };
    owner = newOwner;
  }
  return undefined;
}

function ofSale({ sale, token, terms }: LaunchRecord, rows: readonly Row[]): Expectation[] {
  const { last, sum } = readerOf("sale", rows);
  const ask = askerOf("sale", sale);
  const listed = last("Listed");
  const credit = (amount: string, paid: bigint) =>
    listed === undefined ? 0n : BigInt(listed.args[amount] ?? 0) - paid;
  const added = rows.filter(({ contract, name }) => contract === "sale" && name === "SignerAdded");
  // The first one is told by the terms.
  const first = terms.roles.signer;
  const untold = first !== zeroAddress && added.every(({ args }) => args["signer"] !== first);
  return [
    ask("stage", [], ...stageOf(rows, terms.token.existing).map((stage) => [stage])),
    ask("owner", [], [last("OwnershipTransferred")?.args["newOwner"] ?? zeroAddress]),
    ask("pausedUntil", [], [last("Paused")?.args["until"] ?? 0n]),
    ask("settledAt", [], [last("Finalised")?.args["settledAt"] ?? 0n]),
    ask("listedAt", [], [listed?.block_time ?? 0n]),
    ask("token", [], [last("TokenBorn")?.args["token"] ?? token]),
    ask(
      "credits",
      [],
      [
        ...[credit("fee", sum("FeeReleased", "amount")), credit("treasury", 0n)],
        ...[sum("TreasuryReleased", "amount"), credit("unsold", sum("UnsoldReleased", "tokens"))],
      ],
    ),
    ...(untold ? [ask("signerOf", [first], [0n, 0n, 0n])] : []),
    ...added.map(({ args: { signer = "", maxCap = 0n, maxWindow = 0n } }) => {
      const struck = rows.some(({ name, args }) => name === "SignerStruckOff" && args["signer"] === signer);
      return ask(
        "signerOf",
        [signer],
        [struck ? signerStatus.struckOff : signerStatus.admitted, maxCap, maxWindow],
      );
    }),
  ];
}

function stageOf(rows: readonly Row[], existing: Address): readonly bigint[] {
  const { last } = readerOf("sale", rows);
  if (last("DeclaredFailed") !== undefined) return [stages.failed];
  if (last("Listed") !== undefined) return [stages.listed];
  if (last("Finalised") !== undefined) return [stages.succeeded];
  return existing !== zeroAddress && last("Funded") === undefined ? [stages.unfunded] : stages.running;
}

function ofVesting({ sale, terms: { vesting } }: LaunchRecord, rows: readonly Row[]): Expectation[] {
  if (vesting.vesting === zeroAddress) return [];
  const { last, sum } = readerOf("vesting", rows);
  const { token = 0n, root = 0n, total = 0n, treasury = 0n } = last("Registered")?.args ?? {};
  const paid = sum("Claimed", "tokens") + sum("Revoked", "returned") + sum("ReturnedToSale", "tokens");
  return [
    askerOf("vesting", vesting.vesting)("grantOf", [sale], [token, root, BigInt(total) - paid, treasury]),
  ];
}

function ofLock({ terms: { listing } }: LaunchRecord, rows: readonly Row[]): Expectation[] {
  const pool = readerOf("sale", rows).last("Listed")?.args["id"] ?? zeroHash;
  if (listing.venue === zeroAddress || pool === zeroHash) return [];
  const { last } = readerOf("venue", rows);
  const {
    recipient = 0n,
    until = 0n,
    amount = 0n,
  } = last("Released") === undefined ? (last("Locked")?.args ?? {}) : {};
  return [askerOf("venue", listing.venue)("lockOf", [pool], [recipient, until, amount])];
}

function ofPosition({ sale, terms }: LaunchRecord, row: PositionRow): Expectation[] {
  const ask = askerOf("sale", sale);
  const { currencyUnits, tokenUnits } = terms.sale.price;
  const buyer = getAddress(hexOf(row.buyer));
  const claimed = (BigInt(row.claimed) / tokenUnits) * currencyUnits;
  return [
    ask("positionOf", [buyer], [row.paid, claimed, row.nonce]),
    ask("ejectedOf", [buyer], [row.ejected]),
  ];
}

function readerOf(from: EventContract, rows: readonly Row[]) {
  const named = (wanted: string) => rows.filter(({ contract, name }) => contract === from && name === wanted);
  return {
    last: (name: string) => named(name).at(-1),
    sum: (name: string, arg: string) =>
      named(name).reduce((sum, { args }) => sum + BigInt(args[arg] ?? 0), 0n),
  };
}

type Word = string | bigint;

/** A getter and the words that it must answer with, or one of several such. */
function askerOf(contract: string, to: Address) {
  const abi = abis[contract] ?? [];
  return (functionName: string, args: readonly unknown[], ...wanted: (readonly Word[])[]): Expectation => ({
    what: `${contract} ${functionName}(${args.join(", ")})`,
    to,
    data: encodeFunctionData({ abi, functionName, args }),
    wanted: wanted.map((words): Hex => `0x${words.map((word) => wordOf(word).slice(2)).join("")}`),
  });
}

/** Numbers that cannot be, as of a release that comes twice, still have a word of their own. */
function wordOf(value: Word): Hex {
  if (typeof value === "string" && value.startsWith("0x")) return pad(value.toLowerCase() as Hex);
  return toHex(BigInt.asUintN(256, BigInt(value)), { size: 32 });
}
