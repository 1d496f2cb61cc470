import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BaseContract, Signer } from "ethers";
import { concat, Contract, ContractFactory, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { MockUSDC, Sale, VenueV2, Vesting } from "../../types/ethers-contracts/index.js";

const require = createRequire(import.meta.url);

export const HOUR = 3_600n;
export const DAY = 24n * HOUR;
export const UNIT = 10n ** 6n;
export const OPENS = 2_214_000_000n; // early in 2040
export const CLOSES = OPENS + 30n * DAY;
export const DELAY = DAY;
export const SOFT = 90_000n * UNIT;
export const HARD = 240_000n * UNIT;

/** Prebuilt Uniswap bytecode from npm: nothing of it is compiled here. */
function uniswap(name: string): { abi: string; bytecode: string } {
  const json = JSON.parse(readFileSync(require.resolve(`@uniswap/${name}.json`), "utf8")) as {
    abi: never;
    bytecode?: string;
    evm?: { bytecode: { object: string } };
  };
  const code = json.bytecode ?? json.evm?.bytecode.object ?? "";
  return { abi: json.abi, bytecode: code.startsWith("0x") ? code : `0x${code}` };
}

/** Contracts of Uniswap have no generated types: these are the methods that tests call, looked up by name. */
type Method =
  | ("getPair" | "createPair" | "swapExactTokensForTokens" | "swapExactETHForTokens")
  | ("getReserves" | "token0" | "balanceOf" | "totalSupply" | "sync" | "deposit" | "transfer")
  | ("getPool" | "createPool" | "initialize" | "slot0" | "liquidity" | "exactInputSingle" | "mint")
  | "createAndInitializePoolIfNecessary";
export type Loose = BaseContract & Record<Method, (...args: unknown[]) => Promise<unknown>>;

export async function deployUniswap(deployer: Signer, name: string, ...args: unknown[]): Promise<Loose> {
  const { abi, bytecode } = uniswap(name);
  const contract = await new ContractFactory(abi, bytecode, deployer).deploy(...args);
  await contract.waitForDeployment();
  return contract as Loose;
}

export function pairAt(ethers: HardhatEthers, address: string, runner: Signer): Loose {
  return new ethers.Contract(address, uniswap("v2-core/build/UniswapV2Pair").abi, runner) as unknown as Loose;
}

export function uniswapAt(name: string, address: string, runner: Signer): Loose {
  return new Contract(address, uniswap(name).abi, runner) as unknown as Loose;
}

export type Launch = Awaited<ReturnType<typeof startLaunch>>;

/**
 * A chain with Uniswap v2, WETH9, the venue on them, a mock dollar and Vesting; `deploySale` makes an open-mode sale
 * of 18-decimal tokens at 3 : 5e13, listed at 3 : 4e13.
 */
export async function startLaunch() {
  const connection = await network.create({ override: { hardfork: "prague" } });
  const { ethers, networkHelpers } = connection;
  const [deployer, alice, bob, treasury, feeRecipient] = await ethers.getSigners();
  await networkHelpers.time.setNextBlockTimestamp(OPENS - DAY);

  const weth = await deployUniswap(deployer!, "v2-periphery/build/WETH9");
  const factory = await deployUniswap(deployer!, "v2-core/build/UniswapV2Factory", ZeroAddress);
  const router = await deployUniswap(
    deployer!,
    "v2-periphery/build/UniswapV2Router02",
    await factory.getAddress(),
    await weth.getAddress(),
  );
  const venue = (await ethers.deployContract("VenueV2", [
    await factory.getAddress(),
    await weth.getAddress(),
  ])) as unknown as VenueV2;
  const usdc = (await ethers.deployContract("MockUSDC")) as unknown as MockUSDC;
  const vesting = (await ethers.deployContract("Vesting")) as unknown as Vesting;

  function terms(currency: string, document: string) {
    return {
      chainId: 31337n,
      token: { name: "Harbour", symbol: "HRB", decimals: 18, maxSupply: 10n ** 25n, existing: ZeroAddress },
      sale: {
        currency,
        price: { currencyUnits: 3n, tokenUnits: 5n * 10n ** 13n },
        opensAt: OPENS,
        closesAt: CLOSES,
        coolingOff: 14n * DAY,
        softCap: SOFT,
        hardCap: HARD,
        minPurchase: 30n * UNIT,
        voucherRequired: false,
        ejectable: false,
      },
      listing: {
        delay: DELAY,
        deadline: CLOSES + DELAY + 7n * DAY,
        liquidityBps: 4_000,
        price: { currencyUnits: 3n, tokenUnits: 4n * 10n ** 13n },
        venue: "",
        feeTier: 3_000,
        tickSpacing: 0,
        lockSeconds: 365n * DAY,
      },
      payout: {
        feeBps: 200,
        feeFixed: 0n,
        feeRecipient: feeRecipient!.address,
        treasury: treasury!.address,
        streamSeconds: 0n,
        burnUnsold: true,
      },
      vesting: {
        vesting: ZeroAddress,
        buyers: { initialBps: 10_000, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 },
        allocationsRoot: ZeroHash,
        allocationsTotal: 0n,
      },
      document: { hash: ZeroHash, uri: document },
      roles: {
        owner: ZeroAddress,
        compliance: ZeroAddress,
        guardian: ZeroAddress,
        signer: ZeroAddress,
        signerMaxCap: 0n,
        signerMaxWindow: 0n,
      },
    };
  }

  type Terms = ReturnType<typeof terms>;

  async function deploySale(
    change: { currency?: string; document?: string; adjust?: (terms: Terms) => void } = {},
  ): Promise<Sale> {
    const t = terms(change.currency ?? (await usdc.getAddress()), change.document ?? "");
    t.listing.venue = await venue.getAddress();
    change.adjust?.(t);
    return (await ethers.deployContract("Sale", [t])) as unknown as Sale;
  }

  /** Buys in open mode; the buyer brings exactly `amount`. */
  async function buy(sale: Sale, buyer: Signer, amount: bigint): Promise<void> {
    const address = await buyer.getAddress();
    const ether = (await sale.currency()) === ZeroAddress;
    if (!ether) {
      await usdc.mint(address, amount);
      await usdc.connect(buyer).approve(await sale.getAddress(), amount);
    }
    const { nonce } = await sale.positionOf(address);
    const voucher = {
      nonce,
      cumulativeCap: 2n ** 96n,
      validFrom: 0n,
      validUntil: 2n ** 40n,
      orderId: ZeroHash,
    };
    await sale.connect(buyer).purchase(amount, amount, voucher, "0x", { value: ether ? amount : 0n });
  }

  /** Sells `amount`, finalises and waits until anybody may list. */
  async function settle(sale: Sale, amount: bigint): Promise<void> {
    if ((await networkHelpers.time.latest()) < OPENS) await networkHelpers.time.increaseTo(OPENS);
    await buy(sale, alice!, amount);
    // Named, as the listing's delay counts from here: left alone, a block's time follows the real clock.
    await networkHelpers.time.setNextBlockTimestamp(CLOSES);
    await sale.finalise();
    await networkHelpers.time.increaseTo(CLOSES + DELAY);
  }

  async function pairOf(sale: Sale): Promise<string> {
    const currency = await sale.currency();
    const money = currency === ZeroAddress ? await weth.getAddress() : currency;
    return (await factory.getPair(await sale.token(), money)) as string;
  }

  return {
    ...{ connection, ethers, networkHelpers, weth, factory, router, venue, usdc, vesting },
    ...{ deployer: deployer!, alice: alice!, bob: bob!, treasury: treasury!, feeRecipient: feeRecipient! },
    ...{ deploySale, buy, settle, pairOf },
  };
}

/** Terms of a raise in wei so large that a pool over all prices, which end before 0 and ∞, takes some wei less than offered. */
export const ETHER_SOFT = 90n * 10n ** 18n;
export function raiseEther(terms: {
  sale: { softCap: bigint; hardCap: bigint; price: { currencyUnits: bigint; tokenUnits: bigint } };
  listing: { price: { currencyUnits: bigint; tokenUnits: bigint } };
}): void {
  [terms.sale.softCap, terms.sale.hardCap] = [ETHER_SOFT, 2n * ETHER_SOFT];
  terms.sale.price = { currencyUnits: 3n, tokenUnits: 5n };
  terms.listing.price = { currencyUnits: 3n, tokenUnits: 4n };
}

/** Code of an account that acts as `target` when it is called (EIP-7702); one without `receive` takes no ETH. */
export function delegation(target: string): string {
  return concat(["0xef0100", target]);
}

/** What the pool of `raised` must hold, by hand: 98 % of it, of which 40 %, in whole lots of 3. */
export function poolOf(raised: bigint): { money: bigint; tokens: bigint } {
  const part = ((raised - raised / 50n) * 4n) / 10n;
  const lots = part / 3n;
  return { money: lots * 3n, tokens: lots * 4n * 10n ** 13n };
}
