import { encodeEventTopics, parseAbi, zeroAddress, type Abi, type Address, type Hex } from "viem";
import { deploymentOf } from "../../../deploy/deploymentOf.ts";
import { headBlock, headerOf, refOf } from "../../chain/blocks.ts";
import { resultOf, type RpcPool } from "../../chain/rpcPool.ts";
import { readEvents } from "../../reconcile/readEvents.ts";
import { readPositions, readSale } from "../../reconcile/readSale.ts";
import { owedBy } from "../../reconcile/compareMoney.ts";
import { indexerError } from "../../sdk/indexerErrors.ts";
import { launchTokenAbi } from "../../sdk/abi/LaunchToken.ts";
import { vestingAbi } from "../../sdk/abi/Vesting.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import { LOCKED_FOR_EVER, type Terms } from "../../sdk/terms.ts";
import { checkCode } from "./checkCode.ts";
import { createReader, type Reader } from "./createReader.ts";
import { createSaleReplay, type ReplayedSale } from "./replaySale.ts";
import { createChecks, type Ledger, type Verification } from "./Verification.ts";

const lockAbi: Abi = parseAbi([
  "function lockOf(bytes32 id) view returns (address recipient, uint256 until, uint256 amount)",
]);
const SURPLUS = "sale, more than it owes";
const LOST = "nobody: a shortfall";

/**
 * Recomputes a launch from one node alone: first that the code and every address are Slipway's own, then the terms against
 * a launch file, then the whole history, every position and where every unit lies. Differences are the result; it throws
 * where the node cannot be read.
 */
