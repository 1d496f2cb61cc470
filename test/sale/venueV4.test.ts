import { expect } from "chai";
import {
  AbiCoder,
  getCreateAddress,
  id,
  keccak256,
  solidityPackedKeccak256,
  toBeHex,
  Wallet,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import type { Address } from "viem";
import { uniswapArtifact } from "../../deploy/artifacts.ts";
import { mineHookSalt } from "../../deploy/mineSalt.ts";
import type { HostileToken, LaunchToken, Sale } from "../../types/ethers-contracts/index.js";
import { artifactOf } from "../support/artifactOf.ts";
import { refusalOf } from "../support/refusalOf.ts";
import { DAY, delegation, ETHER_SOFT, poolOf, raiseEther, SOFT, UNIT } from "../support/saleOnUniswapV2.ts";
import { startV4, type V4 } from "../support/saleOnUniswapV4.ts";

const LOCK = 365n * DAY;
/** Slot of `mapping(PoolId => Pool.State)` in PoolManager, and where `liquidity` lies in a pool's state. */
const POOLS_SLOT = 6n;

/** A sale in ERC-20 (or ETH) that lists on v4, settled, so that anybody may list. */
async function settledSale(v4: V4, { ether = false, document = "" } = {}) {
  const venue = await v4.venue.getAddress();
  const sale = await v4.deploySale({
    document,
    ...(ether ? { currency: ZeroAddress } : {}),
    adjust: (terms) => {
      terms.listing.venue = venue;
      terms.listing.tickSpacing = 60;
    },
  });
  await v4.settle(sale, SOFT);
  return sale;
}

async function keyOf(v4: V4, sale: Sale) {
  const [token, currency, hooks] = [await sale.token(), await sale.currency(), await v4.venue.getAddress()];
  const tokenIs0 = BigInt(token) < BigInt(currency);
  const [currency0, currency1] = tokenIs0 ? [token, currency] : [currency, token];
  return { currency0, currency1, fee: 3_000, tickSpacing: 60, hooks, tokenIs0 };
}

const keyType = "tuple(address,address,uint24,int24,address)";

function idOf(key: Awaited<ReturnType<typeof keyOf>>): string {
  const values = [key.currency0, key.currency1, key.fee, key.tickSpacing, key.hooks];
  return keccak256(AbiCoder.defaultAbiCoder().encode([keyType], [values]));
}

async function tokenOf(v4: V4, sale: Sale): Promise<LaunchToken> {
  return (await v4.ethers.getContractAt("LaunchToken", await sale.token())) as unknown as LaunchToken;
}

/** Price and liquidity, read out of the manager's storage. */
async function poolAt(v4: V4, id: string) {
  const state = BigInt(solidityPackedKeccak256(["bytes32", "uint256"], [id, POOLS_SLOT]));
  const load = async (slot: bigint) =>
    BigInt((await v4.manager["extsload(bytes32)"]!(toBeHex(slot, 32))) as string);
  return {
    sqrtPriceX96: (await load(state)) & (2n ** 160n - 1n),
    liquidity: (await load(state + 3n)) & (2n ** 128n - 1n),
  };
}

describe("venue v4", () => {
  let v4: V4;
  beforeEach(async () => {
    v4 = await startV4();
  });
  afterEach(async () => {
    await v4.connection.close();
  });

  for (const ether of [false, true]) {
    const name = ether ? "ETH" : "an ERC-20";

    it(`lists for ${name} at the price of the terms, and gives back what the pool did not take`, async () => {
      const sale = await settledSale(v4, { ether });
      const key = await keyOf(v4, sale);
      await sale.connect(v4.bob).list(await sale.history());

      const { money, tokens } = poolOf(SOFT);
      const { sqrtPriceX96: root, liquidity } = await poolAt(v4, idOf(key));
      const [d, n] = key.tokenIs0 ? [tokens, money] : [money, tokens];
      // The floor of the square root, checked from both sides.
      expect(root ** 2n * d <= n * 2n ** 192n, "root too large").to.equal(true);
      expect((root + 1n) ** 2n * d > n * 2n ** 192n, "root too small").to.equal(true);
      expect(liquidity > 0n).to.equal(true);

      const manager = await v4.manager.getAddress();
      const token = await tokenOf(v4, sale);
      const pooledMoney = ether
        ? await v4.ethers.provider.getBalance(manager)
        : await v4.usdc.balanceOf(manager);
      const pooledTokens = await token.balanceOf(manager);
      expect(pooledMoney <= money && pooledMoney * 10n ** 9n >= money * (10n ** 9n - 1n), "money").to.equal(
        true,
      );
      expect(
        pooledTokens <= tokens && pooledTokens * 10n ** 9n >= tokens * (10n ** 9n - 1n),
        "tokens",
      ).to.equal(true);

      const { treasury } = await sale.credits();
      expect(treasury).to.equal(SOFT - SOFT / 50n - pooledMoney);
      const venue = await v4.venue.getAddress();
      expect(await token.balanceOf(venue)).to.equal(0n);
      expect(await v4.usdc.balanceOf(venue)).to.equal(0n);
      expect(await v4.ethers.provider.getBalance(venue)).to.equal(0n);
      expect(await token.allowance(await sale.getAddress(), venue)).to.equal(0n);
    });
  }

  it("T85 opens no pool for anybody else, at any price, before or after", async () => {
    const sale = await settledSale(v4);
    const { tokenIs0: _, ...key } = await keyOf(v4, sale);
    for (const price of [2n ** 96n, 4_295_128_739n]) {
      expect(await refusalOf(v4.manager["initialize"]!(Object.values(key), price))).to.equal("WrappedError");
    }
    await sale.list(await sale.history());
    expect((await sale.phase()) === 5n).to.equal(true);
    expect(await refusalOf(v4.manager["initialize"]!(Object.values(key), 2n ** 96n))).to.equal(
      "WrappedError",
    );
  });

  for (const ether of [false, true]) {
    it(`R11 lists for ${ether ? "ETH" : "an ERC-20"} after a foreign sync in the same transaction`, async () => {
      const sale = await settledSale(v4, { ether });
      const batch = await v4.ethers.deployContract("Batch");
      const sync = v4.ethers.Interface.from(["function sync(address)"]);
      await batch.getFunction("run")([
        [await v4.manager.getAddress(), sync.encodeFunctionData("sync", [await v4.usdc.getAddress()])],
        [await sale.getAddress(), sale.interface.encodeFunctionData("list", [await sale.history()])],
      ]);
      expect((await sale.phase()) === 5n).to.equal(true);
    });
  }

  it("changes nothing when called within somebody's lock of the manager, and lists afterwards", async () => {
    const sale = await settledSale(v4);
    const batch = await v4.ethers.deployContract("Batch");
    const call = [await sale.getAddress(), sale.interface.encodeFunctionData("list", [await sale.history()])];
    const nested = batch.getFunction("runUnlocked")(await v4.manager.getAddress(), [call]);
    expect(await refusalOf(nested)).to.equal("AlreadyUnlocked");
    expect((await sale.phase()) === 4n).to.equal(true);
    await sale.list(await sale.history());
    expect((await sale.phase()) === 5n).to.equal(true);
  });

  it("collects a swap's fees for the treasury, at least what the caller names, and never the principal", async () => {
    const sale = await settledSale(v4);
    const key = await keyOf(v4, sale);
    const id = idOf(key);
    await sale.list(await sale.history());
    const before = await poolAt(v4, id);
    await swap(v4, key, 1_000n * UNIT);

    const [fees0, fees1] = await v4.venue.collectFees.staticCall(id, 0n, 0n);
    await expect(v4.venue.collectFees(id, 10n ** 30n, 0n))
      .to.be.revertedWithCustomError(v4.venue, "Lock_TooLittle")
      .withArgs(fees0, 10n ** 30n);
    await expect(v4.venue.collectFees(id, 0n, 10n ** 30n))
      .to.be.revertedWithCustomError(v4.venue, "Lock_TooLittle")
      .withArgs(fees1, 10n ** 30n);
    const collected = v4.venue.connect(v4.bob).collectFees(id, 0n, 0n);
    await (await collected).wait();
    // 0.3 % of what went in, but for rounding.
    const got = await v4.usdc.balanceOf(v4.treasury.address);
    await expect(collected)
      .to.emit(v4.venue, "FeesCollected")
      .withArgs(id, v4.treasury.address, ...(key.tokenIs0 ? [0n, got] : [got, 0n]));
    expect(got <= 3n * UNIT && got >= 3n * UNIT - 2n, String(got)).to.equal(true);
    expect((await poolAt(v4, id)).liquidity).to.equal(before.liquidity);
    await v4.venue.collectFees(id, 0n, 0n);
    expect(await v4.usdc.balanceOf(v4.treasury.address)).to.equal(got);
    expect(await refusalOf(v4.venue.collectFees(ZeroHash, 0n, 0n))).to.equal("Lock_Unknown");
  });

  it("collects nothing where there are no fees, and moves no zero for it", async () => {
    const sale = await settledSale(v4, { ether: true });
    const id = idOf(await keyOf(v4, sale));
    await sale.list(await sale.history());
    // Takes no ETH.
    await v4.networkHelpers.setCode(
      v4.treasury.address,
      await v4.ethers.provider.getCode(await v4.usdc.getAddress()),
    );
    await v4.venue.collectFees(id, 0n, 0n);
  });

  it("collects a single unit", async () => {
    const sale = await settledSale(v4);
    const key = await keyOf(v4, sale);
    await sale.list(await sale.history());
    // A fee of 1.2 units is 2, of which the pool's rounding leaves 1.
    await swap(v4, key, 400n);
    await v4.venue.collectFees(idOf(key), 0n, 0n);
    expect(await v4.usdc.balanceOf(v4.treasury.address)).to.equal(1n);
  });

  it("T90 releases the position to the treasury in the second of its end, and not before", async () => {
    const sale = await settledSale(v4);
    const key = await keyOf(v4, sale);
    const id = idOf(key);
    await sale.list(await sale.history());
    const end = (await sale.listedAt()) + LOCK;
    const token = await tokenOf(v4, sale);

    await v4.networkHelpers.time.setNextBlockTimestamp(end - 1n);
    expect(await refusalOf(v4.venue.release(id))).to.equal("Lock_StillLocked");
    await v4.networkHelpers.time.setNextBlockTimestamp(end);
    const { amount } = await v4.venue.lockOf(id);
    await expect(v4.venue.connect(v4.bob).release(id))
      .to.emit(v4.venue, "Released")
      .withArgs(id, v4.treasury.address, amount);
    const { money, tokens } = poolOf(SOFT);
    expect(money - (await v4.usdc.balanceOf(v4.treasury.address)) < 1_000n).to.equal(true);
    expect(tokens - (await token.balanceOf(v4.treasury.address)) < 10n ** 12n).to.equal(true);
    expect(await refusalOf(v4.venue.release(id))).to.equal("Lock_Unknown");
    expect(await refusalOf(v4.venue.collectFees(id, 0n, 0n))).to.equal("Lock_Unknown");
  });

  it("R3 refuses at creation what the manager could never open, and fees that routers do not know", async () => {
    const venue = await v4.venue.getAddress();
    const attempt = (change: (listing: { feeTier: number; tickSpacing: number }) => void) =>
      refusalOf(
        v4.deploySale({
          adjust: (terms) => {
            terms.listing.venue = venue;
            terms.listing.tickSpacing = 60;
            change(terms.listing);
          },
        }),
        v4.artifact.abi,
      );
    expect(await attempt((listing) => (listing.tickSpacing = 0))).to.equal("Venue_TickSpacing");
    expect(await attempt((listing) => (listing.tickSpacing = 32_768))).to.equal("Venue_TickSpacing");
    expect(await attempt((listing) => (listing.feeTier = 100_001))).to.equal("Venue_FeeTier");
    expect(await attempt((listing) => (listing.feeTier = 0x800000))).to.equal("Venue_FeeTier");
    expect(await attempt(() => undefined)).to.equal(undefined);
  });

  it("previews every limit of the manager at its edge", async () => {
    // Anybody's first creation, for whom the venue would list.
    const token = getCreateAddress({ from: v4.bob.address, nonce: 1 });
    const usdc = await v4.usdc.getAddress();
    const tokenIs0 = BigInt(token) < BigInt(usdc);
    const preview = (d: bigint, n: bigint, tickSpacing = 60) => {
      const [tokens, money] = tokenIs0 ? [d, n] : [n, d];
      const listing = [token, usdc, tokens, money, 3_000, tickSpacing, v4.bob.address, 0n, ZeroHash];
      return refusalOf(v4.venue.connect(v4.bob).previewListing([...listing] as never));
    };
    const most = 2n ** 127n - 1n;

    expect(await preview(0n, 1n)).to.equal("Venue_AmountTooSmall");
    expect(await preview(1n, 0n)).to.equal("Venue_AmountTooSmall");
    expect(await preview(1n, 1n)).to.equal(undefined);
    expect(await preview(most + 1n, 10n ** 18n)).to.equal("Venue_AmountTooLarge");
    expect(await preview(10n ** 18n, most + 1n)).to.equal("Venue_AmountTooLarge");
    // √p = 2^-48 exactly, and the next price below it; 2^48 and the next above it.
    expect(await preview(2n ** 96n, 1n)).to.equal(undefined);
    expect(await preview(2n ** 96n + 2n ** 50n, 1n)).to.equal("Venue_PriceOutOfRange");
    expect(await preview(1n, 2n ** 96n)).to.equal(undefined);
    expect(await preview(1n, 2n ** 96n + 2n ** 50n)).to.equal("Venue_PriceOutOfRange");
    // 2 × 14,787 + 2 ticks of spacing 60 share 2^128 − 1 of liquidity, which at price 1 is the amount.
    const perTick = (2n ** 128n - 1n) / 29_576n;
    expect(await preview(perTick, perTick)).to.equal(undefined);
    expect(await preview(perTick + 1n, perTick + 1n)).to.equal("Venue_AmountTooLarge");
    // 887,272 is a multiple of 8: 2 × 110,909 + 1 ticks.
    const perEighth = (2n ** 128n - 1n) / 221_819n;
    expect(await preview(perEighth, perEighth, 8)).to.equal(undefined);
    expect(await preview(perEighth + 1n, perEighth + 1n, 8)).to.equal("Venue_AmountTooLarge");
  });

  it("previews a token against itself as its side of the money", async () => {
    // As token 1, √p is just below 2^48; as token 0 it would be the least there is.
    const listing = [
      ZeroAddress,
      ZeroAddress,
      2n ** 30n,
      2n ** 126n + 1n,
      3_000,
      60,
      v4.bob.address,
      0n,
      ZeroHash,
    ];
    expect(await refusalOf(v4.venue.connect(v4.bob).previewListing([...listing] as never))).to.equal(
      "Venue_PriceOutOfRange",
    );
  });

  it("gives back the wei that the pool did not take", async () => {
    const venue = await v4.venue.getAddress();
    const sale = await v4.deploySale({
      currency: ZeroAddress,
      adjust: (terms) => {
        [terms.listing.venue, terms.listing.tickSpacing] = [venue, 60];
        raiseEther(terms);
      },
    });
    await v4.settle(sale, ETHER_SOFT);
    await sale.connect(v4.bob).list(await sale.history());

    const pooled = await v4.ethers.provider.getBalance(await v4.manager.getAddress());
    const offered = (((ETHER_SOFT * 98n) / 100n) * 4n) / 10n;
    expect(offered - pooled > 0n && offered - pooled < 100n, `${pooled} of ${offered}`).to.equal(true);
    const { fee, treasury } = await sale.credits();
    expect(treasury).to.equal((ETHER_SOFT * 98n) / 100n - pooled);
    expect(await v4.ethers.provider.getBalance(await sale.getAddress())).to.equal(fee + treasury);
    expect(await v4.ethers.provider.getBalance(venue)).to.equal(0n);
  });

  it("lists nothing for an account that does not take back the wei that the pool did not take", async () => {
    const seller = new Wallet(id("a seller of its own token"), v4.ethers.provider);
    await v4.networkHelpers.setBalance(seller.address, 2n * ETHER_SOFT);
    await (await seller.sendTransaction({ to: seller.address })).wait(); // the token is born at nonce 1
    const token = (await v4.ethers.deployContract("HostileToken", seller)) as unknown as HostileToken;
    await token.mint(seller.address, ETHER_SOFT);
    await token.approve(await v4.venue.getAddress(), ETHER_SOFT);
    await v4.networkHelpers.setCode(seller.address, delegation(await v4.usdc.getAddress()));

    const sides = [await token.getAddress(), ZeroAddress, ETHER_SOFT, ETHER_SOFT] as const;
    const listing = [...sides, 3_000, 60, seller.address, 0n, ZeroHash];
    const attempt = v4.venue.connect(seller).list([...listing] as never, { value: ETHER_SOFT });
    expect(await refusalOf(attempt)).to.equal("Venue_EtherRefused");
  });

  it("takes ETH only in the amount listed", async () => {
    const listing = [ZeroAddress, v4.bob.address, 1n, 1n, 3_000, 60, v4.bob.address, 0n, ZeroHash];
    await expect(v4.venue.list([...listing] as never, { value: 1n }))
      .to.be.revertedWithCustomError(v4.venue, "Venue_WrongValue")
      .withArgs(1n, 0n);
  });

  it("T97 names the pool it listed, and knows no other of the same token", async () => {
    const sale = await settledSale(v4);
    const { tokenIs0: _, ...key } = await keyOf(v4, sale);
    const other = { ...key, hooks: ZeroAddress };
    await v4.manager["initialize"]!(Object.values(other), 2n ** 96n);
    const filter = sale.filters.Listed(idOf({ ...key, tokenIs0: true }));
    await sale.list(await sale.history());

    expect(await sale.queryFilter(filter)).to.have.length(1);
    const otherId = idOf({ ...other, tokenIs0: true });
    expect((await v4.venue.lockOf(otherId)).recipient).to.equal(ZeroAddress);
    expect(await refusalOf(v4.venue.collectFees(otherId, 0n, 0n))).to.equal("Lock_Unknown");
  });

  it("T87 lets nobody but the manager call back, and lies only where its address names one hook", async () => {
    expect(await refusalOf(v4.venue.unlockCallback("0x"))).to.equal("VenueV4_NotManager");
    const elsewhere = v4.ethers.deployContract("VenueV4", [await v4.manager.getAddress()]);
    expect(await refusalOf(elsewhere, v4.artifact.abi)).to.equal("VenueV4_HookAddress");
  });
});

describe("venue v4, an existing token", () => {
  const SUPPLY = 10n ** 25n;
  let v4: V4;
  let existing: HostileToken;
  let sale: Sale;
  let hook: { salt: string; address: string };
  beforeEach(async () => {
    v4 = await startV4();
    existing = (await v4.ethers.deployContract("HostileToken")) as unknown as HostileToken;
    const [venue, token] = [await v4.venue.getAddress(), await existing.getAddress()];
    sale = await v4.deploySale({
      adjust: (terms) => {
        terms.listing.venue = venue;
        terms.listing.tickSpacing = 60;
        terms.token.existing = token;
      },
    });
    await existing.mint(v4.treasury.address, SUPPLY);
    await existing.connect(v4.treasury).approve(await sale.getAddress(), SUPPLY);
    await sale.connect(v4.treasury).fund();
    await v4.settle(sale, SOFT);
    const salt = mineHookSalt({
      venue: venue as Address,
      sale: (await sale.getAddress()) as Address,
      opener: await artifactOf("PoolOpener"),
    });
    hook = { salt, address: await v4.venue.hookOf(await sale.getAddress(), salt) };
  });
  afterEach(async () => {
    await v4.connection.close();
  });

  const key = async () => ({ ...(await keyOf(v4, sale)), hooks: hook.address });
  const open = async (price: bigint) => {
    const { tokenIs0: _, ...values } = await key();
    return refusalOf(v4.manager["initialize"]!(Object.values(values), price));
  };

  it("T85 is listed with a hook born in the listing, which nobody could open before or can after", async () => {
    expect(await open(2n ** 96n)).to.equal("InvalidHookResponse");
    await sale.connect(v4.bob).listWithSalt(await sale.history(), hook.salt);
    expect((await sale.phase()) === 5n).to.equal(true);
    expect(await open(2n ** 96n)).to.equal("WrappedError");

    const { money, tokens } = poolOf(SOFT);
    const { sqrtPriceX96: root } = await poolAt(v4, idOf(await key()));
    const [d, n] = (await key()).tokenIs0 ? [tokens, money] : [money, tokens];
    expect(root ** 2n * d <= n * 2n ** 192n, "root too large").to.equal(true);
    expect((root + 1n) ** 2n * d > n * 2n ** 192n, "root too small").to.equal(true);
    const pooled = await existing.balanceOf(await v4.manager.getAddress());
    expect(pooled <= tokens && pooled * 10n ** 9n >= tokens * (10n ** 9n - 1n)).to.equal(true);
    const venue = await v4.venue.getAddress();
    expect(await existing.balanceOf(venue)).to.equal(0n);
    expect(await existing.allowance(await sale.getAddress(), venue)).to.equal(0n);
  });

  it("R16 is listed after a stranger listed the same token at 1 : 1 with dust", async () => {
    const stranger = v4.venue.connect(v4.bob);
    const venue = await v4.venue.getAddress();
    const salt = mineHookSalt({
      venue: venue as Address,
      sale: v4.bob.address as Address,
      opener: await artifactOf("PoolOpener"),
    });
    await existing.mint(v4.bob.address, 1_000n);
    await existing.connect(v4.bob).approve(venue, 1_000n);
    await v4.usdc.mint(v4.bob.address, 1_000n);
    await v4.usdc.connect(v4.bob).approve(venue, 1_000n);
    const pair = [await existing.getAddress(), await sale.currency()];
    await stranger.list([...pair, 1_000n, 1_000n, 3_000, 60, v4.bob.address, 0n, salt] as never);
    await sale.listWithSalt(await sale.history(), hook.salt);
    expect((await sale.phase()) === 5n).to.equal(true);
  });

  it("changes nothing under a salt whose hook would have other rights, nor opens a pool for strangers", async () => {
    const history = await sale.history();
    expect(await refusalOf(sale.list(history), v4.artifact.abi)).to.equal("VenueV4_HookAddress");
    expect((await sale.phase()) === 4n).to.equal(true);
    await sale.listWithSalt(history, hook.salt);
    const opener = await v4.ethers.getContractAt("PoolOpener", hook.address);
    const { tokenIs0: _, ...values } = await key();
    const again = opener.getFunction("open")(await v4.manager.getAddress(), Object.values(values), 1n);
    expect(await refusalOf(again)).to.equal("PoolOpener_NotVenue");
  });
});

/** Sells `amount` USDC into the pool through v4's own test router. */
async function swap(v4: V4, key: Awaited<ReturnType<typeof keyOf>>, amount: bigint): Promise<void> {
  const { abi, bytecode } = uniswapArtifact("v4-core/out/PoolSwapTest.sol/PoolSwapTest");
  const router = await new v4.ethers.ContractFactory(abi as never, bytecode, v4.deployer).deploy(
    await v4.manager.getAddress(),
  );
  await v4.usdc.mint(v4.bob.address, amount);
  await v4.usdc.connect(v4.bob).approve(await router.getAddress(), amount);
  const zeroForOne = !key.tokenIs0;
  const limit = zeroForOne ? 4_295_128_740n : 1461446703485210103287273052203988822378723970341n;
  const connected = router.connect(v4.bob) as unknown as { swap: (...args: unknown[]) => Promise<unknown> };
  await connected.swap(
    [key.currency0, key.currency1, key.fee, key.tickSpacing, key.hooks],
    [zeroForOne, -amount, limit],
    [false, false],
    "0x",
  );
}
