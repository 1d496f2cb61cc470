import {
  formatUnits,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  type Hex,
} from "viem";
import { permitOf, type Permit } from "../../src/sdk/permitOf.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { voucherTypedData, type Voucher } from "../../src/sdk/voucher.ts";
import type { Buyer } from "./buyer.ts";
import type { HDAccount } from "viem/accounts";
import type { Part } from "./people.ts";
import type { LocalChain } from "./localChain.ts";
import type { Random } from "./random.ts";
import type { Refusals, RefusedWith } from "./refusals.ts";
import type { Screen } from "./screen.ts";

export type Stage = {
  record: LaunchRecord;
  chain: LocalChain;
  screen: Screen;
  random: Random;
  refusals: Refusals;
  /** To forge a voucher of another chain with the right key. */
  signerAccount: HDAccount;
  currencyDecimals: number;
  /** Vouchers that somebody else tried, by their owner's number. */
  lent: Map<number, Permit>;
};

/** What a buyer offers beyond its target, so that the cap cuts it. */
const LAST_OFFER = 2n;

/** Plays the parts in order. Time moves only in "lets-voucher-expire", between two buyers. */
export async function playSale(stage: Stage, acting: readonly Buyer[], all: readonly Buyer[]): Promise<void> {
  for (const buyer of acting) await parts[buyer.person.part](buyer, stage, all);
}

type Play = (buyer: Buyer, stage: Stage, all: readonly Buyer[]) => Promise<void>;

const parts: Record<Part, Play> = {
  buys: async (buyer, stage) => {
    await buy(buyer, stage);
    say(stage, buyer, `voucher → bought ${money(stage, buyer.person.target)}`);
  },

  // Tried before opening by the demo; then simply buys.
  "too-early": async (buyer, stage) => {
    await buy(buyer, stage);
    say(stage, buyer, `voucher → bought ${money(stage, buyer.person.target)}`);
  },

  retries: async (buyer, stage) => {
    const key = keyOf(stage);
    const first = await order(buyer, { key });
    const again = await order(buyer, { key });
    insist(first.bytes === again.bytes && again.replayed, "A retried key must return the same bytes.");
    await buyer.purchase(first.permit, buyer.person.target);
    say(stage, buyer, "key retried → same voucher, byte for byte");
  },

  "changes-payload": async (buyer, stage) => {
    const key = keyOf(stage);
    const { permit } = await order(buyer, { key });
    const refused = await stage.refusals.expect("idempotency-mismatch", () =>
      order(buyer, { key, cumulativeCap: buyer.person.target + 1n }),
    );
    sayRefused(stage, buyer, refused, "same key, other amount");
    await buyer.purchase(permit, buyer.person.target);
  },

  "not-known": async (buyer, stage) => refusedAtSigner(buyer, stage, "kyc-missing"),
  "denied-country": async (buyer, stage) => refusedAtSigner(buyer, stage, "country-denied"),
  sanctioned: async (buyer, stage) => refusedAtSigner(buyer, stage, "wallet-sanctioned"),

  "over-cap": async (buyer, stage) => {
    const tier = stage.record.policy.tiers[0];
    const most = tier?.personCap ?? 0n;
    const refused = await stage.refusals.expect("person-cap-exceeded", () =>
      order(buyer, { key: keyOf(stage), cumulativeCap: most + 1n }),
    );
    sayRefused(stage, buyer, refused, `asked for more than a person's ${money(stage, most)}`);
    await buy(buyer, stage);
  },

  "orders-twice": async (buyer, stage) => {
    const first = await order(buyer, { key: keyOf(stage), cumulativeCap: buyer.person.target - 1_000_000n });
    const refused = await stage.refusals.expect("order-open", () => order(buyer, { key: keyOf(stage) }));
    sayRefused(stage, buyer, refused, "second device, other key");
    const second = await order(buyer, { key: keyOf(stage), supersedes: first.permit.voucher.orderId });
    await buyer.purchase(second.permit, buyer.person.target);
  },

  "uses-voucher-twice": async (buyer, stage) => {
    const { permit } = await order(buyer, { key: keyOf(stage) });
    await buyer.purchase(permit, buyer.person.target);
    const refused = await stage.refusals.expect("Sale_NonceUsed", () =>
      buyer.purchase(permit, buyer.person.target),
    );
    sayRefused(stage, buyer, refused, "the same voucher again");
  },

  "takes-anothers-voucher": async (buyer, stage, all) => {
    const owner = all.find((other) => other.person.part === "lets-voucher-expire");
    insist(owner !== undefined, "Nobody to take a voucher from.");
    const { permit } = await order(owner, { key: keyOf(stage) });
    stage.lent.set(owner.person.number, permit);
    const refused = await stage.refusals.expect("Sale_SignerUnknown", () =>
      buyer.purchase(permit, buyer.person.target),
    );
    sayRefused(stage, buyer, { ...refused, detail: "" }, "somebody else's voucher");
    await buy(buyer, stage);
  },

  "brings-foreign-voucher": async (buyer, stage) => {
    const { permit } = await order(buyer, { key: keyOf(stage) });
    const foreign = await signForChain(stage, buyer, permit, 1);
    const refused = await stage.refusals.expect("Sale_SignerUnknown", () =>
      buyer.purchase(foreign, buyer.person.target),
    );
    sayRefused(stage, buyer, { ...refused, detail: "" }, "voucher of another chain");
    await buyer.purchase(permit, buyer.person.target);
  },

  "withdraws-and-returns": async (buyer, stage) => {
    const first = buyer.person.target / 2n - ((buyer.person.target / 2n) % 10_000n);
    const { permit } = await order(buyer, { key: keyOf(stage), cumulativeCap: first });
    await buyer.purchase(permit, first);
    await buyer.withdraw();
    say(stage, buyer, `bought and withdrew ${money(stage, first)}`);
    await buy(buyer, stage);
    say(stage, buyer, `came back: new key, new nonce → bought ${money(stage, buyer.person.target)}`);
  },

  "lets-voucher-expire": async (buyer, stage) => {
    const permit = stage.lent.get(buyer.person.number) ?? (await order(buyer, { key: keyOf(stage) })).permit;
    await stage.chain.moveTo(permit.voucher.validUntil);
    const refused = await stage.refusals.expect("Sale_VoucherExpired", () =>
      buyer.purchase(permit, buyer.person.target),
    );
    sayRefused(stage, buyer, { ...refused, detail: "" }, "voucher expired");
    const session = await buyer.session();
    const renewed = permitOf((await session.renew(permit.voucher.orderId)).order);
    insist(
      renewed.voucher.orderId === permit.voucher.orderId && renewed.voucher.nonce === permit.voucher.nonce,
      "A renewal must keep order and nonce.",
    );
    await buyer.purchase(renewed, buyer.person.target);
    say(stage, buyer, `renewed, same order and nonce → bought ${money(stage, buyer.person.target)}`);
  },

  "fills-the-cap": async (buyer, stage) => {
    const offer = buyer.person.target * LAST_OFFER;
    const { permit } = await order(buyer, { key: keyOf(stage), cumulativeCap: offer });
    await buyer.purchase(permit, offer, 1n);
    say(
      stage,
      buyer,
      `asked ${money(stage, offer)}, filled ${money(stage, buyer.person.target)} at the hard cap`,
    );
  },
};