export async function verifySale({
  chainId,
  sale,
  pool,
  launch,
}: {
  chainId: number;
  sale: Address;
  /** Its first node is asked. */
  pool: RpcPool;
  launch?: Launch | undefined;
}): Promise<Verification> {
  const [source] = pool.sources;
  if (source === undefined) throw indexerError("rpc-unreachable", "no node is named");
  const asked = { method: "eth_chainId", params: [] };
  const [id, head] = await pool.ask(source, [asked, headBlock]);
  const header = headerOf(head);
  if (header === undefined) throw indexerError("rpc-behind", `${source.name} has no latest block`);
  const block = refOf(header);
  const reader = createReader(pool, source, block);
  const checks = createChecks();
  const end = (found?: Verification["found"]): Verification => ({
    ok: found !== undefined && checks.list.every(({ ok }) => ok),
    ...{ chainId, sale, block, checks: checks.list },
    ...(found === undefined ? {} : { found }),
  });

  if (!checks.same("chain id of the node", Number(resultOf(source, asked, id)), chainId)) return end();
  const authentic = await checkCode({ reader, checks, chainId, sale });
  if (authentic === undefined) return end();
  const { terms, termsHash, token, startBlock } = authentic;
  if (launch !== undefined) compareTerms(termsHash, terms, launch);

  const replay = createSaleReplay({ chainId, sale, termsHash }, checks);
  for await (const { events } of readEvents({ pool, source, sale, from: startBlock, to: block.number })) {
    for (const event of events) replay.add(event);
  }
  const told = replay.result();
  const currency = terms.sale.currency;
  const view = await readSale(pool, source, { sale, currency }, block.hash);
  checks.same("history at the block", view.history, told.history);
  checks.same("raised", view.raised, told.raised);
  await comparePositions();

  const sums = { paid: 0n, claimed: 0n, ejected: 0n, buyers: 0 };
  for (const { paid, ejected } of told.buyers.values()) {
    sums.paid += paid;
    sums.ejected += ejected;
    if (paid > 0n) sums.buyers++;
  }
  const { currencyUnits, tokenUnits } = terms.sale.price;
  sums.claimed = (told.claimedTokens / tokenUnits) * currencyUnits;
  const owed = owedBy(view, sums, terms);
  checks.atLeast("currency in the sale covers what it owes", view.currencyHeld, owed.currency);
  if (view.phase !== "failed")
    checks.atLeast("tokens in the sale cover what it owes", view.tokensHeld, owed.tokens);
  await compareListing();
  const vested = await compareVesting();
  const isBorn = terms.token.existing === zeroAddress;
  const burned = (view.phase === "failed" ? isBorn : terms.payout.burnUnsold) ? told.unsoldReleased : 0n;
  if (isBorn && token !== zeroAddress) {
    const supply = await reader.read<bigint>(token, launchTokenAbi, "totalSupply");
    checks.same("supply of the token", supply, terms.token.maxSupply - burned);
  }

  const currencyAt = currencyLedger(told, view, owed.currency);
  const accounted = currencyAt
    .filter(({ holder }) => holder !== SURPLUS && holder !== LOST)
    .reduce((sum, { amount }) => sum + amount, 0n);
  checks.same("currency paid in, by where it lies", accounted, told.purchased + foundIn(told, terms));

  return end({
    ...{ terms, termsHash, token, phase: view.phase, entries: told.sequence, buyers: sums.buyers },
    ...{ raised: view.raised, series: told.series },
    currency: currencyAt,
    tokens: withoutZero([
      { holder: "sale, for buyers and unsold", amount: view.tokensHeld },
      { holder: "buyers, claimed", amount: told.claimedTokens },
      { holder: "pool, at listing", amount: told.listed?.poolTokens ?? 0n },
      { holder: "vesting, not claimed", amount: vested.remaining },
      {
        holder: "allocations, claimed or returned",
        amount: vested.paid,
      },
      { holder: "burned", amount: burned },
    ]),
  });

  function compareTerms(got: Hex, onChain: Terms, file: Launch): void {
    const wanted = deploymentOf(file);
    if (checks.same("terms, as the launch file says", got, wanted.termsHash)) return;
    const mine = leavesOf(wanted.terms);
    for (const [field, value] of leavesOf(onChain)) {
      if (value !== mine.get(field)) checks.same(`term ${field}`, value, mine.get(field) ?? "nothing");
    }
  }

  async function comparePositions(): Promise<void> {
    if (source === undefined) return;
    const all = [...told.buyers];
    const views = await readPositions(
      pool,
      source,
      sale,
      all.map(([buyer]) => buyer),
      block.hash,
    );
    let wrong = 0;
    for (const [index, [buyer, wanted]] of all.entries()) {
      const got = views[index];
      if (got === undefined) continue;
      const claimedTokens = (got.claimed / terms.sale.price.currencyUnits) * terms.sale.price.tokenUnits;
      const seen = [got.paid, got.nonce, got.ejected, claimedTokens].join(", ");
      const due = [wanted.paid, wanted.nonce, wanted.ejected, wanted.claimedTokens].join(", ");
      if (seen !== due && ++wrong <= 20)
        checks.same(`position of ${buyer}: paid, nonce, ejected, claimed`, seen, due);
    }
    checks.same(`positions of ${String(all.length)} buyers that differ`, wrong, 0);
  }

  /** What was listed is what the terms say of this raise, and the liquidity is locked for whom and as long as they say. */
  async function compareListing(): Promise<void> {
    const { listed } = told;
    if (!checks.same("listed, by phase and by event", listed !== undefined, view.phase === "listed")) return;
    if (listed === undefined) return;
    const { payout, listing, sale: saleTerms, token: tokenTerms, vesting } = terms;
    const fee = (view.raised * BigInt(payout.feeBps)) / 10_000n + payout.feeFixed;
    const part = ((view.raised - fee) * BigInt(listing.liquidityBps)) / 10_000n;
    const pooled = part - (part % listing.price.currencyUnits);
    const poolTokens = (pooled / listing.price.currencyUnits) * listing.price.tokenUnits;
    const sold = (view.raised / saleTerms.price.currencyUnits) * saleTerms.price.tokenUnits;
    checks.same("fee, as the terms say", listed.fee, fee);
    // A venue never takes more; v4 rounds by far less than a millionth.
    checks.atLeast("tokens that did not go into the pool", poolTokens - listed.poolTokens, 0n);
    checks.atLeast("tokens in the pool, as the terms say", listed.poolTokens, lessAMillionth(poolTokens));
    checks.atLeast("currency in the pool, as the terms say", listed.poolCurrency, lessAMillionth(pooled));
    checks.atLeast("treasury's part", listed.treasury, view.raised - fee - pooled);
    checks.same(
      "unsold tokens",
      listed.unsold,
      tokenTerms.maxSupply - vesting.allocationsTotal - listed.poolTokens - sold,
    );
    checks.same("fee still owed", view.fee, listed.fee - told.feePaid);
    checks.same("treasury's part paid out", view.treasuryPaid, told.treasuryPaid);
    checks.same("unsold tokens still there", view.unsold, listed.unsold - told.unsoldReleased);

    if (listing.liquidityBps === 0) return;
    const [recipient, until] = await reader.read<[Address, bigint, bigint]>(
      listing.venue,
      lockAbi,
      "lockOf",
      [listed.id],
    );
    const wanted =
      listing.lockSeconds === LOCKED_FOR_EVER ? LOCKED_FOR_EVER : view.listedAt + listing.lockSeconds;
    const isOver = until === 0n && wanted <= BigInt(block.time);
    if (isOver) return; // released after its time
    checks.same("liquidity is locked for", recipient, payout.treasury);
    checks.same("liquidity is locked until", until, wanted);
  }

  async function compareVesting(): Promise<{ remaining: bigint; paid: bigint }> {
    const { vesting, allocationsRoot, allocationsTotal } = terms.vesting;
    const isFunded = view.phase !== "unfunded" && token !== zeroAddress && allocationsTotal > 0n;
    if (!isFunded) return { remaining: 0n, paid: 0n };
    const [of, root, remaining, treasury] = await reader.read<[Address, Hex, bigint, Address]>(
      vesting,
      vestingAbi,
      "grantOf",
      [sale],
    );
    checks.same("vesting holds the token", of, token);
    checks.same("vesting has the allocations of the terms", root, allocationsRoot);
    checks.same("vesting returns to the treasury", treasury, terms.payout.treasury);
    const paid = await paidByVesting(reader);
    checks.same("vesting's remaining tokens", remaining, allocationsTotal - paid);
    checks.atLeast("vesting covers them", await reader.balance(token, vesting), remaining);
    return { remaining, paid };
  }

  async function paidByVesting(from: Reader): Promise<bigint> {
    let paid = 0n;
    for (const [eventName, word] of [
      ["Claimed", 0],
      ["Revoked", 1],
      ["ReturnedToSale", 0],
    ] as const) {
      const topics = encodeEventTopics({ abi: vestingAbi, eventName, args: { sale } }) as Hex[];
      for (const { data } of await from.logs(terms.vesting.vesting, topics, startBlock)) {
        paid += BigInt(`0x${data.slice(2 + 64 * word, 66 + 64 * word)}`);
      }
    }
    return paid;
  }
}

