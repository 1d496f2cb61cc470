import { expect } from "chai";
import { Interface } from "ethers";
import { network } from "hardhat";
import { zeroAddress, zeroHash, type Address } from "viem";
import { venueV3Abi } from "../../src/sdk/abi/VenueV3.ts";
import { venueV4Abi } from "../../src/sdk/abi/VenueV4.ts";
import { checkLaunch } from "../../src/sdk/launchFile/checkLaunch.ts";
import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { termsOf } from "../../src/sdk/launchFile/termsOf.ts";
import { bringVenue } from "../support/bringVenue.ts";
import { launchFile } from "../support/launchFile.ts";

const DAY = 86_400n;

type Break = [name: string, field: string, term: string, change: (launch: Launch) => void];

/** Each breaks one rule by the least possible: the launch file's field, and the term that the contract names. */
const breaks: Break[] = [
  ["no supply", "token.supply", "token.maxSupply", (l) => (l.token.maxSupply = 0n)],
  ["supply of 2^127", "token.supply", "token.maxSupply", (l) => (l.token.maxSupply = 2n ** 127n)],
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
  [
    // 40 % of 97,990 are a hundred lots of 391.96.
    "a pool of less than a hundred lots",
    "listing.price",
    "listing.price",
    (l) => (l.listing.price = { currencyUnits: 391_960_001n, tokenUnits: 2n ** 72n }),
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

/** The same on v4, where the venue itself refuses: the launch file's field, and the venue's error. */
const breaksV4: Break[] = [
  ["a fee of more than 10 %", "listing.feeTier", "Venue_FeeTier", (l) => (l.listing.feeTier = 100_001)],
  ["no tick spacing", "listing.tickSpacing", "Venue_TickSpacing", (l) => (l.listing.tickSpacing = 0)],
  [
    "a tick spacing of 32,768",
    "listing.tickSpacing",
    "Venue_TickSpacing",
    (l) => (l.listing.tickSpacing = 32_768),
  ],
  ["nothing for the pool", "listing.price", "listing.price", (l) => setMoney(l, 1n, 1_000n, 1n)],
  [
    "a price of 2^97",
    "listing.price",
    "Venue_PriceOutOfRange",
    (l) => setMoney(l, 1_000n, 1_000n, 2n ** 97n),
  ],
  [
    // 98 % of 2^95, of which 40 %, at 2^31: √(2^93.65 · 2^124.65) = 2^109.15, and 1,774,545 ticks hold 2^107.24 each.
    "more liquidity than a tick holds",
    "sale.hardCap",
    "Venue_AmountTooLarge",
    (l) => {
      setMoney(l, 1_000n, 2n ** 95n, 2n ** 31n);
      l.listing.tickSpacing = 1;
    },
  ],
];

/** One base unit of currency for `tokenUnits`; the largest supply. */
function setMoney(launch: Launch, softCap: bigint, hardCap: bigint, tokenUnits: bigint): void {
  Object.assign(launch.sale, { softCap, hardCap, minPurchase: 0n, price: { currencyUnits: 1n, tokenUnits } });
  launch.listing.price = { currencyUnits: 1n, tokenUnits };
  launch.token.maxSupply = 2n ** 127n - 1n;
  launch.payout.feeFixed = 0n;
}

/** A copy to break. */
function sound(): Launch {
  return structuredClone(defineLaunch(launchFile()));
}

function soundOn(venue: "uniswap-v3" | "uniswap-v4"): Launch {
  const file = launchFile();
  return structuredClone(defineLaunch({ ...file, listing: { ...file.listing, venue } }));
}

describe("checkLaunch", () => {
  let refusal: (launch: Launch) => Promise<string | undefined>;
  let token: Address;

  before(async () => {
    const connection = await network.create();
    const { ethers } = connection;
    token = (await (await ethers.deployContract("PlainCurrency")).getAddress()) as Address;
    const mock = await ethers.deployContract("MockVenue");
    const venues = {
      "uniswap-v4": await bringVenue(connection.provider, "venueV4"),
      "uniswap-v3": await bringVenue(connection.provider, "venueV3"),
      "uniswap-v2": await mock.getAddress(),
      none: zeroAddress,
    };
    const venueErrors = new Interface([...venueV4Abi, ...venueV3Abi].filter(({ type }) => type === "error"));
    const vesting = await ethers.deployContract("Vesting");
    const usdc = await ethers.deployContract("MockUSDC");
    const places = { currency: await usdc.getAddress(), vesting: await vesting.getAddress() };
    const factory = await ethers.getContractFactory("Sale");

    refusal = async (launch) => {
      const venue = venues[launch.listing.venue];
      const terms = termsOf(launch, { ...places, venue } as Parameters<typeof termsOf>[1]);
      const data = (await factory.getDeployTransaction(terms)).data;
      const answer = await ethers.provider
        .call({ data })
        .catch((error: unknown) => error as { data?: string });
      if (typeof answer === "string") return undefined;
      const data_ = answer.data ?? "0x";
      const error = factory.interface.parseError(data_) ?? venueErrors.parseError(data_);
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

  it("passes a sound launch on v4 under any tick spacing, as the venue does", async () => {
    for (const tickSpacing of [1, 60, 32_767]) {
      const launch = soundOn("uniswap-v4");
      launch.listing.tickSpacing = tickSpacing;
      expect(checkLaunch(launch)).to.deep.equal([]);
      expect(await refusal(launch)).to.equal(undefined);
    }
  });

  for (const [name, field, error, change] of breaksV4) {
    it(`refuses ${name} on v4, as the venue does`, async () => {
      const launch = soundOn("uniswap-v4");
      change(launch);
      expect(checkLaunch(launch).map((problem) => problem.field)).to.include(field);
      expect(await refusal(launch)).to.equal(error);
    });
  }

  const onV3: Break[] = [
    ["a fee tier that v3 has not", "listing.feeTier", "Venue_FeeTier", (l) => (l.listing.feeTier = 2_500)],
    [
      "another tick spacing than the tier's",
      "listing.feeTier",
      "Venue_TickSpacing",
      (l) => (l.listing.tickSpacing = 10),
    ],
    ...breaksV4.filter(([, , error]) => error === "Venue_PriceOutOfRange"),
  ];
  for (const [name, field, error, change] of onV3) {
    it(`refuses ${name} on v3, as the venue does`, async () => {
      const launch = soundOn("uniswap-v3");
      expect(await refusal(launch)).to.equal(undefined);
      change(launch);
      expect(checkLaunch(launch).map((problem) => problem.field)).to.include(field);
      expect(await refusal(launch)).to.equal(error);
    });
  }

  it("lists a token that exists on v4, and on no other venue that makes a pool, as the venues do", async () => {
    const existing = (launch: Launch) => {
      launch.token = { ...launch.token, existing: token, decimals: 6 };
      return launch;
    };
    const onV4 = existing(soundOn("uniswap-v4"));
    expect(checkLaunch(onV4)).to.deep.equal([]);
    expect(await refusal(onV4)).to.equal(undefined);
    const onV3 = existing(soundOn("uniswap-v3"));
    expect(checkLaunch(onV3).map(({ field }) => field)).to.deep.equal(["listing.venue"]);
    expect(await refusal(onV3)).to.equal("Venue_NotBornHere");
  });

  it("knows the last price that v4 takes in either order of addresses", () => {
    const problems = (launch: Launch) => checkLaunch(launch).map(({ field }) => field);
    const launch = soundOn("uniswap-v4");
    launch.policy = { ...launch.policy, tiers: [] };
    launch.roles = { ...launch.roles, signer: zeroAddress };
    launch.sale.voucherRequired = false;
    setMoney(launch, 1_000n, 1_000n, 2n ** 96n);
    expect(problems(launch)).to.deep.equal([]);
    setMoney(launch, 1_000n, 1_000n, 2n ** 96n + 2n ** 50n);
    // At both caps.
    expect(problems(launch)).to.deep.equal(["listing.price", "listing.price"]);
  });

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
      "listing.price",
      "sale.softCap",
      "document.hash",
      "policy.tiers",
    ]);
  });
});
