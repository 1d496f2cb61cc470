import { encodeFunctionData, parseAbi, type Abi, type Address, type Hex } from "viem";
import demo from "../../launch.config.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { readRecord } from "../../deploy/readRecord.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { planOn, startNode } from "./planWorld.ts";

const UNIT = 10n ** 6n;
const mockAbi = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
]);

/** The demo's launch in open mode, so that tests buy without a signer. */
export const openLaunch: Launch = { ...demo, sale: { ...demo.sale, voucherRequired: false } };

/**
 * On a node of its own: three buyers of 60,000, 70,000 and 80,000, of whom the first has withdrawn once. `list` takes it to
 * the listed pool, with a claim and every release.
 */
export async function startOpenLaunch(launch: Launch = openLaunch) {
  const node = await startNode();
  const { chain } = node;
  const rpc = (method: string, params: unknown[] = []): Promise<unknown> =>
    chain.request({ method, params } as never);
  await planOn(chain, { launch }); // carries it out
  const { sale: creation, terms } = deploymentOf(launch);
  const sale = creation.address;
  const accounts = (await rpc("eth_accounts")) as Address[];
  const buyers = accounts.slice(10, 13);

  async function send(from: Address, to: Address, abi: Abi, functionName: string, args: unknown[] = []) {
    const data = encodeFunctionData({ abi, functionName, args });
    const hash = (await rpc("eth_sendTransaction", [{ from, to, data }])) as Hex;
    const { status } = await chain.waitForTransactionReceipt({ hash });
    if (status !== "success") throw new Error(`${functionName} reverted`);
  }
  const [first, second, third] = buyers as [Address, Address, Address];
  const onSale = (from: Address, functionName: string, args: unknown[] = []) =>
    send(from, sale, saleAbi, functionName, args);
  const moveTo = async (time: bigint) => {
    await rpc("evm_setNextBlockTimestamp", [Number(time)]);
    await rpc("evm_mine");
  };
  let orders = 0;
  async function buy(buyer: Address, amount: bigint, nonce: bigint): Promise<void> {
    await send(buyer, terms.sale.currency, mockAbi, "mint", [buyer, amount]);
    await send(buyer, terms.sale.currency, mockAbi, "approve", [sale, amount]);
    const orderId = `0x${String(++orders).padStart(64, "0")}`;
    const voucher = { nonce, cumulativeCap: 10n ** 18n, validFrom: 0n, validUntil: 2n ** 60n, orderId };
    await onSale(buyer, "purchase", [amount, amount, voucher, "0x"]);
  }

  await moveTo(terms.sale.opensAt);
  await buy(first, 60_000n * UNIT, 0n);
  await onSale(first, "withdraw");
  await buy(first, 60_000n * UNIT, 2n);
  await buy(second, 70_000n * UNIT, 0n);
  await buy(third, 80_000n * UNIT, 0n);
  await onSale(terms.roles.compliance, "invalidate", [third, 5n]);

  return {
    ...{ node, chain, rpc, launch, terms, sale, buyers, onSale, send },
    record: () => readRecord({ launch, client: chain }),
    async list(): Promise<void> {
      await moveTo(terms.sale.closesAt);
      await onSale(third, "finalise");
      const settledAt = await chain.readContract({ address: sale, abi: saleAbi, functionName: "settledAt" });
      await moveTo(settledAt + terms.listing.delay);
      const history = await chain.readContract({ address: sale, abi: saleAbi, functionName: "history" });
      await onSale(third, "list", [history]);
      await onSale(third, "claim", [third]);
      for (const release of ["releaseFee", "releaseTreasury", "releaseUnsold"]) await onSale(third, release);
    },
    close: () => node.close(),
  };
}
