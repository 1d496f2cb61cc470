import { expect } from "chai";
import { id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { HostileToken, PlainCurrency } from "../../types/ethers-contracts/index.js";
import type { Launch } from "../support/saleOnUniswapV2.ts";
import { delegation, pairAt, startLaunch } from "../support/saleOnUniswapV2.ts";

/** The venue serves whoever bore the token first; here that is an account, which can do what a sale never would. */
describe("venue v2, called by hand", () => {
  const AMOUNT = 10n ** 9n;
  let launch: Launch;
  let seller: Wallet;
  let token: HostileToken;

  beforeEach(async () => {
    launch = await startLaunch();
    seller = new Wallet(id("a seller of its own token"), launch.ethers.provider);
    await launch.deployer.sendTransaction({ to: seller.address, value: 10n ** 18n });
    await (await seller.sendTransaction({ to: seller.address })).wait(); // the token is born at nonce 1
    token = (await launch.ethers.deployContract("HostileToken", seller)) as unknown as HostileToken;
    await token.mint(seller.address, 10n * AMOUNT);
    await token.approve(await launch.venue.getAddress(), 10n * AMOUNT);
  });
  afterEach(async () => {
    await launch.connection.close();
  });

  const venue = () => launch.venue.connect(seller);
  async function listing(change: object = {}) {
    return {
      ...{
        token: await token.getAddress(),
        currency: ZeroAddress,
        tokenAmount: AMOUNT,
        currencyAmount: AMOUNT,
      },
      ...{
        feeTier: 3_000,
        tickSpacing: 0,
        recipient: seller.address,
        lockedUntil: 2n ** 64n - 1n,
        salt: ZeroHash,
      },
      ...change,
    };
  }

  for (const [change, error, args] of [
    [{ feeTier: 500 }, "Venue_FeeTier", [500, 3_000]],
    [{ tickSpacing: 60 }, "Venue_TickSpacing", [60, 0]],
    [{ tokenAmount: 2n ** 112n }, "Venue_AmountTooLarge", [2n ** 112n, 2n ** 112n - 1n]],
    [{ currencyAmount: 2n ** 112n }, "Venue_AmountTooLarge", [2n ** 112n, 2n ** 112n - 1n]],
    [{ tokenAmount: 999n }, "Venue_AmountTooSmall", [999n, 1_000n]],
    [{ currencyAmount: 0n }, "Venue_AmountTooSmall", [0n, 1_001n]],
  ] as const) {
    it(`refuses beforehand ${Object.keys(change).join()} of ${String(Object.values(change)[0])}`, async () => {
      await expect(venue().previewListing(await listing(change)))
        .to.be.revertedWithCustomError(launch.venue, error)
        .withArgs(...args);
    });
  }

  it("takes ETH only in the amount listed, and only from WETH besides", async () => {
    await expect(venue().list(await listing(), { value: AMOUNT + 1n }))
      .to.be.revertedWithCustomError(launch.venue, "Venue_WrongValue")
      .withArgs(AMOUNT + 1n, AMOUNT);
    await expect(seller.sendTransaction({ to: await launch.venue.getAddress(), value: 1n }))
      .to.be.revertedWithCustomError(launch.venue, "Venue_EtherRefused")
      .withArgs(seller.address);
  });

  it("lists nothing for an account that does not take the ETH donated to its pair", async () => {
    const [asset, weth] = [await token.getAddress(), await launch.weth.getAddress()];
    await launch.factory.createPair(asset, weth);
    await launch.weth.deposit({ value: 10n ** 3n });
    await launch.weth.transfer(await launch.factory.getPair(asset, weth), 10n ** 3n);
    await launch.networkHelpers.setCode(seller.address, delegation(await launch.usdc.getAddress()));
    await expect(venue().list(await listing(), { value: AMOUNT }))
      .to.be.revertedWithCustomError(launch.venue, "Venue_EtherRefused")
      .withArgs(seller.address);
  });

  it("calls back nobody for whom there is nothing, and gives back a single wei", async () => {
    const [asset, weth] = [await token.getAddress(), await launch.weth.getAddress()];
    const snapshot = await launch.networkHelpers.takeSnapshot();
    await launch.networkHelpers.setCode(seller.address, delegation(await launch.usdc.getAddress()));
    await expect(venue().list(await listing(), { value: AMOUNT })).to.not.emit(launch.weth, "Withdrawal");
    await snapshot.restore();

    await launch.factory.createPair(asset, weth);
    await launch.weth.deposit({ value: 1n });
    await launch.weth.transfer(await launch.factory.getPair(asset, weth), 1n);
    const before = await launch.ethers.provider.getBalance(seller.address);
    const receipt = await (await venue().list(await listing(), { value: AMOUNT })).wait();
    const spent = before - (await launch.ethers.provider.getBalance(seller.address));
    expect(spent - receipt!.fee).to.equal(AMOUNT - 1n);
    const pair = (await launch.factory.getPair(asset, weth)) as string;
    await expect(receipt)
      .to.emit(launch.venue, "Locked")
      .withArgs(
        `0x${pair.slice(2).padStart(64, "0")}`.toLowerCase(),
        seller.address,
        AMOUNT - 1_000n,
        2n ** 64n - 1n,
      );
  });

  it("T79 leaves alone a pair that already has liquidity at another price", async () => {
    const [asset, weth] = [await token.getAddress(), await launch.weth.getAddress()];
    await launch.factory.createPair(asset, weth);
    const pair = pairAt(
      launch.ethers,
      (await launch.factory.getPair(asset, weth)) as string,
      launch.deployer,
    );
    await token.transfer(await pair.getAddress(), 10n ** 6n);
    await launch.weth.deposit({ value: 10n ** 3n });
    await launch.weth.transfer(await pair.getAddress(), 10n ** 3n);
    await pair.mint(launch.bob.address);

    await expect(venue().list(await listing(), { value: AMOUNT }))
      .to.be.revertedWithCustomError(launch.venue, "Venue_AlreadyLive")
      .withArgs(await pair.getAddress());
  });

  it("T90 lists once, and what is locked for ever never leaves", async () => {
    await (await venue().list(await listing(), { value: AMOUNT })).wait();
    const pair = (await launch.factory.getPair(
      await token.getAddress(),
      await launch.weth.getAddress(),
    )) as string;
    await expect(venue().list(await listing(), { value: AMOUNT }))
      .to.be.revertedWithCustomError(launch.venue, "Venue_AlreadyLive")
      .withArgs(pair);

    await launch.networkHelpers.time.increaseTo(2n ** 40n);
    const position = `0x${pair.slice(2).toLowerCase().padStart(64, "0")}`;
    await expect(venue().release(position)).to.be.revertedWithCustomError(launch.venue, "Lock_StillLocked");
  });

  /** A currency of which `amount` lies in the reserves of the pair to be. */
  async function donated(amount: bigint): Promise<PlainCurrency> {
    const money = (await launch.ethers.deployContract("PlainCurrency")) as unknown as PlainCurrency;
    await launch.factory.createPair(await token.getAddress(), await money.getAddress());
    const pair = (await launch.factory.getPair(await token.getAddress(), await money.getAddress())) as string;
    await money.mint(pair, amount);
    await (await launch.ethers.getContractAt("IUniswapV2Pair", pair)).getFunction("sync")();
    return money;
  }

  it("T80 lists the smallest pool there can be after a donation of 249 times its money", async () => {
    const money = await donated(249n * 2_000n);
    await money.mint(seller.address, 2_000n);
    await money.connect(seller).approve(await launch.venue.getAddress(), 2_000n);
    const currency = await money.getAddress();
    const smallest = await listing({ currency, tokenAmount: 2_008n, currencyAmount: 2_000n });
    await (await venue().list(smallest)).wait();
    const pair = (await launch.factory.getPair(await token.getAddress(), currency)) as string;
    expect(await token.balanceOf(pair)).to.equal(2_008n);
    expect(await money.balanceOf(pair)).to.equal(2_000n);
  });

  it("T80 lists in a currency that refuses to move zero, donated to or not", async () => {
    for (const loose of [0n, 1n]) {
      const snapshot = await launch.networkHelpers.takeSnapshot();
      const money = (await launch.ethers.deployContract("HostileToken")) as unknown as HostileToken;
      await money.setRefusesZero(true);
      await money.mint(seller.address, AMOUNT);
      await money.connect(seller).approve(await launch.venue.getAddress(), AMOUNT);
      const [asset, currency] = [await token.getAddress(), await money.getAddress()];
      await launch.factory.createPair(asset, currency);
      const pair = (await launch.factory.getPair(asset, currency)) as string;
      if (loose !== 0n) await money.mint(pair, loose);
      await (await venue().list(await listing({ currency }))).wait();
      expect(await money.balanceOf(pair)).to.equal(AMOUNT);
      await snapshot.restore();
    }
  });

  // What is in before the mint does not count: nothing, a unit of money, a unit and 5 tokens.
  for (const [units, tokenAmount, root, words] of [
    [0n, 10n ** 9n, 1_000_000_000n, "⌊√(10^9 × 10^9)⌋"],
    [1n, 1_000n, 999_999n, "⌊√(1,000 × 999,999,999)⌋"],
    [2n, 10n ** 9n, 999_999_996n, "⌊√(999,999,995 × 999,999,999)⌋"],
  ] as const) {
    it(`T80 locks ${words} of liquidity after a donation of ${String(units)} units, less the 1,000 burned`, async () => {
      const money = await donated(units);
      await money.mint(seller.address, AMOUNT);
      await money.connect(seller).approve(await launch.venue.getAddress(), AMOUNT);
      const currency = await money.getAddress();
      await (await venue().list(await listing({ currency, tokenAmount }))).wait();
      const pair = (await launch.factory.getPair(await token.getAddress(), currency)) as string;
      const { amount } = await launch.venue.lockOf(`0x${pair.slice(2).toLowerCase().padStart(64, "0")}`);
      expect(amount).to.equal(root - 1_000n);
    });
  }

  it("refuses a donation that it cannot take out below the amount to list", async () => {
    const gift = 2n ** 100n;
    const money = await donated(gift);
    const small = await listing({
      currency: await money.getAddress(),
      tokenAmount: 2_008n,
      currencyAmount: 2_000n,
    });
    // Bought with half of the tokens, 1,004, at a fee of 0.3 %: 1,000 · gift ÷ (1,000 + 997 · 1,004) stay, rounded up.
    const kept = (1_000n * gift + 1_001_987n) / 1_001_988n;
    await expect(venue().list(small))
      .to.be.revertedWithCustomError(launch.venue, "Venue_AmountTooLarge")
      .withArgs(kept, 2_000n);

    // Exactly what is to be listed stays: there is nothing to pay in, and the pair mints nothing for it.
    const full = await (await donated(2_003_976n)).getAddress();
    await expect(venue().list({ ...small, currency: full })).to.be.revertedWith("ds-math-sub-underflow");
  });

  it("refuses a pool that is not exact, as with a token that takes a fee", async () => {
    await token.setFee(100n);
    // Twice as much money: which of the two is short shows.
    const dear = await listing({ currencyAmount: 2n * AMOUNT });
    await expect(venue().list(dear, { value: 2n * AMOUNT }))
      .to.be.revertedWithCustomError(launch.venue, "Venue_PriceMissed")
      .withArgs(AMOUNT - AMOUNT / 100n, 2n * AMOUNT);
  });
});
