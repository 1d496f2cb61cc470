import { expect } from "chai";
import { network } from "hardhat";
import { zeroAddress, zeroHash } from "viem";
import { checkLaunch } from "../../src/sdk/launchFile/checkLaunch.ts";
import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { termsOf } from "../../src/sdk/launchFile/termsOf.ts";
import { launchFile } from "../support/launchFile.ts";

const DAY = 86_400n;
const USDC = `0x${"7".repeat(40)}` as const;

type Break = [name: string, field: string, term: string, change: (launch: Launch) => void];

/** Each breaks one rule by the least possible: the launch file's field, and the term that the contract names. */
const breaks: Break[] = [
  ["no supply", "token.supply", "token.maxSupply", (l) => (l.token.maxSupply = 0n)],
  ["supply of 2^128", "token.supply", "token.maxSupply", (l) => (l.token.maxSupply = 2n ** 128n)],
  ["hard cap of 2^96", "sale.hardCap", "sale.hardCap", (l) => (l.sale.hardCap = 2n ** 96n)],
  ["no soft cap", "sale.softCap", "sale.softCap", (l) => (l.sale.softCap = 0n)],
  [
    "soft cap above the hard cap",
    "sale.softCap",
    "sale.softCap",
    (l) => (l.sale.softCap = l.sale.hardCap + 1n),
  ],
  [
    "minimum above the hard cap",
    "sale.minPurchase",
    "sale.minPurchase",
    (l) => (l.sale.minPurchase = l.sale.hardCap + 1n),
  ],
  [
    "hard cap of a fraction of a lot",
    "sale.hardCap",
    "sale.hardCap",
    (l) => {
      l.sale.price = { currencyUnits: 3n, tokenUnits: 6n * 10n ** 13n + 1n };
      l.sale.softCap = 99_999_999_999n;
      l.sale.minPurchase = 0n;
    },
  ],
  ["close at the opening", "sale.closesAt", "sale.closesAt", (l) => (l.sale.closesAt = l.sale.opensAt)],
  [
    "731 days of sale",
    "sale.closesAt",
    "sale.closesAt",
    (l) => (l.sale.closesAt = l.sale.opensAt + 730n * DAY + 1n),
  ],
  [
    "cooling-off of 731 days",
    "sale.coolingOff",
    "sale.coolingOff",
    (l) => (l.sale.coolingOff = 730n * DAY + 1n),
  ],
  ["delay under an hour", "listing.delay", "listing.delay", (l) => (l.listing.delay = 3_599n)],
  ["delay over 30 days", "listing.delay", "listing.delay", (l) => (l.listing.delay = 30n * DAY + 1n)],
  [
    "deadline a second too early",
    "listing.deadline",
    "listing.deadline",
    (l) => (l.listing.deadline = l.sale.closesAt + l.listing.delay + 3n * DAY - 1n),
  ],
  [
    "listing a hair below the sale's price",
    "listing.price",
    "listing.price",
    (l) => (l.listing.price = { currencyUnits: 1n, tokenUnits: 20_000_000_000_001n }),
  ],
  ["liquidity without a venue", "listing.liquidity", "listing.venue", (l) => (l.listing.venue = "none")],
  [
    "lock of 36,501 days",
    "listing.lock",
    "listing.lockSeconds",
    (l) => (l.listing.lockSeconds = 36_500n * DAY + 1n),
  ],
  ["fee share above 10 %", "payout.fee.share", "payout.feeBps", (l) => (l.payout.feeBps = 1_001)],
  [
    "share and fixed fee above 10 %",
    "payout.fee",
    "payout.fee",
    (l) => (l.payout.feeFixed = l.sale.softCap / 10n - (l.sale.softCap * 200n) / 10_000n + 1n),
  ],
  [
    "cliff after the end",
    "vesting.buyers.cliff",
    "vesting.buyers.cliffSeconds",
    (l) => (l.vesting.buyers.cliffSeconds = l.vesting.buyers.durationSeconds + 1n),
  ],
  [
    "schedule of 36,501 days",
    "vesting.buyers.over",
    "vesting.buyers.durationSeconds",
    (l) => (l.vesting.buyers.durationSeconds = 36_500n * DAY + 1n),
  ],
  [
    // 5,000,000 bought; 97,996 ÷ 0.06 in lots of 3 base units: 32,665,333,333 × 5·10^13 for the pool; 1,000,000 allocated.
    "supply a unit short",
    "token.supply",
    "token.maxSupply",
    (l) => (l.token.maxSupply = 7_633_266_666_650_000_000_000_000n - 1n),
  ],
  [
    "nobody who signs vouchers",
    "roles.signer",
    "roles.signer",
    (l) => (l.roles = { ...l.roles, signer: zeroAddress, owner: zeroAddress }),
  ],
];