/** Before opening: the sale itself refuses. */
export async function tryTooEarly(stage: Stage, buyers: readonly Buyer[]): Promise<void> {
  const buyer = buyers.find((candidate) => candidate.person.part === "too-early");
  insist(buyer !== undefined, "Nobody comes too early.");
  const voucher: Voucher = {
    nonce: 0n,
    cumulativeCap: buyer.person.target,
    validFrom: 0n,
    validUntil: stage.record.terms.sale.closesAt,
    orderId: `0x${stage.random.hex(32)}`,
  };
  const refused = await stage.refusals.expect("Sale_WrongPhase", () =>
    buyer.preview({ voucher, signature: "0x" }, buyer.person.target),
  );
  sayRefused(stage, buyer, refused, "before opening");
}

async function buy(buyer: Buyer, stage: Stage): Promise<void> {
  const { permit } = await order(buyer, { key: keyOf(stage) });
  await buyer.purchase(permit, buyer.person.target);
}

async function refusedAtSigner(buyer: Buyer, stage: Stage, code: string): Promise<void> {
  const refused = await stage.refusals.expect(code, () =>
    order(buyer, { key: keyOf(stage), cumulativeCap: 1_000_000_000n }),
  );
  sayRefused(stage, buyer, refused, "signer, before any payment");
}

async function order(
  buyer: Buyer,
  {
    key,
    cumulativeCap = buyer.person.target,
    supersedes,
  }: { key: string; cumulativeCap?: bigint; supersedes?: Hex },
): Promise<{ permit: Permit; bytes: string; replayed: boolean }> {
  const session = await buyer.session();
  const answer = await session.createOrder(key, {
    nonce: await buyer.nonce(),
    cumulativeCap,
    ...(supersedes === undefined ? {} : { supersedes }),
  });
  return { permit: permitOf(answer.order), bytes: answer.bytes, replayed: answer.replayed };
}

async function signForChain(stage: Stage, buyer: Buyer, permit: Permit, chainId: number): Promise<Permit> {
  const typed = voucherTypedData({
    chainId,
    sale: stage.record.sale,
    buyer: buyer.address,
    voucher: permit.voucher,
  });
  const signature = await stage.signerAccount.signTypedData(typed);
  return {
    voucher: permit.voucher,
    signature: serializeCompactSignature(signatureToCompactSignature(parseSignature(signature))),
  };
}

function keyOf(stage: Stage): string {
  return stage.random.hex(16);
}

function say(stage: Stage, buyer: Buyer, text: string): void {
  stage.screen.line(`  ${buyer.person.number.toString().padStart(2, "0")}  ${text}`);
}

function sayRefused(stage: Stage, buyer: Buyer, { code, detail }: RefusedWith, why: string): void {
  say(stage, buyer, `✗ ${code.padEnd(20)}  ${why}${detail === "" ? "" : `: ${detail}`}`);
}

function money(stage: Stage, amount: bigint): string {
  return Number(formatUnits(amount, stage.currencyDecimals)).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
}

function insist(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new SlipwayError({
      code: "demo-mismatch",
      message,
      wayOut: "This is a bug of Slipway: please report it with the seed.",
    });
  }
}
