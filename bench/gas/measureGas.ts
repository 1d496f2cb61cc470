import type { ContractTransactionResponse, Signer } from "ethers";
import { dataLength, id, Signature, SigningKey, TypedDataEncoder, ZeroAddress, concat } from "ethers";
import type { ContractSigner, PlainCurrency, Sale } from "../../types/ethers-contracts/index.js";
import type { Launch } from "../../test/support/saleOnUniswapV2.ts";
import {
  CLOSES,
  DAY,
  DELAY,
  HARD,
  OPENS,
  SOFT,
  startLaunch,
  uniswapAt,
  UNIT,
} from "../../test/support/saleOnUniswapV2.ts";
import { startV3 } from "../../test/support/saleOnUniswapV3.ts";

import { bringVenue } from "../../test/support/bringVenue.ts";

/** Gas of each named call; bytes where the name says so. */
export type Gas = Record<string, number>;

/** Calls that are compared with the floor part by part. */
export const TRACED = ["erc20First", "ethFirst", "claimFirst", "refundErc20", "refundEth"] as const;

/** Looks at a traced call while its chain is there. */
type Look = (name: (typeof TRACED)[number], launch: Launch, hash: string) => Promise<void>;

type Account = Signer & { address: string };

const POOL_V3 = "v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool";
const AMOUNT = 300n * UNIT;
// Fixed, as a zero byte more in the calldata is 12 gas less; the chain's clock runs with the machine's.
const WINDOW = { validFrom: OPENS, validUntil: OPENS + DAY - 1n };
const SIGNER = new SigningKey(id("slipway gas: signer"));

/**
 * Measures on Hardhat's EVM (prague) as the peers were measured: one OpenZeppelin ERC-20 pays, allowances are infinite
 * already, totals are not zero any more, no account ends empty. Accounts, keys, times and amounts are fixed, so that
 * two runs agree to the unit.
 */
export async function measureGas(look: Look = async () => {}): Promise<Gas> {
  const launch = await startLaunch();
  try {
    const gas: Gas = {};
    await measureErc20(launch, gas, look);
    await measureEther(launch, gas, look);
    await measureListing(launch, gas, look);
    await measureVenueV3(gas);
    return gas;
  } finally {
    await launch.connection.close();
  }
}

async function measureErc20(launch: Launch, gas: Gas, look: Look): Promise<void> {
  const { ethers, networkHelpers } = launch;
  const { sale, money } = await deploy(launch, "erc20");
  gas["deploy"] = await gasOf(sale.deploymentTransaction()!);
  await networkHelpers.time.increaseTo(OPENS);
  const [, , , , , first, viaAuthorization, viaPermit, viaContract, other] =
    (await ethers.getSigners()) as unknown as Account[];
  for (const buyer of [first!, viaContract!, other!]) await provide(sale, money, buyer);
  for (const buyer of [viaAuthorization!, viaPermit!]) await money.mint(buyer.address, 4n * AMOUNT);
  await buy(sale, other!);

  const purchase = await buy(sale, first!);
  gas["erc20First"] = await gasOf(purchase);
  await look("erc20First", launch, purchase.hash);
  gas["calldataBytes"] = dataLength(purchase.data);
  gas["erc20Repeat"] = await gasOf(await buy(sale, first!));
  gas["withdrawErc20"] = await gasOf(await sale.connect(first).withdraw());

  const authorised = await buyWithAuthorization(sale, money, viaAuthorization!);
  gas["eip3009First"] = await gasOf(authorised);
  gas["eip3009CalldataBytes"] = dataLength(authorised.data);
  gas["erc2612First"] = await gasOf(await buyWithPermit(sale, money, viaPermit!));

  const contractSigner = (await ethers.deployContract("ContractSigner", [
    ethers.computeAddress(SIGNER.publicKey),
  ])) as unknown as ContractSigner;
  await sale.addSigner(await contractSigner.getAddress(), HARD, DAY);
  const { voucher, digest } = await voucherFor(sale, viaContract!);
  const signature = concat([await contractSigner.getAddress(), SIGNER.sign(digest).serialized]);
  gas["erc1271First"] = await gasOf(
    await sale.connect(viaContract).purchase(AMOUNT, AMOUNT, voucher, signature),
  );

  await sale.declareFailed();
  const refund = await sale.refund(other!.address);
  gas["refundErc20"] = await gasOf(refund);
  await look("refundErc20", launch, refund.hash);
}