/** A copy to break. */
function sound(): Launch {
  return structuredClone(defineLaunch(launchFile()));
}

describe("checkLaunch", () => {
  let refusal: (launch: Launch) => Promise<string | undefined>;

  before(async () => {
    const { ethers } = await network.create();
    const venue = await ethers.deployContract("MockVenue");
    const vesting = await ethers.deployContract("Vesting");
    const places = { currency: USDC, vesting: await vesting.getAddress() };
    const factory = await ethers.getContractFactory("Sale");

    refusal = async (launch) => {
      const pool = launch.listing.venue === "none" ? zeroAddress : await venue.getAddress();
      const terms = termsOf(launch, { ...places, venue: pool } as Parameters<typeof termsOf>[1]);
      const data = (await factory.getDeployTransaction(terms)).data;
      const answer = await ethers.provider
        .call({ data })
        .catch((error: unknown) => error as { data?: string });
      if (typeof answer === "string") return undefined;
      const error = factory.interface.parseError(answer.data ?? "0x");
      return error?.name === "Sale_TermsInvalid" ? String(error.args[0]) : (error?.name ?? "?");
    };
  });

  it("passes a sound launch, as the contract does", async () => {
    expect(checkLaunch(sound())).to.deep.equal([]);
    expect(await refusal(sound())).to.equal(undefined);
  });

  for (const [name, field, term, change] of breaks) {
    it(`refuses ${name}, as the contract does`, async () => {
      const launch = sound();
      change(launch);
      expect(checkLaunch(launch).map((problem) => problem.field)).to.include(field);
      expect(await refusal(launch)).to.equal(term);
    });
  }

  it("takes a name of 31 bytes and refuses one of 32, as the token does", async () => {
    const launch = sound();
    launch.token.name = `${"ñ".repeat(15)}x`;
    expect(checkLaunch(launch)).to.deep.equal([]);
    expect(await refusal(launch)).to.equal(undefined);
    launch.token.name = "ñ".repeat(16);
    expect(checkLaunch(launch).map((problem) => problem.field)).to.deep.equal(["token.name"]);
    expect(await refusal(launch)).to.equal("StringTooLong");
  });

  it("takes a supply that is promised to the last unit, as the contract does", async () => {
    const launch = sound();
    launch.token.maxSupply = 7_633_266_666_650_000_000_000_000n;
    expect(checkLaunch(launch)).to.deep.equal([]);
    expect(await refusal(launch)).to.equal(undefined);
  });

  it("wants a paper, a tier and a pool that Uniswap can mint", () => {
    const launch = sound();
    launch.document.hash = zeroHash;
    launch.policy = { ...launch.policy, tiers: [] };
    launch.sale.softCap = 1n;
    launch.sale.minPurchase = 0n;
    launch.payout.feeFixed = 0n;
    expect(checkLaunch(launch).map((problem) => problem.field)).to.deep.equal([
      "sale.softCap",
      "document.hash",
      "policy.tiers",
    ]);
  });
});
