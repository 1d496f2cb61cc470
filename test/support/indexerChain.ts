import { readFileSync } from "node:fs";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import {
  createTestClient,
  getAddress,
  http,
  publicActions,
  walletActions,
  zeroAddress,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { hardhat } from "viem/chains";
import { saleModule } from "../../deploy/modules/saleModule.ts";
import { runModule } from "../../deploy/runModule.ts";
import { saleCreation } from "../../deploy/saleCreation.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { policyHash, type Policy } from "../../src/sdk/policy.ts";
import { termsHash, type Terms } from "../../src/sdk/terms.ts";
import type { Voucher } from "../../src/sdk/voucher.ts";
import { serveChain } from "./serveChain.ts";

/** A node of our own over JSON-RPC and HTTP, with a currency and open-mode sales that tests drive. */
export type IndexerChain = Awaited<ReturnType<typeof startIndexerChain>>;
export type TestSale = Awaited<ReturnType<IndexerChain["deploySale"]>>;

const UNIT = 10n ** 6n;
/** Without its literal types: any function by its name. */
const anySaleAbi: Abi = saleAbi;

function artifact(path: string): { abi: readonly unknown[]; bytecode: Hex } {
  const file = new URL(`../../artifacts/contracts/${path}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as { abi: readonly unknown[]; bytecode: Hex };
}

export async function startIndexerChain() {
  const { url, close } = await serveChain();
  const client = createTestClient({
    chain: hardhat,
    mode: "hardhat",
    transport: http(url, { retryCount: 0 }),
    pollingInterval: 10,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions);
  const [deployer, ...buyers] = (await client.getAddresses()) as [Address, ...Address[]];
  const provider: EIP1193Provider = { request: (call) => client.request(call as never) };
  let sales = 0;
  const usdc = artifact("mocks/MockUSDC.sol/MockUSDC");
  const currency = await deploy(usdc.abi, usdc.bytecode, []);

  async function mined(hash: Hex) {
    const receipt = await client.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`${hash} reverted`);
    return receipt;
  }

  async function deploy(abi: readonly unknown[], bytecode: Hex, args: readonly unknown[]): Promise<Address> {
    const hash = await client.deployContract({ abi, bytecode, args, account: deployer });
    const { contractAddress } = await mined(hash);
    if (contractAddress == null) throw new Error("nothing was deployed");
    return getAddress(contractAddress);
  }

  async function now(): Promise<bigint> {
    return (await client.getBlock()).timestamp;
  }

  async function deploySale(change: (terms: Terms) => Terms = (terms) => terms) {
    const terms = change(openTerms(await now(), currency, deployer));
    // Equal terms would be the same sale.
    terms.document = { ...terms.document, uri: `${terms.document.uri}#${String(++sales)}` };
    await runModule({ module: saleModule(terms), provider });
    const sale = saleCreation(terms).sale.address;
    const startBlock = await client.getBlockNumber();
    const token = await client.readContract({ abi: saleAbi, address: sale, functionName: "token" });
    const record: LaunchRecord = {
      chainId: 31337,
      ...{ sale, token, currency, venue: terms.listing.venue, vesting: zeroAddress, registry: zeroAddress },
      ...{ termsHash: termsHash(terms), policyHash: policyHash(policy), startBlock, terms, policy },
    };

    const send = async (account: Address, functionName: string, args: readonly unknown[] = []) =>
      mined(await client.writeContract({ abi: anySaleAbi, address: sale, functionName, args, account }));

    return {
      record,
      sale,
      send,
      /** Funds, approves and buys for `amount`: three blocks. */
      async buy(buyer: Address, amount: bigint, orderId: Hex = randomHash()) {
        await this.fund(buyer, amount);
        return this.purchase(buyer, amount, orderId);
      },
      async fund(buyer: Address, amount: bigint) {
        const money = { abi: usdc.abi, address: currency, account: buyer };
        await mined(await client.writeContract({ ...money, functionName: "mint", args: [buyer, amount] }));
        await mined(await client.writeContract({ ...money, functionName: "approve", args: [sale, amount] }));
      },
      /** With what `fund` gave: one block. */
      async purchase(buyer: Address, amount: bigint, orderId: Hex = randomHash()) {
        const [, , nonce] = await client.readContract({
          ...{ abi: saleAbi, address: sale, functionName: "positionOf", args: [buyer] },
        } as const);
        const voucher: Voucher = {
          nonce,
          cumulativeCap: 2n ** 90n,
          validFrom: 0n,
          validUntil: 2n ** 60n,
          orderId,
        };
        return send(buyer, "purchase", [amount, 0n, voucher, "0x"]);
      },
      truth: async (block?: bigint) => {
        const at = block === undefined ? {} : { blockNumber: block };
        const read = <Name extends "history" | "raised" | "phase">(functionName: Name) =>
          client.readContract({ abi: saleAbi, address: sale, functionName, ...at });
        return { history: await read("history"), raised: await read("raised"), phase: await read("phase") };
      },
      positionOf: (buyer: Address) =>
        client.readContract({ abi: saleAbi, address: sale, functionName: "positionOf", args: [buyer] }),
    };
  }

  return {
    url,
    client,
    deployer,
    buyers,
    currency,
    provider,
    deploySale,
    now,
    async moveTo(time: bigint) {
      await client.setNextBlockTimestamp({ timestamp: time });
      await client.mine({ blocks: 1 });
    },
    close,
  };
}

export function randomHash(): Hex {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** Open since a minute, anybody buys without a voucher, no pool: everything lists at once. */
export function openTerms(now: bigint, currency: Address, owner: Address): Terms {
  return {
    chainId: 31337n,
    token: { name: "Test", symbol: "TST", decimals: 18, maxSupply: 10n ** 27n, existing: zeroAddress },
    sale: {
      currency,
      price: { currencyUnits: 1n, tokenUnits: 20n * 10n ** 12n },
      ...{ opensAt: now - 60n, closesAt: now + 1_000_000n, coolingOff: 500_000n },
      ...{
        softCap: 100n * UNIT,
        hardCap: 1_000_000n * UNIT,
        minPurchase: 0n,
        voucherRequired: false,
        ejectable: true,
      },
    },
    listing: {
      ...{ delay: 3600n, deadline: now + 2_000_000n, liquidityBps: 0 },
      price: { currencyUnits: 1n, tokenUnits: 20n * 10n ** 12n },
      ...{ venue: zeroAddress, feeTier: 0, tickSpacing: 0, lockSeconds: 0n },
    },
    payout: {
      ...{
        feeBps: 200,
        feeFixed: 0n,
        feeRecipient: owner,
        treasury: owner,
        streamSeconds: 0n,
        burnUnsold: true,
      },
    },
    vesting: {
      vesting: zeroAddress,
      buyers: { initialBps: 10_000, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 },
      allocationsRoot: zeroHash,
      allocationsTotal: 0n,
    },
    document: { hash: zeroHash, uri: "" },
    roles: {
      ...{
        owner,
        compliance: owner,
        guardian: owner,
        signer: zeroAddress,
        signerMaxCap: 0n,
        signerMaxWindow: 0n,
      },
    },
  };
}

const policy: Policy = {
  version: 1n,
  tiers: [],
  deniedCountries: [],
  walletsPerPerson: 1n,
  decisionMaxAgeSeconds: 1n,
  requestsPerMinute: 1n,
};