async function measureEther(launch: Launch, gas: Gas, look: Look): Promise<void> {
  const { sale } = await deploy(launch, "ether", ZeroAddress);
  const [, , , , , first, other] = (await launch.ethers.getSigners()) as unknown as Account[];
  await buy(sale, other!);
  const purchase = await buy(sale, first!);
  gas["ethFirst"] = await gasOf(purchase);
  await look("ethFirst", launch, purchase.hash);
  gas["ethRepeat"] = await gasOf(await buy(sale, first!));
  gas["withdrawEth"] = await gasOf(await sale.connect(first).withdraw());
  await sale.declareFailed();
  const refund = await sale.refund(other!.address);
  gas["refundEth"] = await gasOf(refund);
  await look("refundEth", launch, refund.hash);
}

async function measureListing(launch: Launch, gas: Gas, look: Look): Promise<void> {
  const { ethers, networkHelpers, factory } = launch;
  const [, , , , , buyer] = (await ethers.getSigners()) as unknown as Account[];
  const fresh = await deploy(launch, "no pair yet");
  const paired = await deploy(launch, "pair there");
  const pair = [await paired.sale.token(), await paired.money.getAddress()] as const;
  gas["strangerOpensV2"] = await gasOf(await factory.createPair(...pair));
  const venueV4 = { venue: await bringVenue(launch.connection.provider, "venueV4"), tickSpacing: 60 };
  const onV4 = await deploy(launch, "v4", undefined, venueV4);
  const onV4InEther = await deploy(launch, "v4 in ether", ZeroAddress, venueV4);
  const sales = [fresh, paired, onV4, onV4InEther];
  for (const { sale, money } of sales) {
    await provide(sale, money, buyer!);
    await buy(sale, buyer!, SOFT);
  }

  await networkHelpers.time.setNextBlockTimestamp(CLOSES);
  gas["finalise"] = await gasOf(await fresh.sale.finalise());
  for (const { sale } of sales.slice(1)) await sale.finalise();
  await networkHelpers.time.setNextBlockTimestamp(CLOSES + DELAY + 1n);
  const list = async ({ sale }: { sale: Sale }) => gasOf(await sale.list(await sale.history()));
  gas["listV2WithoutPair"] = await list(fresh);
  gas["listV2WithPair"] = await list(paired);
  gas["listV4Erc20"] = await list(onV4);
  gas["listV4Eth"] = await list(onV4InEther);

  await networkHelpers.time.setNextBlockTimestamp(CLOSES + DELAY + 20n * DAY);
  const claim = await fresh.sale.claim(buyer!.address);
  gas["claimFirst"] = await gasOf(claim);
  await look("claimFirst", launch, claim.hash);
  await networkHelpers.time.setNextBlockTimestamp(CLOSES + DELAY + 40n * DAY);
  gas["claimRepeat"] = await gasOf(await fresh.sale.claim(buyer!.address));
}

/** Open-mode sales, as venues differ in nothing before the listing. */
async function measureVenueV3(gas: Gas): Promise<void> {
  const v3 = await startV3();
  try {
    for (const [name, currency] of [
      ["listV3Erc20", await v3.usdc.getAddress()],
      ["listV3Eth", ZeroAddress],
    ] as const) {
      const snapshot = await v3.networkHelpers.takeSnapshot();
      const venue = await v3.venue.getAddress();
      const sale = await v3.deploySale({
        currency,
        adjust: (terms) => {
          terms.listing.venue = venue;
          terms.listing.tickSpacing = 60;
        },
      });
      await v3.settle(sale, SOFT);
      await v3.networkHelpers.time.setNextBlockTimestamp(CLOSES + DELAY + 1n);
      gas[name] = await gasOf(await sale.list(await sale.history()));
      await snapshot.restore();
    }

    // What it costs to be ahead of a listing that was seen.
    const pair = [await v3.usdc.getAddress(), await v3.weth.getAddress()] as const;
    const created = await gasOf(await v3.factory.createPool(...pair, 3_000n));
    const address = (await v3.factory.getPool(...pair, 3_000n)) as string;
    const pool = uniswapAt(POOL_V3, address, v3.deployer);
    gas["strangerOpensV3"] = created + (await gasOf(await pool.initialize(2n ** 96n)));
  } finally {
    await v3.connection.close();
  }
}

