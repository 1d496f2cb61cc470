import { readFileSync } from "node:fs";
import { expect } from "chai";
import ts from "typescript";
import { keccak256 } from "viem";
import icoLaunch from "../../examples/launches/ico.config.ts";
import idoLaunch from "../../examples/launches/ido.config.ts";
import ieoLaunch from "../../examples/launches/ieo.config.ts";
import demo from "../../launch.config.ts";
import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import { labelsOf } from "../../src/sdk/launchFile/labelsOf.ts";
import type { LaunchFile } from "../../src/sdk/launchFile/LaunchFile.ts";
import { ico } from "../../src/sdk/launchFile/presets.ts";
import { SlipwayError, type Problem } from "../../src/sdk/problem.ts";
import { launchFile } from "../support/launchFile.ts";

/** Any value at any path, as a launch file in plain JavaScript could have it. */
function broken(changes: Record<string, unknown>): LaunchFile {
  const file = launchFile() as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, file);
    parent[last] = value;
  }
  return file as unknown as LaunchFile;
}

function problemsOf(file: LaunchFile): readonly Problem[] {
  try {
    defineLaunch(file);
  } catch (error) {
    expect(error).to.be.instanceOf(SlipwayError);
    expect((error as SlipwayError).code).to.equal("launch-invalid");
    return (error as SlipwayError).problems;
  }
  return [];
}

