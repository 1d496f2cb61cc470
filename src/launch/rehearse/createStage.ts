import {
  encodeFunctionData,
  getAddress,
  keccak256,
  maxUint96,
  numberToHex,
  slice,
  stringToHex,
  zeroAddress,
  type Abi,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createRpcPool } from "../../chain/rpcPool.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { contractErrorOf } from "../../sdk/contractErrors.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Permit } from "../../sdk/permitOf.ts";
import { phaseOf, type Phase } from "../../sdk/phase.ts";
import type { Policy } from "../../sdk/policy.ts";
import { SlipwayError } from "../../sdk/problem.ts";
import { voucherTypedData } from "../../sdk/voucher.ts";
import { moneyFor } from "../doctor/moneyFor.ts";
import { launchError } from "../launchErrors.ts";
import { listingCallOf } from "../list.ts";
import { verifySale } from "../verify/verifySale.ts";
import type { Scene, Seen } from "./Rehearsal.ts";

const anySaleAbi: Abi = saleAbi;
const PLENTY = 10n ** 24n;
/** More buyers than this would take long; then each pays more than the policy lets one. */
const MOST_BUYERS = 40n;
const BUYERS_IN_AN_OPEN_SALE = 4n;
const NAMES = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gil", "Hana"];

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** A launch on a fork that is this process's alone: people, roles and time do as a scene says, and all that they see is kept. */
export async function createStage(chain: PublicClient, record: LaunchRecord) {
  const { sale, terms, policy, chainId } = record;
  const rpc = (method: string, params: unknown[] = []): Promise<unknown> =>
    chain.request({ method, params } as never);
  const read = <T>(functionName: string, args: readonly unknown[] = []): Promise<T> =>
    chain.readContract({ address: sale, abi: anySaleAbi, functionName, args }) as Promise<T>;
  const now = async () => (await chain.getBlock()).timestamp;
  const seen: Seen[] = [];
  const here = new Set<Address>();

  // The signer's own key stays where it is: the owner admits another one, on the fork, with the same bounds.
  const signer = privateKeyToAccount(generatePrivateKey());
  const { owner, signerMaxCap, signerMaxWindow } = terms.roles;
  if (terms.sale.voucherRequired)
    await act(owner, "addSigner", [signer.address, signerMaxCap, signerMaxWindow]);
  if (terms.token.existing !== zeroAddress) {
    await give(terms.payout.treasury, terms.token.maxSupply, terms.token.existing);
    await act(terms.payout.treasury, "fund");
  }

  const { currencyUnits } = terms.sale.price;
  const down = (amount: bigint) => amount - (amount % currencyUnits);
  const up = (amount: bigint) => down(amount + currencyUnits - 1n);
  // None where anybody buys, as much as they like.
  const tier = policy.tiers.reduce<Policy["tiers"][number] | undefined>(
    (best, one) => (best === undefined || one.personCap > best.personCap ? one : best),
    undefined,
  );
  const byPolicy =
    tier === undefined
      ? terms.sale.hardCap
      : down(tier.personCap < signerMaxCap ? tier.personCap : signerMaxCap);
  const asFew = up(terms.sale.softCap / (tier === undefined ? BUYERS_IN_AN_OPEN_SALE : MOST_BUYERS));
  const atLeast = asFew > terms.sale.minPurchase ? asFew : up(terms.sale.minPurchase);
  const share = tier !== undefined && byPolicy > asFew ? byPolicy : atLeast;
  const peopleFor = (cap: bigint) => Number((cap + byPolicy - 1n) / byPolicy);
  const buyersFor = (cap: bigint) => Number((cap + share - 1n) / share);

  /** Throws what the chain says, in the contract's own words. */
  async function send(from: Address, to: Address, data: Hex, value = 0n): Promise<void> {
    await bring(from);
    try {
      const call = { from, to, data, value: numberToHex(value) };
      const hash = (await rpc("eth_sendTransaction", [call])) as Hex;
      const { status } = await chain.waitForTransactionReceipt({ hash });
      if (status === "success") return;
    } catch (cause) {
      throw contractErrorOf(cause) ?? launchError("transaction-reverted", "", { cause });
    }
    throw launchError("transaction-reverted", "");
  }

  /** Lets somebody act here, with ether enough; all of them before the first scene. */
  async function bring(who: Address): Promise<void> {
    if (here.has(who)) return;
    await rpc("hardhat_impersonateAccount", [who]);
    await rpc("hardhat_setBalance", [who, numberToHex(PLENTY)]);
    here.add(who);
  }

  function act(
    from: Address,
    functionName: string,
    args: readonly unknown[] = [],
    value = 0n,
  ): Promise<void> {
    return send(from, sale, encodeFunctionData({ abi: anySaleAbi, functionName, args }), value);
  }

  /** Money out of nowhere, and an allowance of the sale. Throws `step-fails`. */
  async function give(
    to: Address,
    amount: bigint,
    asset = terms.sale.currency,
    spender = sale,
  ): Promise<void> {
    if (asset === zeroAddress) return;
    const money = await moneyFor({ chain, currency: asset, owner: to, spender, amount });
    if (money === undefined)
      throw launchError("step-fails", `no balance of ${asset} can be made up on the fork`);
    for (const { address, stateDiff = [] } of money.stateOverride) {
      for (const { slot, value } of stateDiff) {
        await rpc("hardhat_setStorageAt", [address, numberToHex(BigInt(slot)), value]);
      }
    }
  }

  async function permit(buyer: Address): Promise<Permit> {
    const [[, , nonce], time] = await Promise.all([
      read<readonly [bigint, bigint, bigint]>("positionOf", [buyer]),
      now(),
    ]);
    const orderId = keccak256(stringToHex(`${buyer} ${nonce}`));
    if (!terms.sale.voucherRequired) {
      const open = { nonce, cumulativeCap: maxUint96, validFrom: 0n, validUntil: maxUint96, orderId };
      return { voucher: open, signature: "0x" };
    }
    const validUntil = time + (tier?.voucherSeconds ?? signerMaxWindow);
    const voucher = { nonce, cumulativeCap: share, validFrom: time, validUntil, orderId };
    const signature = await signer.signTypedData(voucherTypedData({ chainId, sale, buyer, voucher }));
    return { voucher, signature };
  }

  async function tell(who: string, did: string, wanted: string, work: () => Promise<unknown>): Promise<void> {
    let [code, saw] = ["done", "done"];
    try {
      await work();
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      code = error.code;
      saw = `${error.code}: ${error.message}. ${error.wayOut}`;
    }
    seen.push({ at: await now(), who, did, saw, expected: code === wanted });
  }

  const person = (name: string): Address =>
    getAddress(slice(keccak256(stringToHex(`rehearsal ${name}`)), 12));
  const count = buyersFor(terms.sale.softCap);
  const names = Array.from(
    { length: Math.max(count, 3) },
    (_, index) => NAMES[index] ?? `buyer ${String(index + 1)}`,
  );
  // Money for two purchases each: some change their mind.
  for (const name of [...names, "Mallory"]) {
    await bring(person(name));
    await give(person(name), 2n * share);
  }
  const { roles, payout } = terms;
  for (const role of [roles.owner, roles.compliance, roles.guardian, payout.treasury]) {
    if (role !== zeroAddress) await bring(role);
  }

  const stage = {
    ...{
      chain,
      record,
      rpc,
      read,
      now,
      send,
      act,
      give,
      permit,
      seen,
      share,
      byPolicy,
      peopleFor,
      buyersFor,
    },
    opensAt: tier !== undefined && tier.opensAt > terms.sale.opensAt ? tier.opensAt : terms.sale.opensAt,
    ...{ person, buyers: names.slice(0, count) },
    phase: async (): Promise<Phase> => phaseOf(await read<number>("phase")),
    does: (who: string, did: string, work: () => Promise<unknown>) => tell(who, did, "done", work),
    refused: (code: string, who: string, did: string, work: () => Promise<unknown>) =>
      tell(who, did, code, work),
    /** Forward only. */
    async moveTo(time: bigint): Promise<void> {
      const last = await now();
      await rpc("evm_setNextBlockTimestamp", [Number(time > last ? time : last + 1n)]);
      await rpc("evm_mine");
    },
    /** With a permit of this moment, or one from before. */
    async buy(buyer: Address, given?: Permit): Promise<void> {
      const { voucher, signature } = given ?? (await permit(buyer));
      const value = terms.sale.currency === zeroAddress ? share : 0n;
      await act(buyer, "purchase", [share, 1n, voucher, signature], value);
    },
    async list(by: Address): Promise<void> {
      const call = await listingCallOf({ client: chain as never, record }, await read<Hex>("history"));
      await act(by, call.functionName, call.args);
    },
    /** The node of this stage as any other node is asked; `broken` is one that does not answer. */
    pool: (urls: readonly ("works" | "broken")[]) =>
      createRpcPool({
        urls: urls.map((kind, index) => `http://${kind}-${String(index)}.invalid`),
        clock: {
          now: () => 0,
          sleep: () => Promise.resolve(),
          deadline: () => new AbortController().signal,
        },
        fetch: async (url, init) => {
          if ((url as string).includes("broken")) throw new Error("no answer");
          const calls = JSON.parse(init?.body as string) as Rpc | Rpc[];
          const one = async ({ id, method, params }: Rpc) => {
            try {
              return { jsonrpc: "2.0", id, result: await rpc(method, params) };
            } catch (error) {
              const { shortMessage = "refused" } = error as { shortMessage?: string };
              return { jsonrpc: "2.0", id, error: { code: -32000, message: shortMessage } };
            }
          };
          return Response.json(await (Array.isArray(calls) ? Promise.all(calls.map(one)) : one(calls)));
        },
      }),
    async books(): Promise<NonNullable<Scene["books"]>> {
      const { ok, checks, found } = await verifySale({ chainId, sale, pool: stage.pool(["works"]) });
      const failing = checks.filter((check) => !check.ok);
      return { ok, failing, currency: found?.currency ?? [], tokens: found?.tokens ?? [] };
    },
  };
  return stage;
}

type Rpc = { id: number; method: string; params: unknown[] };
