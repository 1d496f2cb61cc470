import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import type { LaunchToken, LpThief, Sale } from "../../types/ethers-contracts/index.js";
import type { Launch, Loose } from "../support/saleOnUniswapV2.ts";
import { CLOSES, DAY, DELAY, HARD, pairAt, poolOf, SOFT, startLaunch } from "../support/saleOnUniswapV2.ts";

/** Named: what is estimated in the listing's own second falls short a second later, as the pair then notes its price. */
const SWAP_GAS = 1_000_000n;

describe("listing on Uniswap v2", () => {
  let launch: Launch;
  beforeEach(async () => {
    launch = await startLaunch();
  });
  afterEach(async () => {
    await launch.connection.close();
  });

  async function reservesOf(sale: Sale): Promise<{ tokens: bigint; money: bigint; pair: Loose }> {
    const pair = pairAt(launch.ethers, await launch.pairOf(sale), launch.deployer);
    const [r0, r1] = (await pair.getReserves()) as [bigint, bigint];
    const tokenIs0 = ((await pair.token0()) as string) === (await sale.token());
    return tokenIs0 ? { tokens: r0, money: r1, pair } : { tokens: r1, money: r0, pair };
  }

  async function list(sale: Sale) {
    const history = await sale.history();
    return sale.connect(launch.bob).list(history);
  }

  /** The pool is exact, the books close, nothing is left over or allowed. */
  async function checkListed(sale: Sale, raised: bigint, found: bigint, kept: bigint): Promise<void> {
    const wanted = poolOf(raised);
    const { tokens, money, pair } = await reservesOf(sale);
    expect({ tokens, money }).to.deep.equal(wanted);
    expect(await launch.ethers.provider.getBalance(await launch.venue.getAddress())).to.equal(0n);
    expect(await launch.usdc.balanceOf(await launch.venue.getAddress())).to.equal(0n);

    const { fee, treasury, unsold } = await sale.credits();
    expect(fee).to.equal(raised / 50n);
    expect(treasury).to.equal(raised - raised / 50n - (wanted.money - kept) + found);
    expect(unsold).to.equal(10n ** 25n - wanted.tokens - (raised / 3n) * 5n * 10n ** 13n);

    const id = `0x${(await pair.getAddress()).slice(2).toLowerCase().padStart(64, "0")}`;
    const { recipient, amount } = await launch.venue.lockOf(id);
    expect(recipient).to.equal(launch.treasury.address);
    expect(amount).to.equal(((await pair.totalSupply()) as bigint) - 1000n);
    await sale.releaseFee();
    await sale.releaseTreasury();
    await sale.releaseUnsold();
    await sale.claim(launch.alice.address);
    expect(await launch.ethers.provider.getBalance(await sale.getAddress())).to.equal(0n);
    expect(await launch.usdc.balanceOf(await sale.getAddress())).to.equal(0n);
  }

  it("T81 lists at exactly the listing price where no pair is, and swaps through the router", async () => {
    const sale = await launch.deploySale();
    await launch.settle(sale, SOFT);
    await list(sale);
    await checkListed(sale, SOFT, 0n, 0n);

    const token = (await launch.ethers.getContractAt(
      "LaunchToken",
      await sale.token(),
    )) as unknown as LaunchToken;
    await launch.usdc.mint(launch.bob.address, 3_000_000n);
    await launch.usdc.connect(launch.bob).approve(await launch.router.getAddress(), 3_000_000n);
    const path = [await sale.currency(), await sale.token()];
    await (launch.router.connect(launch.bob) as Loose).swapExactTokensForTokens(
      ...[3_000_000n, 0n, path, launch.bob.address, 2n ** 40n, { gasLimit: SWAP_GAS }],
    );
    const { money, tokens } = poolOf(SOFT);
    const wanted = (3_000_000n * 997n * tokens) / (money * 1000n + 3_000_000n * 997n);
    expect(await token.balanceOf(launch.bob.address)).to.equal(wanted);
  });

  it("T81 lists where a stranger made the pair", async () => {
    const sale = await launch.deploySale();
    await launch.factory.createPair(await sale.token(), await sale.currency());
    await launch.settle(sale, HARD);
    await list(sale);
    await checkListed(sale, HARD, 0n, 0n);
  });

  it("T80 lists at the price after any donation, synced or not, and gives it to the treasury", async () => {
    let random = 0x51199an;
    const next = (most: bigint): bigint => {
      random = (random * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
      return (random >> 16n) % (most + 1n);
    };
    const cases: [synced: bigint, loose: bigint][] = [
      [1n, 0n],
      [2n, 0n],
      [0n, 1n],
      [2n * SOFT, 0n],
      ...Array.from({ length: 8 }, () => [next(2n * SOFT), next(2n * SOFT)] as [bigint, bigint]),
    ];
    for (const [index, [synced, loose]] of cases.entries()) {
      const snapshot = await launch.networkHelpers.takeSnapshot();
      const sale = await launch.deploySale({ document: String(index) });
      await launch.factory.createPair(await sale.token(), await sale.currency());
      const pair = pairAt(launch.ethers, await launch.pairOf(sale), launch.bob);
      await launch.settle(sale, SOFT);
      await launch.usdc.mint(await pair.getAddress(), synced);
      await pair.sync();
      await launch.usdc.mint(await pair.getAddress(), loose);
      await list(sale);
      const kept = synced === 0n ? 0n : 1n; // what the invariant of the pair does not give back
      await checkListed(sale, SOFT, synced + loose - kept, kept);
      if (index < cases.length - 1) await snapshot.restore();
      await launch.bob.sendTransaction({ to: launch.bob.address }); // moves the next sale's address
      await launch.deployer.sendTransaction({ to: launch.bob.address });
    }
  });

  it("lists a token below and above its currency by address", async () => {
    const sides = new Set<boolean>();
    for (let index = 0; sides.size < 2 && index < 40; index++) {
      const snapshot = await launch.networkHelpers.takeSnapshot();
      for (let skipped = 0; skipped < index; skipped++) {
        await launch.deployer.sendTransaction({ to: launch.bob.address });
      }
      const sale = await launch.deploySale();
      const below = BigInt(await sale.token()) < BigInt(await sale.currency());
      if (!sides.has(below)) {
        sides.add(below);
        await launch.factory.createPair(await sale.token(), await sale.currency());
        const pair = pairAt(launch.ethers, await launch.pairOf(sale), launch.bob);
        await launch.usdc.mint(await pair.getAddress(), 777n);
        await pair.sync();
        await launch.settle(sale, SOFT);
        await list(sale);
        await checkListed(sale, SOFT, 776n, 1n);
      }
      await snapshot.restore();
    }
    expect(sides.size).to.equal(2);
  });

  it("lists a sale in ETH as WETH, with a donation, and swaps ETH through the router", async () => {
    const sale = await launch.deploySale({ currency: ZeroAddress });
    await launch.weth.deposit({ value: 1_000n });
    await launch.factory.createPair(await sale.token(), await launch.weth.getAddress());
    const pair = pairAt(launch.ethers, await launch.pairOf(sale), launch.bob);
    await launch.weth.transfer(await pair.getAddress(), 1_000n);
    await pair.sync();
    await launch.settle(sale, SOFT);
    await list(sale);
    await checkListed(sale, SOFT, 999n, 1n);

    const token = (await launch.ethers.getContractAt(
      "LaunchToken",
      await sale.token(),
    )) as unknown as LaunchToken;
    const path = [await launch.weth.getAddress(), await sale.token()];
    await (launch.router.connect(launch.bob) as Loose).swapExactETHForTokens(
      ...[0n, path, launch.bob.address, 2n ** 40n, { value: 3_000n, gasLimit: SWAP_GAS }],
    );
    const { money, tokens } = poolOf(SOFT);
    expect(await token.balanceOf(launch.bob.address)).to.equal(
      (3_000n * 997n * tokens) / (money * 1000n + 3_000n * 997n),
    );
  });

  it("T90 releases the liquidity to the treasury at the end of the lock, not a second before", async () => {
    const sale = await launch.deploySale();
    await launch.settle(sale, SOFT);
    await launch.networkHelpers.time.setNextBlockTimestamp(CLOSES + DELAY + 10n);
    await list(sale);
    const pair = pairAt(launch.ethers, await launch.pairOf(sale), launch.bob);
    const id = `0x${(await pair.getAddress()).slice(2).padStart(64, "0")}`;
    const until = CLOSES + DELAY + 10n + 365n * DAY;

    await launch.networkHelpers.time.setNextBlockTimestamp(until - 1n);
    await expect(launch.venue.connect(launch.treasury).release(id))
      .to.be.revertedWithCustomError(launch.venue, "Lock_StillLocked")
      .withArgs(until - 1n, until);
    await launch.networkHelpers.time.setNextBlockTimestamp(until);
    await launch.venue.connect(launch.bob).release(id);
    expect(await pair.balanceOf(launch.treasury.address)).to.equal(
      ((await pair.totalSupply()) as bigint) - 1000n,
    );
    await expect(launch.venue.release(id)).to.be.revertedWithCustomError(launch.venue, "Lock_Unknown");
  });

  it("T90 keeps for ever what the terms lock for ever", async () => {
    const sale = await launch.deploySale({ adjust: (terms) => (terms.listing.lockSeconds = 2n ** 64n - 1n) });
    await launch.settle(sale, SOFT);
    await list(sale);
    const id = `0x${(await launch.pairOf(sale)).slice(2).padStart(64, "0")}`;
    expect((await launch.venue.lockOf(id)).until).to.equal(2n ** 64n - 1n);
    await launch.networkHelpers.time.increaseTo(2n ** 40n);
    await expect(launch.venue.release(id)).to.be.revertedWithCustomError(launch.venue, "Lock_StillLocked");
  });

  it("R16 refuses to list a token that the caller did not bear", async () => {
    const sale = await launch.deploySale();
    const listing = {
      token: await sale.token(),
      currency: await sale.currency(),
      tokenAmount: 10n ** 9n,
      currencyAmount: 10n ** 9n,
      feeTier: 3_000,
      tickSpacing: 0,
      recipient: launch.bob.address,
      lockedUntil: 0n,
      salt: ZeroHash,
    };
    await expect(launch.venue.connect(launch.bob).list(listing)).to.be.revertedWithCustomError(
      launch.venue,
      "Venue_NotBornHere",
    );
  });

  it("T80 refuses at creation a pool so small that a donation near its size could stop it", async () => {
    const born = launch.ethers.getCreateAddress({ from: launch.bob.address, nonce: 1 });
    const listing = (tokenAmount: bigint, currencyAmount: bigint) => ({
      ...{ token: born, currency: ZeroAddress, tokenAmount, currencyAmount },
      ...{ feeTier: 3_000, tickSpacing: 0, recipient: launch.bob.address, lockedUntil: 0n, salt: ZeroHash },
    });
    const venue = launch.venue.connect(launch.bob);
    // √(2008 × 1999) is above the 1000 that a pair burns, but √(1003 × 999) is not.
    await expect(venue.previewListing(listing(2_008n, 1_999n)))
      .to.be.revertedWithCustomError(venue, "Venue_AmountTooSmall")
      .withArgs(1_000n, 1_001n);
    await venue.previewListing(listing(2_008n, 2_000n));
  });

  it("T71 refuses to create a sale of an existing token, which it could never list", async () => {
    const existing = await (await launch.ethers.deployContract("HostileToken")).getAddress();
    await expect(
      launch.deploySale({ adjust: (terms) => (terms.token.existing = existing) }),
    ).to.be.revertedWithCustomError(launch.venue, "Venue_NotBornHere");
  });

  it("T92 a sandwich around the listing earns its maker nothing", async () => {
    const sale = await launch.deploySale();
    await launch.factory.createPair(await sale.token(), await sale.currency());
    const pair = pairAt(launch.ethers, await launch.pairOf(sale), launch.bob);
    await launch.settle(sale, SOFT);
    const bob = launch.bob.address;
    await launch.usdc.mint(bob, SOFT);
    await launch.usdc.connect(launch.bob).transfer(await pair.getAddress(), 1_000n);
    await pair.sync();
    await list(sale);

    const router = launch.router.connect(launch.bob) as Loose;
    const token = (await launch.ethers.getContractAt(
      "LaunchToken",
      await sale.token(),
    )) as unknown as LaunchToken;
    await launch.usdc.connect(launch.bob).approve(await router.getAddress(), SOFT);
    await token.connect(launch.bob).approve(await router.getAddress(), 2n ** 256n - 1n);
    const path = [await sale.currency(), await sale.token()];
    await router.swapExactTokensForTokens(...[SOFT / 9n, 0n, path, bob, 2n ** 40n, { gasLimit: SWAP_GAS }]);
    const bought = await token.balanceOf(bob);
    await router.swapExactTokensForTokens(
      ...[bought, 0n, path.reverse(), bob, 2n ** 40n, { gasLimit: SWAP_GAS }],
    );
    expect((await launch.usdc.balanceOf(bob)) < SOFT - 1_000n).to.equal(true);
  });

  it("T98 lets no token out before it is listed, by any call", async () => {
    const allocation = {
      ...{ index: 0n, beneficiary: launch.bob.address, amount: 10n ** 21n, revoker: launch.bob.address },
      schedule: { initialBps: 10_000n, cliffSeconds: 0n, durationSeconds: 0n, steps: 0n },
    };
    const type = "tuple(uint256,address,uint256,tuple(uint16,uint64,uint64,uint32),address)";
    const { index, beneficiary, amount, schedule, revoker } = allocation;
    const values = [index, beneficiary, amount, Object.values(schedule), revoker];
    const vesting = await launch.vesting.getAddress();
    const sale = await launch.deploySale({
      adjust: (terms) => {
        terms.vesting.vesting = vesting;
        terms.vesting.allocationsRoot = keccak256(
          keccak256(AbiCoder.defaultAbiCoder().encode([type], [values])),
        );
        terms.vesting.allocationsTotal = allocation.amount;
      },
    });
    await launch.settle(sale, SOFT);
    const [address, bob] = [await sale.getAddress(), launch.vesting.connect(launch.bob)];

    await expect(sale.claim(launch.alice.address)).to.be.revertedWithCustomError(sale, "Sale_WrongPhase");
    await expect(sale.releaseUnsold()).to.be.revertedWithCustomError(sale, "Sale_NothingToRelease");
    await expect(bob.claimFor(address, allocation, [])).to.be.revertedWithCustomError(
      bob,
      "Vesting_NothingToClaim",
    );
    await expect(bob.revoke(address, allocation, [])).to.be.revertedWithCustomError(
      bob,
      "Vesting_SaleNotListed",
    );
    await list(sale);
    await bob.claimFor(address, allocation, []);
  });

  it("T99 has no gate: from listing on the token moves between any two", async () => {
    const sale = await launch.deploySale();
    await launch.settle(sale, SOFT);
    await list(sale);
    await sale.claim(launch.alice.address);
    const token = (await launch.ethers.getContractAt(
      "LaunchToken",
      await sale.token(),
    )) as unknown as LaunchToken;
    const amount = await token.balanceOf(launch.alice.address);
    await token.connect(launch.alice).transfer(launch.bob.address, amount);
    await token.connect(launch.bob).transfer(await launch.pairOf(sale), amount);
    await pairAt(launch.ethers, await launch.pairOf(sale), launch.bob).sync();
    expect((await reservesOf(sale)).tokens).to.equal(poolOf(SOFT).tokens + amount);
  });

  it("T89 counts no liquidity of another sale as found, listed while a thief's token calls out", async () => {
    const sale = await launch.deploySale();
    await launch.factory.createPair(await sale.token(), await sale.currency());
    await launch.settle(sale, SOFT);
    const loot = await launch.pairOf(sale);
    const thief = (await launch.ethers.deployContract("LpThief")) as unknown as LpThief;
    await launch.usdc.mint(await thief.getAddress(), SOFT);

    await expect(
      thief.steal(await launch.venue.getAddress(), await sale.getAddress(), loot),
    ).to.be.revertedWithCustomError(launch.venue, "ReentrancyGuardReentrantCall");
    await list(sale);
    await checkListed(sale, SOFT, 0n, 0n);
  });
});