/** With every feature on: vouchers, cooling-off, ejecting, vesting of buyers. */
async function deploy(
  launch: Launch,
  document: string,
  currency?: string,
  listing: { venue?: string; tickSpacing?: number } = {},
): Promise<{ sale: Sale; money: PlainCurrency }> {
  const { ethers } = launch;
  const money = (await ethers.deployContract("PlainCurrency")) as unknown as PlainCurrency;
  const sale = await launch.deploySale({
    document,
    currency: currency ?? (await money.getAddress()),
    adjust: (terms) => {
      Object.assign(terms.listing, listing);
      terms.sale.voucherRequired = true;
      terms.sale.ejectable = true;
      terms.vesting.buyers = { initialBps: 2_500, cliffSeconds: 0n, durationSeconds: 100n * DAY, steps: 0 };
      terms.roles = {
        owner: launch.deployer.address,
        compliance: launch.deployer.address,
        guardian: launch.deployer.address,
        signer: ethers.computeAddress(SIGNER.publicKey),
        signerMaxCap: HARD,
        signerMaxWindow: DAY,
      };
    },
  });
  return { sale, money };
}

async function provide(sale: Sale, money: PlainCurrency, buyer: Account): Promise<void> {
  await money.mint(buyer.address, 2n * SOFT);
  await money.connect(buyer).approve(await sale.getAddress(), 2n ** 256n - 1n);
}

async function voucherFor(sale: Sale, buyer: Account) {
  const { nonce } = await sale.positionOf(buyer.address);
  const orderId = id(`order ${String(nonce)} of ${buyer.address}`);
  const voucher = { nonce, cumulativeCap: HARD, ...WINDOW, orderId };
  return { voucher, digest: await sale.voucherDigest(buyer.address, voucher) };
}

async function buy(sale: Sale, buyer: Account, amount = AMOUNT): Promise<ContractTransactionResponse> {
  const { voucher, digest } = await voucherFor(sale, buyer);
  const value = (await sale.currency()) === ZeroAddress ? amount : 0n;
  return sale
    .connect(buyer)
    .purchase(amount, amount, voucher, SIGNER.sign(digest).compactSerialized, { value });
}

async function buyWithAuthorization(
  sale: Sale,
  money: PlainCurrency,
  buyer: Account,
): Promise<ContractTransactionResponse> {
  const { voucher, digest } = await voucherFor(sale, buyer);
  const signature = await signMoney(buyer, money, "ReceiveWithAuthorization", {
    from: ["address", buyer.address],
    to: ["address", await sale.getAddress()],
    value: ["uint256", AMOUNT],
    validAfter: ["uint256", 0n],
    validBefore: ["uint256", voucher.validUntil],
    nonce: ["bytes32", voucher.orderId],
  });
  return sale
    .connect(buyer)
    .purchaseWithAuthorization(
      ...([AMOUNT, AMOUNT, voucher, SIGNER.sign(digest).compactSerialized] as const),
      ...([signature.v, signature.r, signature.s] as const),
    );
}

async function buyWithPermit(
  sale: Sale,
  money: PlainCurrency,
  buyer: Account,
): Promise<ContractTransactionResponse> {
  const { voucher, digest } = await voucherFor(sale, buyer);
  const signature = await signMoney(buyer, money, "Permit", {
    owner: ["address", buyer.address],
    spender: ["address", await sale.getAddress()],
    value: ["uint256", AMOUNT],
    nonce: ["uint256", 0n],
    deadline: ["uint256", voucher.validUntil],
  });
  return sale
    .connect(buyer)
    .purchaseWithPermit(
      ...([AMOUNT, AMOUNT, voucher, SIGNER.sign(digest).compactSerialized, voucher.validUntil] as const),
      ...([signature.v, signature.r, signature.s] as const),
    );
}

async function signMoney(
  buyer: Account,
  money: PlainCurrency,
  primaryType: string,
  fields: Record<string, [type: string, value: unknown]>,
): Promise<Signature> {
  const domain = {
    name: "Plain Dollar",
    version: "1",
    chainId: 31337n,
    verifyingContract: await money.getAddress(),
  };
  const types = { [primaryType]: Object.entries(fields).map(([name, [type]]) => ({ name, type })) };
  const message = Object.fromEntries(Object.entries(fields).map(([name, [, value]]) => [name, value]));
  if (TypedDataEncoder.from(types).primaryType !== primaryType) throw new Error(primaryType);
  return Signature.from(await buyer.signTypedData(domain, types, message));
}

/** Contracts of Uniswap's have no types here: what they answer to a call that is sent is a transaction. */
async function gasOf(transaction: unknown): Promise<number> {
  return Number((await (transaction as ContractTransactionResponse).wait())!.gasUsed);
}