describe("defineLaunch", () => {
  it("reads amounts, prices, times, durations and shares exactly", () => {
    const launch = defineLaunch(launchFile());
    expect(launch.token.maxSupply).to.equal(10n ** 25n);
    // 50,000 base units for 10^18 base units, and 60,000 for 10^18.
    expect(launch.sale.price).to.deep.equal({ currencyUnits: 1n, tokenUnits: 20_000_000_000_000n });
    expect(launch.listing.price).to.deep.equal({ currencyUnits: 3n, tokenUnits: 50_000_000_000_000n });
    // date -u -d 2040-03-01T14:00Z +%s
    expect(launch.sale.opensAt).to.equal(2_214_223_200n);
    expect(launch.sale.closesAt - launch.sale.opensAt).to.equal(1_209_600n);
    expect(launch.sale.hardCap).to.equal(250_000_000_000n);
    expect(launch.listing.liquidityBps).to.equal(4_000);
    expect(launch.payout.feeBps).to.equal(200);
    expect(launch.payout.feeFixed).to.equal(10_000_000n);
    expect(launch.vesting.buyers).to.deep.equal({
      ...{ initialBps: 2_500, cliffSeconds: 2_592_000n, durationSeconds: 15_552_000n, steps: 6 },
    });
    expect(launch.policy.deniedCountries).to.deep.equal(["KP", "UA-43"]);
    expect(launch.policy.tiers[0]).to.include({ opensAt: launch.sale.opensAt, personCap: 20_000_000_000n });
  });

  it("lists on v4 where the file names no venue, with fee and tick spacing as it says", () => {
    const venue = (change: Record<string, unknown>) => {
      const { listing } = defineLaunch(broken({ "listing.venue": undefined, ...change }));
      return [listing.venue, listing.feeTier, listing.tickSpacing];
    };
    expect(venue({})).to.deep.equal(["uniswap-v4", 3_000, 60]);
    expect(venue({ "listing.feeTier": "0.05%", "listing.tickSpacing": 10 })).to.deep.equal([
      "uniswap-v4",
      500,
      10,
    ]);
    expect(venue({ "listing.feeTier": "0.0001%" })[1]).to.equal(1);
    const onV3 = { "listing.venue": "uniswap-v3" };
    expect(venue(onV3)).to.deep.equal(["uniswap-v3", 3_000, 60]);
    expect(venue({ ...onV3, "listing.feeTier": "1%" })).to.deep.equal(["uniswap-v3", 10_000, 200]);
    const unknown = problemsOf(broken({ ...onV3, "listing.feeTier": "0.25%" }));
    expect(unknown.map(({ field }) => field)).to.deep.equal(["listing.feeTier"]);
    expect(venue({ "listing.venue": "uniswap-v2" })).to.deep.equal(["uniswap-v2", 3_000, 0]);
  });

  it("knows no fee and no tick spacing where the venue leaves no choice", () => {
    const problems = problemsOf(broken({ "listing.feeTier": "0.3%", "listing.tickSpacing": 60 }));
    expect(problems.map(({ code, field }) => [code, field])).to.deep.equal([
      ["field-unknown", "listing.feeTier"],
      ["field-unknown", "listing.tickSpacing"],
    ]);
    const onV4 = problemsOf(
      broken({ "listing.venue": "uniswap-v4", "listing.feeTier": "0.00001%", "listing.tickSpacing": 1.5 }),
    );
    expect(onV4.map(({ code, field }) => [code, field])).to.deep.equal([
      ["share-invalid", "listing.feeTier"],
      ["number-invalid", "listing.tickSpacing"],
    ]);
  });

  it("fills in what may be left out", () => {
    const launch = defineLaunch(
      broken({
        "token.decimals": undefined,
        "sale.coolingOff": undefined,
        "sale.minPurchase": undefined,
        "listing.delay": undefined,
        "payout.fee": undefined,
        "vesting.buyers": "at listing",
        "vesting.allocations": undefined,
        "listing.lock": "forever",
      }),
    );
    expect(launch.token.decimals).to.equal(18);
    expect(launch.sale).to.include({
      coolingOff: 0n,
      minPurchase: 0n,
      voucherRequired: true,
      ejectable: false,
    });
    expect(launch.listing).to.include({ delay: 86_400n, lockSeconds: 18_446_744_073_709_551_615n });
    expect(launch.payout).to.include({ feeBps: 0, feeFixed: 0n });
    expect(launch.vesting).to.deep.equal({
      buyers: { initialBps: 10_000, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 },
      allocations: [],
    });
  });

  it("tells every unreadable field at once", () => {
    const problems = problemsOf(
      broken({
        chainId: 0,
        "token.name": "",
        "sale.price": "free",
        "sale.softCap": "100000 DAI",
        "sale.hardCap": "0.0000001",
        "sale.opensAt": "2040-02-30T14:00Z",
        "sale.closesAt": "2040-03-15 14:00",
        "sale.coolingOff": 14,
        "listing.liquidity": "40.001%",
        "listing.venue": "uniswap-v9",
        "payout.treasury": "0x14dC79964da2C08b23698B3D3cc7Ca32193d9956",
        "document.hash": "0xabcd",
        "policy.deniedCountries": ["USA"],
        "policy.tiers": "all",
        "sale.softcap": "100000",
      }),
    );
    expect(problems.map(({ field, code }) => `${field} ${code}`)).to.have.members([
      "chainId number-invalid",
      "token.name text-invalid",
      "sale.price price-invalid",
      "sale.softCap amount-invalid",
      "sale.hardCap amount-too-fine",
      "sale.opensAt time-invalid",
      "sale.closesAt time-invalid",
      "sale.coolingOff duration-invalid",
      "listing.liquidity share-invalid",
      "listing.venue choice-invalid",
      "payout.treasury address-invalid",
      "document.hash hash-invalid",
      "policy.deniedCountries.0 country-invalid",
      "policy.tiers list-invalid",
      "sale.softcap field-unknown",
    ]);
    for (const { got, wanted, wayOut } of problems) {
      expect([got, wanted, wayOut].every((text) => text.length > 0)).to.equal(true);
    }
  });

  it("tells every broken rule at once, by the name that the file has for it", () => {
    const problems = problemsOf(
      broken({
        "sale.softCap": "300000",
        "sale.closesAt": "2040-03-01T14:00Z",
        "listing.price": "0.04 USDC",
        "token.supply": "5_000_000",
        "policy.tiers": [
          { id: "a", personCap: "30000", voucherLife: "2 hours" },
          { id: "a", personCap: "50", voucherLife: "10 minutes" },
        ],
      }),
    );
    expect(problems.map(({ field }) => field)).to.include.members([
      "sale.softCap",
      "sale.closesAt",
      "listing.price",
      "token.supply",
      "policy.tiers.0.personCap",
      "policy.tiers.0.voucherLife",
      "policy.tiers.1.id",
      "policy.tiers.1.personCap",
    ]);
  });

  it("tells unreadable fields and broken rules in one go, without rules that compare what is unreadable", () => {
    const problems = problemsOf(
      broken({
        "sale.opensAt": "soon",
        "payout.treasury": "0x12",
        "listing.price": "0.04 USDC",
        "policy.tiers": [{ id: "a", personCap: "50", voucherLife: "2 hours" }],
      }),
    );
    expect(problems.map(({ field, code }) => `${field} ${code}`)).to.have.members([
      "sale.opensAt time-invalid",
      "payout.treasury address-invalid",
      "listing.price rule-broken",
      "policy.tiers.0.personCap rule-broken",
      "policy.tiers.0.voucherLife rule-broken",
    ]);
  });

  it("takes the demo's launch, whose paper hashes to what it says", () => {
    const paper = readFileSync(new URL("../../docs/acme-paper.md", import.meta.url));
    expect(demo.document.hash).to.equal(keccak256(paper));
  });

  it("wants a fee where somebody is to get one", () => {
    const problems = problemsOf(broken({ "payout.fee": { recipient: `0x${"1".repeat(40)}` } }));
    expect(problems.map(({ field }) => field)).to.deep.equal(["payout.fee"]);
  });

  it("labels insiders: those of the file, and who gets tokens or money by the terms", () => {
    const account = (digit: string) => `0x${digit.repeat(40)}` as const;
    const founder = { label: "founder", address: account("9") };
    const labels = labelsOf(defineLaunch(broken({ insiders: [founder] })));
    expect(labels).to.deep.include.members([
      founder,
      { label: "team", address: account("3") },
      { label: "treasury", address: account("2") },
      { label: "fee recipient", address: account("1") },
    ]);
    const unreadable = problemsOf(broken({ insiders: [{ label: "", address: "0x1" }] }));
    expect(unreadable.map(({ field }) => field)).to.deep.equal(["insiders.0.label", "insiders.0.address"]);
  });

  it("has presets that fill in what the file leaves out", () => {
    expect(ieoLaunch.sale).to.include({ voucherRequired: true, ejectable: true, coolingOff: 1_209_600n });
    expect(ieoLaunch.payout).to.include({ feeBps: 400, burnUnsold: true });
    expect(ieoLaunch.vesting.buyers.initialBps).to.equal(2_500);
    expect(icoLaunch.sale.voucherRequired).to.equal(false);
    expect(icoLaunch.policy.tiers).to.deep.equal([]);
    expect(icoLaunch.listing.liquidityBps).to.equal(5_000);
    expect(idoLaunch.listing).to.include({ liquidityBps: 8_000, lockSeconds: 2n ** 64n - 1n });
    expect(idoLaunch.vesting.buyers.initialBps).to.equal(10_000);

    const file = launchFile();
    const own = ico({ ...file, listing: { ...file.listing, liquidity: "30%" } });
    expect(own.listing.liquidity).to.equal("30%");
    expect(own.policy.tiers).to.deep.equal(file.policy.tiers);
  });

  it("describes each of its fields for editors", () => {
    const path = new URL("../../src/sdk/launchFile/LaunchFile.ts", import.meta.url);
    const source = ts.createSourceFile(
      "LaunchFile.ts",
      readFileSync(path, "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    const bare: string[] = [];
    const visit = (node: ts.Node): void => {
      // One line says of several small fields what they are.
      const inLine = ts.isPropertySignature(node) && !node.parent.getText().includes("\n");
      if (ts.isPropertySignature(node) && !inLine && ts.getJSDocCommentsAndTags(node).length === 0) {
        bare.push(node.getText().split("\n")[0] ?? "");
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    expect(bare).to.deep.equal([]);
  });
});
