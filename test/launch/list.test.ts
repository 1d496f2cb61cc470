import { expect } from "chai";
import { getAddress, zeroAddress, type Address } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { finalise } from "../../src/launch/finalise.ts";
import { list, type Listed, type ListOptions } from "../../src/launch/list.ts";
import { difference } from "../../src/reconcile/Difference.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { termsHash } from "../../src/sdk/terms.ts";
import { startSettledLaunch, type SettledLaunch } from "../support/settledLaunch.ts";
import { UNIT } from "../support/signerLaunch.ts";
import { codeOf } from "../support/signerUnderTest.ts";

describe("finalise and list", () => {
  let world: SettledLaunch;
  beforeEach(async () => {
    world = await startSettledLaunch();
  });
  afterEach(() => world.close());

  const finaliseNow = () =>
    finalise({ client: world.chain.client, account: world.chain.deployer, record: world.record });
  const listNow = (change: Partial<ListOptions> = {}): Promise<Listed> =>
    list({
      ...{ client: world.chain.client, account: world.chain.deployer, record: world.record },
      canonical: { venues: [], vesting: zeroAddress },
      reconcile: () => world.reconcile(),
      ...change,
    });
  const read = <Name extends "history" | "phase" | "listedAt">(functionName: Name) =>
    world.chain.client.readContract({ address: world.record.sale, abi: saleAbi, functionName });
  /** Finalised, final, and the listing delay is over. */
  async function settle(): Promise<void> {
    const { listableFrom } = await world.settle();
    await world.chain.moveTo(listableFrom);
    await world.mineToFinality();
  }

  it("finalises once, and says when it was done before", async () => {
    expect(await codeOf(finaliseNow())).to.equal("Sale_WrongPhase");

    const { closesAt } = world.record.terms.sale;
    await world.chain.moveTo(closesAt);
    const first = await finaliseNow();
    expect(first.transaction).to.match(/^0x[0-9a-f]{64}$/);
    const again = await finaliseNow();
    expect(again).to.deep.equal({ ...first, transaction: undefined });
    expect(first.listableFrom - first.settledAt).to.equal(3_600n);
  });

  it("lists what was reconciled, and says so when run again", async () => {
    await settle();
    const listed = await listNow();
    expect(await read("phase")).to.equal(5);
    // 400 raised: 2 % fee, the rest to the treasury, as these terms make no pool.
    expect([listed.fee, listed.treasury]).to.deep.equal([8n * UNIT, 392n * UNIT]);
    expect(listed.reconciliation?.copy?.history).to.equal(await read("history"));

    const again = await listNow({ reconcile: () => Promise.reject(new Error("no need to reconcile")) });
    expect(again).to.deep.equal({ ...listed, reconciliation: undefined });
  });

  it("refuses with all differences when one blocks, and sends nothing", async () => {
    await settle();
    await world.indexer.database.query("UPDATE entries SET amount = amount + 1 WHERE sequence = 1");
    const before = await world.chain.client.getBlockNumber();
    const error = await listNow().then(
      () => undefined,
      (caught: unknown) => caught as SlipwayError,
    );
    expect(error?.code).to.equal("listing-blocked");
    expect(error?.problems.map(({ code }) => code)).to.include.members(["entry-changed", "sum-differs"]);
    expect(await world.chain.client.getBlockNumber()).to.equal(before);
    expect(await read("listedAt")).to.equal(0n);
  });

  it("lists in spite of notices", async () => {
    await settle();
    const reconciled = await world.reconcile();
    const notice = difference("currency-surplus", "currency in the sale", 2n, 1n);
    await listNow({ reconcile: () => Promise.resolve({ ...reconciled, differences: [notice] }) });
    expect(await read("phase")).to.equal(5);
  });

  it("changes nothing with a stale history: the sale compares it once more", async () => {
    await settle();
    const reconciled = await world.reconcile();
    if (reconciled.copy === undefined) throw new Error("nothing was compared");
    const stale = { ...reconciled, copy: { ...reconciled.copy, history: `0x${"11".repeat(19)}` as const } };
    expect(await codeOf(listNow({ reconcile: () => Promise.resolve(stale) }))).to.equal(
      "Sale_HistoryMismatch",
    );
    expect(await read("listedAt")).to.equal(0n);
  });

  it("refuses before the listing delay is over", async () => {
    await world.settle();
    expect(await codeOf(listNow())).to.equal("Sale_ListingTooEarly");
  });

  it("refuses a sale that has not succeeded", async () => {
    expect(await codeOf(listNow())).to.equal("not-succeeded");
  });

  it("says when the account cannot pay for the gas", async () => {
    await settle();
    const poor = privateKeyToAccount(generatePrivateKey());
    expect(await codeOf(listNow({ account: poor }))).to.equal("transaction-not-sent");
    expect(await read("listedAt")).to.equal(0n);
  });

  it("says how it was listed when somebody else was first", async () => {
    await settle();
    const reconcile = async () => {
      const reconciled = await world.reconcile();
      await listNow();
      return reconciled;
    };
    const first = await listNow({ reconcile });
    expect(await listNow()).to.deep.equal({ ...first, reconciliation: undefined });
  });

  it("refuses while the sale's success is not final", async () => {
    await world.chain.moveTo(world.record.terms.sale.closesAt);
    await finaliseNow();
    await world.indexer.catchUp();
    expect(await codeOf(listNow())).to.equal("not-final");
  });

  it("R1 refuses a venue or a vesting contract that is not canonical, before anything else", async () => {
    const foreign = getAddress("0x00000000000000000000000000000000000bad01");
    const own = getAddress("0x0000000000000000000000000000000000000a11");
    const named = (venue: Address, vesting: Address) => {
      const { listing, vesting: schedules, ...rest } = world.record.terms;
      const terms = { ...rest, listing: { ...listing, venue }, vesting: { ...schedules, vesting } };
      return { ...world.record, terms, termsHash: termsHash(terms) };
    };
    const canonical = { venues: [own], vesting: own };
    const reconcile = () => Promise.reject(new SlipwayError({ code: "reached", message: "", wayOut: "" }));
    const attempt = (venue: Address, vesting: Address) =>
      codeOf(listNow({ record: named(venue, vesting), canonical, reconcile }));
    expect(await attempt(foreign, own)).to.equal("module-not-canonical");
    expect(await attempt(own, foreign)).to.equal("module-not-canonical");
    await settle();
    expect(await attempt(own, own)).to.equal("reached");

    // Terms that are not those of the hash prove nothing of the sale.
    const lied = { ...named(own, own), termsHash: world.record.termsHash };
    expect(await codeOf(listNow({ record: lied, canonical, reconcile }))).to.equal("record-inconsistent");
  });
});