function lessAMillionth(amount: bigint): bigint {
  return amount === 0n ? 0n : amount - amount / 1_000_000n - 1n;
}

function currencyLedger(told: ReplayedSale, view: { currencyHeld: bigint }, owed: bigint): Ledger {
  const { currencyHeld } = view;
  const held = currencyHeld < owed ? currencyHeld : owed;
  return withoutZero([
    { holder: "sale, owed to those named", amount: held },
    { holder: SURPLUS, amount: currencyHeld - held },
    { holder: LOST, amount: owed - held },
    { holder: "buyers, withdrawn", amount: told.withdrawn },
    { holder: "buyers, refunded", amount: told.refunded },
    { holder: "buyers, returned after ejection", amount: told.ejectedPaid },
    { holder: "pool, at listing", amount: told.listed?.poolCurrency ?? 0n },
    { holder: "fee recipient", amount: told.feePaid },
    { holder: "treasury", amount: told.treasuryPaid },
  ]);
}

/** Strangers' money that the venue found in the pool: it went to the treasury's part. */
function foundIn({ listed, raised }: ReplayedSale, { payout }: Terms): bigint {
  if (listed === undefined) return 0n;
  const fee = (raised * BigInt(payout.feeBps)) / 10_000n + payout.feeFixed;
  return listed.treasury - (raised - fee - listed.poolCurrency);
}

function withoutZero(ledger: Ledger): Ledger {
  return ledger.filter(({ amount }) => amount !== 0n);
}

function leavesOf(value: object, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, string][] =>
      typeof inner === "object" && inner !== null
        ? [...leavesOf(inner, `${prefix}${key}.`)]
        : [[`${prefix}${key}`, String(inner).toLowerCase()]],
    ),
  );
}
