import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import { network } from "hardhat";
import { createPublicClient, custom, parseAbi } from "viem";
import demo from "../../launch.config.ts";
import { deployLaunch } from "../../deploy/deployLaunch.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { localWorld } from "../../deploy/localWorld.ts";
import { readRecord } from "../../deploy/readRecord.ts";
import { canonicalOn } from "../../src/launch/canonicalOn.ts";
import { requireCanonical } from "../../src/launch/requireCanonical.ts";
import { parseRecord, stringifyRecord } from "../../src/sdk/json.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { termsHash } from "../../src/sdk/terms.ts";

const saleAbi = parseAbi([
  "function termsHash() view returns (bytes32)",
  "function token() view returns (address)",
  "function phase() view returns (uint8)",
]);
const tokenAbi = parseAbi(["function balanceOf(address) view returns (uint256)"]);

async function chainOf() {
  const { provider } = await network.create();
  const ours = provider as unknown as EIP1193Provider;
  return { provider: ours, client: createPublicClient({ transport: custom(ours), cacheTime: 0 }) };
}

async function codeOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof SlipwayError ? error.code : String(error);
  }
}

describe("deployLaunch", () => {
  it("puts the launch where it was computed to be, with its terms, and records block and addresses", async () => {
    const { provider, client } = await chainOf();
    const expected = deploymentOf(demo);
    const record = await deployLaunch({ launch: demo, provider });
    expect(record.sale).to.equal(expected.sale.address);

    const sale = { address: record.sale, abi: saleAbi } as const;
    expect(await client.readContract({ ...sale, functionName: "termsHash" })).to.equal(record.termsHash);
    expect(await client.readContract({ ...sale, functionName: "token" })).to.equal(record.token);
    expect(termsHash(record.terms)).to.equal(record.termsHash);
    expect(await client.getCode({ address: record.sale, blockNumber: record.startBlock })).not.to.equal(
      undefined,
    );
    expect(await client.getCode({ address: record.sale, blockNumber: record.startBlock - 1n })).to.equal(
      undefined,
    );
    const held = await client.readContract({
      ...{ address: record.token, abi: tokenAbi, functionName: "balanceOf", args: [record.vesting] },
    });
    // 2,000,000 for the team and 1,000,000 for the ecosystem.
    expect(held).to.equal(3_000_000n * 10n ** 18n);
    expect(parseRecord(stringifyRecord(record))).to.deep.equal(record);
  });

  it("sends nothing twice, and a second launch shares the modules of the first", async () => {
    const { provider, client } = await chainOf();
    const directory = mkdtempSync(join(tmpdir(), "slipway-deploy-"));
    try {
      const first = await deployLaunch({ launch: demo, provider, directory });
      const head = await client.getBlockNumber();
      expect(await deployLaunch({ launch: demo, provider, directory })).to.deep.equal(first);
      expect(await client.getBlockNumber()).to.equal(head);

      const other = { ...demo, token: { ...demo.token, symbol: "OTHER" } };
      const second = await deployLaunch({ launch: other, provider, directory });
      expect([second.venue, second.vesting, second.registry]).to.deep.equal([
        ...[first.venue, first.vesting, first.registry],
      ]);
      expect(second.sale).not.to.equal(first.sale);
      expect(await client.getBlockNumber()).to.equal(head + 2n);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("takes launches on several venues into one journal", async () => {
    const { provider } = await chainOf();
    const directory = mkdtempSync(join(tmpdir(), "slipway-deploy-"));
    try {
      const first = await deployLaunch({ launch: demo, provider, directory });
      const { listing } = demo;
      const other = { ...demo, listing: { ...listing, venue: "uniswap-v2", tickSpacing: 0 } } as const;
      const second = await deployLaunch({ launch: other, provider, directory });
      const { modules } = deploymentOf(demo);
      expect([first.venue, second.venue]).to.deep.equal([modules.venueV4.address, modules.venueV2.address]);
      expect(second.vesting).to.equal(first.vesting);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("refuses to read a record of a launch that is not there", async () => {
    const { client } = await chainOf();
    expect(await codeOf(() => readRecord({ launch: demo, client }))).to.equal("sale-missing");
  });

  it("refuses a chain without parameters and a currency without an address", async () => {
    expect(await codeOf(() => deploymentOf({ ...demo, chainId: 5 }))).to.equal("chain-unknown");
    const currency = { symbol: "USDC", decimals: 18, address: undefined };
    expect(await codeOf(() => deploymentOf({ ...demo, currency }))).to.equal("currency-unknown");
  });
});

describe("the local world", () => {
  it("has the Permit2 of every chain, which lies at one address everywhere", () => {
    expect(localWorld().permit2.address).to.equal("0x000000000022D473030F116dDEE9F6B43aC78BA3");
  });

  it("has venue v4 where v4 sees a hook with `beforeInitialize` alone", () => {
    const { venueV4 } = deploymentOf(demo).modules;
    expect(BigInt(venueV4.address) & 0x3fffn).to.equal(1n << 13n);
  });
});

describe("canonicalOn", () => {
  const { terms } = deploymentOf(demo);
  const foreign = "0x00000000000000000000000000000000DeaDBeef";

  it("names the modules that a launch is deployed with", () => {
    requireCanonical(terms, canonicalOn(31337));
  });

  it("leaves no room for a venue of the issuer's own", async () => {
    const other = { ...terms, listing: { ...terms.listing, venue: foreign } } as const;
    const refused = () => requireCanonical(other, canonicalOn(31337));
    expect(await codeOf(refused)).to.equal("module-not-canonical");
  });
});
