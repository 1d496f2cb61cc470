import { expect } from "chai";
import { network } from "hardhat";
import { createWalletClient, custom, zeroHash, type Address } from "viem";
import { hardhat } from "viem/chains";
import { chainParameters } from "../../deploy/chains.ts";
import { deployLaunch } from "../../deploy/deployLaunch.ts";
import { canonicalOn } from "../../src/launch/canonicalOn.ts";
import { finalise } from "../../src/launch/finalise.ts";
import { list } from "../../src/launch/list.ts";
import type { Reconciliation } from "../../src/reconcile/reconcile.ts";
import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import type { LaunchFile } from "../../src/sdk/launchFile/LaunchFile.ts";
import { launchFile } from "../support/launchFile.ts";
import { codeOf } from "../support/signerUnderTest.ts";
import type { MockUSDC, PlainCurrency, Sale } from "../../types/ethers-contracts/index.js";

const UNIT = 10n ** 6n;
const TREASURY: Address = `0x${"2".repeat(40)}`;

/** A launch of 8,000,000 tokens that exist, from its file on: 100,000 at 0.05 are sold, and the sale may be listed. */
async function settledLaunch(listing: Partial<LaunchFile["listing"]>) {
  const { ethers, provider, networkHelpers } = await network.create();
  const [deployer, buyer] = await ethers.getSigners();
  const token = (await ethers.deployContract("PlainCurrency")) as unknown as PlainCurrency;
  const file = launchFile();
  const launch = defineLaunch({
    ...file,
    token: {
      ...{ name: "Plain Dollar", symbol: "PLN", decimals: 6, supply: "8_000_000" },
      existing: (await token.getAddress()) as Address,
    },
    sale: { ...file.sale, voucherRequired: false, minPurchase: "0" },
    listing: { price: "0.05", deadline: file.listing.deadline, lock: "0 days", liquidity: "0%", ...listing },
    vesting: { buyers: "at listing" },
    payout: { ...file.payout, unsold: "treasury" },
  });
  const record = await deployLaunch({ launch, provider });
  const sale = (await ethers.getContractAt("Sale", record.sale)) as unknown as Sale;

  await token.mint(deployer!.address, 8_000_000n * UNIT);
  await token.approve(record.sale, 8_000_000n * UNIT);
  await sale.fund();
  const usdc = (await ethers.getContractAt("MockUSDC", record.currency)) as unknown as MockUSDC;
  await networkHelpers.time.increaseTo(record.terms.sale.opensAt);
  await usdc.mint(buyer!.address, 100_000n * UNIT);
  await usdc.connect(buyer).approve(record.sale, 100_000n * UNIT);
  const window = { validFrom: 0n, validUntil: 2n ** 40n };
  const voucher = { nonce: 0n, cumulativeCap: 2n ** 40n, ...window, orderId: zeroHash };
  await sale.connect(buyer).purchase(100_000n * UNIT, 1n, voucher, "0x");

  await networkHelpers.time.increaseTo(record.terms.sale.closesAt);
  const client = createWalletClient({ chain: hardhat, transport: custom(provider), cacheTime: 0 });
  const command = { client, account: deployer!.address as Address, record };
  const { listableFrom } = await finalise(command);
  const copy = { history: await sale.history() };
  const reconciled = { differences: [], omitted: 0, copy, phase: "succeeded" } as unknown as Reconciliation;
  const listNow = () =>
    list({ ...command, canonical: canonicalOn(31337), reconcile: () => Promise.resolve(reconciled) });
  expect(await codeOf(listNow())).to.equal("Sale_ListingTooEarly");
  await expect(sale.claim(buyer!.address)).to.be.revertedWithCustomError(sale, "Sale_WrongPhase");
  await networkHelpers.time.increaseTo(listableFrom);

  return {
    ...{ sale, token, usdc, listNow },
    /** Everybody takes what is theirs; answers what the treasury then has, and the sale has nothing. */
    payOut: async () => {
      await sale.claim(buyer!.address);
      await sale.releaseFee();
      await sale.releaseTreasury();
      await sale.releaseUnsold();
      expect(await token.balanceOf(buyer!.address)).to.equal(2_000_000n * UNIT);
      expect(await token.balanceOf(record.sale)).to.equal(0n);
      expect(await usdc.balanceOf(record.sale)).to.equal(0n);
      return { tokens: await token.balanceOf(TREASURY), money: await usdc.balanceOf(TREASURY) };
    },
  };
}

describe("a launch of a token that exists", () => {
  it("makes no pool without a venue, and pays everybody out", async () => {
    const { listNow, payOut } = await settledLaunch({ venue: "none" });
    const listed = await listNow();
    // 2 % and 10 fee; nothing for a pool.
    expect(listed).to.deep.include({ id: zeroHash, poolTokens: 0n, poolCurrency: 0n, fee: 2_010n * UNIT });
    expect(await payOut()).to.deep.equal({ tokens: 6_000_000n * UNIT, money: 97_990n * UNIT });
  });

  it("is listed on v4 with a hook that is born in the listing", async () => {
    const { token, usdc, listNow, payOut } = await settledLaunch({ liquidity: "40%" });
    const listed = await listNow();
    expect(await listNow()).to.deep.equal({ ...listed, reconciliation: undefined });

    // 40 % of 97,990 at 0.05, of which the pool takes what its liquidity needs.
    const { poolManager } = chainParameters(31337).uniswapV4;
    const pooled = { tokens: await token.balanceOf(poolManager), money: await usdc.balanceOf(poolManager) };
    expect(pooled).to.deep.equal({ tokens: listed.poolTokens, money: listed.poolCurrency });
    const missing = [783_920n * UNIT - pooled.tokens, 39_196n * UNIT - pooled.money];
    expect(
      missing.every((units) => units >= 0n && units < 10n),
      missing.join(),
    ).to.equal(true);
    expect(await payOut()).to.deep.equal({
      tokens: 6_000_000n * UNIT - pooled.tokens,
      money: 97_990n * UNIT - pooled.money,
    });
  });
});
