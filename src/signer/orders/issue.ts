import type { PoolClient } from "pg";
import type { Address } from "viem";
import { inTransaction } from "../../database/pool.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { PolicyTier } from "../../sdk/policy.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import type { SignerStanding, Snapshot } from "../chain/createSaleReader.ts";
import type { StoredOrder } from "../store/orders.ts";
import { checkPerson } from "./checkPerson.ts";
import { leftTo, type Exposure } from "./exposure.ts";
import { readPerson, type Person } from "./readPerson.ts";
import type { SignerContext } from "./SignerContext.ts";

/** What an order is decided on, read before the transaction: the chain cannot be asked while a row is locked. */
export type Outlook = {
  now: number;
  person: Person | undefined;
  snapshot: Snapshot;
  standing: SignerStanding;
};

/** The person as the database has it. Whoever is not admitted by that costs no node anything. */
export async function readAdmitted(context: SignerContext, buyer: Address) {
  const [now, known] = await Promise.all([context.now(), readPerson(context.pool, buyer)]);
  return { now, ...admit(context, known, buyer, now) };
}

export async function readOutlook(
  { readiness, chain }: Pick<SignerContext, "readiness" | "chain">,
  { now, person }: { now: number; person: Person },
  buyer: Address,
): Promise<Outlook> {
  const standing = await readiness.require();
  return { now, person, standing, snapshot: await chain.snapshot(walletsOf(person, buyer)) };
}

export function walletsOf(person: Person | undefined, buyer: Address): Address[] {
  return [...new Set([buyer, ...(person?.wallets ?? [])])];
}

/** Throws the reason why this person may not be sold to, by decision and lists. */
export function admit(
  context: Pick<SignerContext, "sanctions" | "record">,
  person: Person | undefined,
  buyer: Address,
  now: number,
) {
  const sanctioned = walletsOf(person, buyer).some((wallet) => context.sanctions.includes(wallet));
  return checkPerson({ person, sanctioned, policy: context.record.policy, now });
}

type Windows = Pick<SignerContext, "record" | "preIssueSeconds">;

/** When a purchase of this tier first passes. */
function openingOf({ record }: Windows, tier: PolicyTier): bigint {
  const { opensAt } = record.terms.sale;
  return opensAt > tier.opensAt ? opensAt : tier.opensAt;
}

/** Throws unless sale and tier take purchases at the chain's head, or will so soon that vouchers are given before. */
export function checkWindows(context: Windows, tier: PolicyTier, { phase, time }: Snapshot): void {
  const soon = time + context.preIssueSeconds >= openingOf(context, tier);
  if (phase === "unfunded" || (phase === "pending" && !soon)) throw signerError("sale-not-open", phase);
  if (phase !== "open" && phase !== "pending") throw signerError("sale-closed", phase);
  if (!soon || time >= tier.closesAt) throw signerError("tier-not-open", tier.id);
}

/**
 * A voucher's window: from a little before the chain's head, or the opening where that is to come, as nodes differ and blocks
 * fall out, within all bounds.
 */
export function windowOf(
  context: Windows,
  tier: PolicyTier,
  { snapshot, standing }: Pick<Outlook, "snapshot" | "standing">,
) {
  const opening = openingOf(context, tier);
  const time = snapshot.time > opening ? snapshot.time : opening;
  const validUntil = least(time + tier.voucherSeconds, tier.closesAt, context.record.terms.sale.closesAt);
  const slack = least(60n, standing.maxWindow - tier.voucherSeconds);
  const early = time - slack;
  return { validFrom: early > tier.opensAt ? early : tier.opensAt, validUntil };
}

/** Throws unless `cap` is within what the person, the sale and the signer may still sell to `buyer`. */
export function checkCap(
  { record }: Pick<SignerContext, "record">,
  {
    cap,
    buyer,
    tier,
    exposure,
    outlook,
  }: {
    cap: bigint;
    buyer: Address;
    tier: PolicyTier;
    /** Of all wallets of the person. */
    exposure: Exposure;
    outlook: Pick<Outlook, "snapshot" | "standing">;
  },
): void {
  const { snapshot, standing } = outlook;
  const left = leftTo(buyer, exposure, tier.personCap);
  if (cap > left) throw signerError("person-cap-exceeded", `asked for ${cap}, at most ${left}`);
  const most = least(standing.maxCap, record.terms.sale.hardCap);
  if (cap > most) throw signerError("cap-above-bounds", `asked for ${cap}, at most ${most}`);
  const paid = snapshot.head.get(buyer)?.paid ?? 0n;
  if (cap <= paid) throw signerError("cap-below-paid", `asked for ${cap}, paid ${paid}`);
}

/** A block from which on the order's purchase may be found. */
export function fromBlockOf({ startBlock }: LaunchRecord, { finalised }: Snapshot): bigint {
  return startBlock > finalised.number ? startBlock : finalised.number;
}

export type VoucherOrder = Pick<StoredOrder, "orderId" | "buyer" | "nonce" | "cumulativeCap" | "voucher">;
export type Issued = { order: VoucherOrder; replayed: boolean };

const ATTEMPTS = 4;
/** Unique violation, serialisation failure, deadlock: somebody was faster, and the next look shows what it did. */
const passing = new Set(["23505", "40001", "40P01"]);

/**
 * Issues in one transaction on the locked row of the person, which revocation locks too. `before` answers what needs no issuing
 * and may ask the chain; `work` sees the person as locked, and asks only the database. Where `work` finds that somebody else was
 * faster, or the person's wallets are not those of the outlook, all is read anew. Nothing is signed in here.
 */
export async function issueLocked(
  context: SignerContext,
  buyer: Address,
  {
    before,
    work,
  }: {
    before: (outlook: Outlook) => Promise<Issued | undefined>;
    work: (client: PoolClient, outlook: Outlook) => Promise<Issued>;
  },
): Promise<Issued> {
  for (let attempt = 1; ; attempt++) {
    const outlook = await readOutlook(context, await readAdmitted(context, buyer), buyer);
    const known = await before(outlook);
    if (known !== undefined) return known;
    try {
      return await inTransaction(context.pool, async (client) => {
        // What is signed next must outlive a crash, whatever the server's default.
        await client.query("SET LOCAL synchronous_commit = on");
        await client.query("SET LOCAL statement_timeout = '10s'");
        const person = await readPerson(client, buyer, { lock: true });
        if (walletsOf(person, buyer).some((wallet) => !outlook.snapshot.head.has(wallet)))
          throw new Changed();
        return work(client, { ...outlook, person });
      });
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      const again = error instanceof Changed || (typeof code === "string" && passing.has(code));
      if (!again || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What was read before the lock does not hold any more. */
export class Changed extends Error {}

function least(...amounts: bigint[]): bigint {
  return amounts.reduce((a, b) => (b < a ? b : a));
}
