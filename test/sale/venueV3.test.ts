import { expect } from "chai";
import { AbiCoder, concat, getCreate2Address, id, keccak256, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import type { LaunchToken, Sale } from "../../types/ethers-contracts/index.js";
import { artifactOf } from "../support/artifactOf.ts";
import { refusalOf } from "../support/refusalOf.ts";
import {
  DAY,
  deployUniswap,
  ETHER_SOFT,
  poolOf,
  raiseEther,
  SOFT,
  uniswapAt,
  UNIT,
} from "../support/saleOnUniswapV2.ts";
import { startV3, type V3 } from "../support/saleOnUniswapV3.ts";

const LOCK = 365n * DAY;
const SUPPLY = 10n ** 25n;
const POOL = "v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool";
/** EIP-7825: the most gas of one transaction. */
const MOST_GAS = 16_777_216n;
const abi = AbiCoder.defaultAbiCoder();
const { abi: venueAbi } = await artifactOf("VenueV3");

type Options = { ether?: boolean; adjust?: NonNullable<Parameters<V3["deploySale"]>[0]>["adjust"] };

async function saleOn(v3: V3, { ether = false, adjust }: Options = {}): Promise<Sale> {
  const venue = await v3.venue.getAddress();
  return v3.deploySale({
    ...(ether ? { currency: ZeroAddress } : {}),
    adjust: (terms) => {
      terms.listing.venue = venue;
      terms.listing.tickSpacing = 60;
      adjust?.(terms);
    },
  });
}

/** Settled, so that anybody may list. */
async function settledSale(v3: V3, options: Options = {}): Promise<Sale> {
  const sale = await saleOn(v3, options);
  await v3.settle(sale, SOFT);
  return sale;
}

/** Where the token will be born, by CREATE2's own formula. */
async function tokenFor(v3: V3, sale: Sale, salt: string): Promise<string> {
  const { bytecode } = await artifactOf("LaunchToken");
  const args = abi.encode(["string", "string", "uint8", "uint256"], ["Harbour", "HRB", 18, SUPPLY]);
  const bound = keccak256(abi.encode(["address", "bytes32"], [await sale.getAddress(), salt]));
  return getCreate2Address(await v3.venue.getAddress(), bound, keccak256(concat([bytecode, args])));
}

async function moneyOf(v3: V3, sale: Sale): Promise<string> {
  const currency = await sale.currency();
  return currency === ZeroAddress ? v3.weth.getAddress() : currency;
}

async function poolFor(v3: V3, sale: Sale, token: string) {
  const address = (await v3.factory.getPool(token, await moneyOf(v3, sale), 3_000)) as string;
  return uniswapAt(POOL, address, v3.deployer);
}

async function listWith(v3: V3, sale: Sale, salt = ZeroHash) {
  return sale.connect(v3.bob).listWithSalt(await sale.history(), salt);
}

async function tokenOf(v3: V3, sale: Sale): Promise<LaunchToken> {
  return (await v3.ethers.getContractAt("LaunchToken", await sale.token())) as unknown as LaunchToken;
}

/** Exact price, exact books, nothing left at the venue. */
async function checkListed(v3: V3, sale: Sale): Promise<void> {
  const token = await tokenOf(v3, sale);
  const tokenAddress = await token.getAddress();
  const money = await moneyOf(v3, sale);
  const pool = await poolFor(v3, sale, tokenAddress);
  const wanted = poolOf(SOFT);
  const tokenIs0 = BigInt(tokenAddress) < BigInt(money);
  const [root] = (await pool.slot0()) as [bigint];
  const [d, n] = tokenIs0 ? [wanted.tokens, wanted.money] : [wanted.money, wanted.tokens];
  // The floor of the square root, checked from both sides.
  expect(root ** 2n * d <= n * 2n ** 192n, "root too large").to.equal(true);
  expect((root + 1n) ** 2n * d > n * 2n ** 192n, "root too small").to.equal(true);

  const currency = uniswapAt("v2-periphery/build/WETH9", money, v3.deployer);
  const poolAddress = await pool.getAddress();
  const pooledMoney = (await currency.balanceOf(poolAddress)) as bigint;
  const pooledTokens = await token.balanceOf(poolAddress);
  for (const [got, most] of [
    [pooledMoney, wanted.money],
    [pooledTokens, wanted.tokens],
  ] as const) {
    expect(got <= most && got * 10n ** 9n >= most * (10n ** 9n - 1n), `${got} of ${most}`).to.equal(true);
  }

  const { treasury, fee, unsold } = await sale.credits();
  expect(fee).to.equal(SOFT / 50n);
  expect(treasury).to.equal(SOFT - SOFT / 50n - pooledMoney);
  expect(unsold).to.equal(SUPPLY - pooledTokens - (SOFT / 3n) * 5n * 10n ** 13n);
  const [venue, saleAddress] = [await v3.venue.getAddress(), await sale.getAddress()];
  expect(await token.balanceOf(venue)).to.equal(0n);
  expect(await currency.balanceOf(venue)).to.equal(0n);
  expect(await v3.ethers.provider.getBalance(venue)).to.equal(0n);
  expect(await token.allowance(saleAddress, venue)).to.equal(0n);

  await sale.releaseFee();
  await sale.releaseTreasury();
  await sale.releaseUnsold();
  await sale.claim(v3.alice.address);
  expect(await token.balanceOf(saleAddress)).to.equal(0n);
  expect(await v3.usdc.balanceOf(saleAddress)).to.equal(0n);
  expect(await v3.ethers.provider.getBalance(saleAddress)).to.equal(0n);
}

/** Sells `amount` USDC into the pool through v3's own router. */
async function swap(v3: V3, sale: Sale, amount: bigint): Promise<bigint> {
  const router = await deployUniswap(
    v3.deployer,
    "v3-periphery/artifacts/contracts/SwapRouter.sol/SwapRouter",
    ...[await v3.factory.getAddress(), await v3.weth.getAddress()],
  );
  const token = await tokenOf(v3, sale);
  await v3.usdc.mint(v3.bob.address, amount);
  await v3.usdc.connect(v3.bob).approve(await router.getAddress(), amount);
  const path = [await v3.usdc.getAddress(), await token.getAddress(), 3_000];
  await (router.connect(v3.bob) as typeof router).exactInputSingle(
    [...path, ...[v3.bob.address, 2n ** 40n, amount, 0n, 0n]],
    { gasLimit: 1_000_000n },
  ); // estimated in the listing's own second it may fall short a second later
  return token.balanceOf(v3.bob.address);
}

describe("venue v3", () => {
  let v3: V3;
  beforeEach(async () => {
    v3 = await startV3();
  });
  afterEach(async () => {
    await v3.connection.close();
  });

  for (const ether of [false, true]) {
    it(`lists for ${ether ? "ETH" : "an ERC-20"} a token born in the same transaction, on either side`, async () => {
      const sale = await settledSale(v3, { ether });
      expect(await sale.token()).to.equal(ZeroAddress);
      const sides = new Set<boolean>();
      for (let number = 0; sides.size < 2 && number < 40; number++) {
        const salt = toBeHex(number, 32);
        const token = await tokenFor(v3, sale, salt);
        const tokenIs0 = BigInt(token) < BigInt(await moneyOf(v3, sale));
        if (sides.has(tokenIs0)) continue;
        sides.add(tokenIs0);
        const snapshot = await v3.networkHelpers.takeSnapshot();
        const listing = await listWith(v3, sale, salt);
        await expect(listing).to.emit(sale, "TokenBorn").withArgs(token);
        expect((await listing.wait())!.gasUsed < MOST_GAS).to.equal(true);
        expect(await sale.token()).to.equal(token);
        await checkListed(v3, sale);
        await snapshot.restore();
      }
      expect(sides.size).to.equal(2);
    });
  }

  it("gives back the wei that the pool did not take", async () => {
    const sale = await saleOn(v3, { ether: true, adjust: raiseEther });
    await v3.settle(sale, ETHER_SOFT);
    await listWith(v3, sale);

    const pool = await (await poolFor(v3, sale, await sale.token())).getAddress();
    const pooled = (await v3.weth.balanceOf(pool)) as bigint;
    const offered = (((ETHER_SOFT * 98n) / 100n) * 4n) / 10n;
    expect(offered - pooled > 0n && offered - pooled < 100n, `${pooled} of ${offered}`).to.equal(true);
    const { fee, treasury } = await sale.credits();
    expect(treasury).to.equal((ETHER_SOFT * 98n) / 100n - pooled);
    expect(await v3.ethers.provider.getBalance(await sale.getAddress())).to.equal(fee + treasury);
    expect(await v3.ethers.provider.getBalance(await v3.venue.getAddress())).to.equal(0n);
  });

  it("T82 changes nothing where a stranger opened the pool at another price, and lists with the next salt", async () => {
    const sale = await settledSale(v3);
    const token = await tokenFor(v3, sale, ZeroHash);
    await v3.factory.createPool(token, await sale.currency(), 3_000);
    const pool = await poolFor(v3, sale, token);
    await pool.initialize(2n ** 96n);

    const history = await sale.history();
    await expect(sale.list(history))
      .to.be.revertedWithCustomError(v3.venue, "Venue_AlreadyLive")
      .withArgs(await pool.getAddress());
    expect((await sale.phase()) === 4n).to.equal(true);
    expect(await sale.token()).to.equal(ZeroAddress);
    expect(await v3.ethers.provider.getCode(token)).to.equal("0x");
    await listWith(v3, sale, id("another salt"));
    await checkListed(v3, sale);
  });

  it("T82 takes a pool that a stranger created and never opened", async () => {
    const sale = await settledSale(v3);
    const token = await tokenFor(v3, sale, ZeroHash);
    await v3.factory.createPool(token, await sale.currency(), 3_000);
    await sale.list(await sale.history());
    await checkListed(v3, sale);
  });

  it("T83 R10 loses one salt to a pool parked with dust in many ticks, and lists with the next", async () => {
    const sale = await settledSale(v3);
    const token = await tokenFor(v3, sale, ZeroHash);
    const usdc = await v3.usdc.getAddress();
    const manager = await deployUniswap(
      v3.deployer,
      "v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager",
      ...[await v3.factory.getAddress(), await v3.weth.getAddress(), ZeroAddress],
    );
    const tokenIs0 = BigInt(token) < BigInt(usdc);
    const [token0, token1] = tokenIs0 ? [token, usdc] : [usdc, token];
    await manager.createAndInitializePoolIfNecessary(token0, token1, 3_000, 2n ** 96n);
    await v3.usdc.mint(v3.deployer.address, 1_000n);
    await v3.usdc.approve(await manager.getAddress(), 1_000n);
    for (let tick = 60n; tick <= 300n; tick += 60n) {
      // On the side of the price where nothing but currency is asked for.
      const [lower, upper] = tokenIs0 ? [-tick - 60n, -tick] : [tick, tick + 60n];
      const amounts = tokenIs0 ? [0n, 1n] : [1n, 0n];
      await manager.mint([
        ...[token0, token1, 3_000n, lower, upper, ...amounts, 0n, 0n],
        ...[v3.deployer.address, 2n ** 40n],
      ]);
    }

    expect(await refusalOf(sale.list(await sale.history()), venueAbi)).to.equal("Venue_AlreadyLive");
    expect((await sale.phase()) === 4n).to.equal(true);
    await listWith(v3, sale, id("another salt"));
    await checkListed(v3, sale);
  });

  it("collects a swap's fees for the treasury, at least what the caller names, and never the principal", async () => {
    const sale = await settledSale(v3);
    await listWith(v3, sale);
    const { money, tokens } = poolOf(SOFT);
    const pool = await poolFor(v3, sale, await sale.token());
    const position = toBeHex(await pool.getAddress(), 32);
    const liquidity = await pool.liquidity();
    const got = await swap(v3, sale, 1_000n * UNIT);
    // Constant product over the full range, 0.3 % fee; the range's ends and rounding are below 1e-9.
    const wanted = (997n * UNIT * tokens) / (money + 997n * UNIT);
    expect(got <= wanted && got * 10n ** 9n >= wanted * (10n ** 9n - 1n), `${got} of ${wanted}`).to.equal(
      true,
    );

    expect(await refusalOf(v3.venue.collectFees(position, 10n ** 30n, 0n))).to.equal("Lock_TooLittle");
    expect(await refusalOf(v3.venue.collectFees(position, 0n, 10n ** 30n))).to.equal("Lock_TooLittle");
    await v3.venue.connect(v3.bob).collectFees(position, 0n, 0n);
    const fees = await v3.usdc.balanceOf(v3.treasury.address);
    expect(fees <= 3n * UNIT && fees >= 3n * UNIT - 2n, String(fees)).to.equal(true);
    await v3.venue.collectFees(position, 0n, 0n);
    expect(await v3.usdc.balanceOf(v3.treasury.address)).to.equal(fees);
    expect(await pool.liquidity()).to.equal(liquidity);
    expect(await refusalOf(v3.venue.collectFees(ZeroHash, 0n, 0n))).to.equal("Lock_Unknown");
  });

  it("T90 releases the position to the treasury in the second of its end, and not before", async () => {
    const sale = await settledSale(v3);
    await listWith(v3, sale);
    const token = await tokenOf(v3, sale);
    const pool = await poolFor(v3, sale, await sale.token());
    const position = toBeHex(await pool.getAddress(), 32);
    const end = (await sale.listedAt()) + LOCK;

    await v3.networkHelpers.time.setNextBlockTimestamp(end - 1n);
    expect(await refusalOf(v3.venue.release(position))).to.equal("Lock_StillLocked");
    await v3.networkHelpers.time.setNextBlockTimestamp(end);
    await v3.venue.connect(v3.bob).release(position);
    const { money, tokens } = poolOf(SOFT);
    expect(money - (await v3.usdc.balanceOf(v3.treasury.address)) < 1_000n).to.equal(true);
    expect(tokens - (await token.balanceOf(v3.treasury.address)) < 10n ** 12n).to.equal(true);
    expect(await pool.liquidity()).to.equal(0n);
    expect(await refusalOf(v3.venue.release(position))).to.equal("Lock_Unknown");
  });

  it("refuses at creation what the factory could never open, and tokens that exist", async () => {
    const attempt = (adjust: NonNullable<Options["adjust"]>) => refusalOf(saleOn(v3, { adjust }), venueAbi);
    expect(await attempt((terms) => (terms.listing.feeTier = 2_999))).to.equal("Venue_FeeTier");
    expect(await attempt((terms) => (terms.listing.tickSpacing = 10))).to.equal("Venue_TickSpacing");
    const existing = await (await v3.ethers.deployContract("HostileToken")).getAddress();
    expect(await attempt((terms) => (terms.token.existing = existing))).to.equal("Venue_NotBornHere");
    expect(await attempt((terms) => (terms.token.symbol = "X".repeat(32)))).to.equal("StringTooLong");
    const withoutVesting: Options["adjust"] = ({ vesting }) => {
      [vesting.allocationsRoot, vesting.allocationsTotal] = [id("root"), 1n];
    };
    expect(await attempt(withoutVesting)).to.equal("Sale_TermsInvalid");
    expect(await attempt(() => undefined)).to.equal(undefined);
  });

  it("previews the price's limits on either side", async () => {
    const usdc = await v3.usdc.getAddress();
    const preview = (tokens: bigint, money: bigint) =>
      refusalOf(
        v3.venue.previewListing([
          ...[ZeroAddress, usdc, tokens, money, 3_000, 60, v3.bob.address, 0n, ZeroHash],
        ] as never),
      );
    expect(await preview(0n, 1n)).to.equal("Venue_AmountTooSmall");
    expect(await preview(2n ** 96n, 1n)).to.equal(undefined);
    expect(await preview(2n ** 96n + 2n ** 50n, 1n)).to.equal("Venue_PriceOutOfRange");
    expect(await preview(1n, 2n ** 96n + 2n ** 50n)).to.equal("Venue_PriceOutOfRange");
    const perTick = (2n ** 128n - 1n) / 29_576n;
    expect(await preview(perTick, perTick)).to.equal(undefined);
    expect(await preview(perTick + 1n, perTick + 1n)).to.equal("Venue_AmountTooLarge");
  });

  it("escrows the allocations' tokens when they are born, not before", async () => {
    const total = 10n ** 21n;
    const vesting = await v3.vesting.getAddress();
    const sale = await settledSale(v3, {
      adjust: (terms) => {
        terms.vesting.vesting = vesting;
        terms.vesting.allocationsRoot = id("root");
        terms.vesting.allocationsTotal = total;
      },
    });
    expect((await v3.vesting.grantOf(await sale.getAddress())).token).to.equal(ZeroAddress);
    await listWith(v3, sale);
    const token = await tokenOf(v3, sale);
    expect(await token.balanceOf(vesting)).to.equal(total);
    expect((await v3.vesting.grantOf(await sale.getAddress())).remaining).to.equal(total);
    expect(await token.allowance(await sale.getAddress(), vesting)).to.equal(0n);
  });

  it("refunds a sale that failed before its token was born, and has no tokens to release", async () => {
    const sale = await saleOn(v3);
    await v3.settle(sale, SOFT);
    await v3.networkHelpers.time.increaseTo(2n ** 31n + DAY * 3_000n);
    const before = await v3.usdc.balanceOf(v3.alice.address);
    await sale.refund(v3.alice.address);
    expect((await v3.usdc.balanceOf(v3.alice.address)) - before).to.equal(SOFT);
    expect(await refusalOf(sale.releaseUnsold())).to.equal("Sale_NothingToRelease");
  });

  it("R16 serves nobody with a token that was not just born for the caller", async () => {
    const sale = await settledSale(v3);
    await listWith(v3, sale);
    const [token, currency] = [await sale.token(), await sale.currency()];
    const listing = [token, currency, 10n ** 18n, 10n ** 6n, 500, 10, v3.bob.address, 0n, ZeroHash];
    expect(await refusalOf(v3.venue.connect(v3.bob).list([...listing] as never))).to.equal(
      "Venue_NotBornHere",
    );
  });

  it("takes ETH only in the amount listed, and calls back nobody but its own pool", async () => {
    const listing = [
      ZeroAddress,
      ZeroAddress,
      10n ** 18n,
      10n ** 6n,
      3_000,
      60,
      v3.bob.address,
      0n,
      ZeroHash,
    ];
    expect(await refusalOf(v3.venue.list([...listing] as never, { value: 1n }))).to.equal("Venue_WrongValue");
    expect(await refusalOf(v3.venue.uniswapV3MintCallback(1n, 1n, "0x"))).to.equal("VenueV3_NotPool");
  });
});
