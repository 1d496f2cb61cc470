import {
  decodeFunctionResult,
  encodeFunctionData,
  erc20Abi,
  zeroAddress,
  type Abi,
  type Address,
  type ContractFunctionName,
  type Hex,
} from "viem";
import { resultOf, type RpcPool } from "../chain/rpcPool.ts";
import type { RpcCall, RpcSource } from "../chain/rpcSource.ts";
import { saleAbi } from "../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { phaseOf, type Phase } from "../sdk/phase.ts";

/** The sale as one node sees it at one block. */
export type SaleView = {
  termsHash: Hex;
  phase: Phase;
  history: Hex;
  raised: bigint;
  /** Zero before. */
  settledAt: bigint;
  listedAt: bigint;
  /** Credits, once listed. */
  fee: bigint;
  treasury: bigint;
  treasuryPaid: bigint;
  unsold: bigint;
  /** Zero until it is born, in a listing on v3. */
  token: Address;
  /** What the sale holds. */
  currencyHeld: bigint;
  tokensHeld: bigint;
};

/** A buyer as one node sees it at one block. */
export type PositionView = { paid: bigint; claimed: bigint; nonce: bigint; ejected: bigint };

/** A call and what its answer means. */
type Question<T> = { call: RpcCall; decode: (answer: Hex) => T };

type SaleGetter = ContractFunctionName<typeof saleAbi, "view">;
/** Loosely typed: what comes back is read as the types above. */
const abi: Abi = saleAbi;

/** Calls in one HTTP request at most. */
const CALLS_AT_ONCE = 100;

export async function readSale(
  pool: RpcPool,
  source: RpcSource,
  { sale, currency }: Pick<LaunchRecord, "sale" | "currency">,
  blockHash: Hex,
): Promise<SaleView> {
  const at = (functionName: SaleGetter) => saleQuestion(sale, functionName, [], blockHash);
  const questions = {
    termsHash: at("termsHash"),
    phase: at("phase"),
    history: at("history"),
    raised: at("raised"),
    settledAt: at("settledAt"),
    listedAt: at("listedAt"),
    credits: at("credits"),
    token: at("token"),
    currencyHeld: balanceOf(currency, sale, blockHash),
  };
  const names = Object.keys(questions) as (keyof typeof questions)[];
  const answers = await askAll(
    pool,
    source,
    names.map((name) => questions[name]),
  );
  const said = Object.fromEntries(names.map((name, index) => [name, answers[index]]));
  const token = said["token"] as Address;
  const held = token === zeroAddress ? [] : [balanceOf(token, sale, blockHash)];
  const [tokensHeld = 0n] = await askAll(pool, source, held);
  const [fee, treasury, treasuryPaid, unsold] = said["credits"] as [bigint, bigint, bigint, bigint];
  return {
    termsHash: said["termsHash"] as Hex,
    phase: phaseOf(said["phase"] as number),
    history: said["history"] as Hex,
    raised: said["raised"] as bigint,
    settledAt: said["settledAt"] as bigint,
    listedAt: said["listedAt"] as bigint,
    ...{ fee, treasury, treasuryPaid, unsold },
    token,
    currencyHeld: said["currencyHeld"] as bigint,
    tokensHeld: tokensHeld as bigint,
  };
}

/** In the order of `buyers`. */
export async function readPositions(
  pool: RpcPool,
  source: RpcSource,
  sale: Address,
  buyers: readonly Address[],
  blockHash: Hex,
): Promise<PositionView[]> {
  const answers = await askAll(
    pool,
    source,
    buyers.flatMap((buyer) => [
      saleQuestion(sale, "positionOf", [buyer], blockHash),
      saleQuestion(sale, "ejectedOf", [buyer], blockHash),
    ]),
  );
  return buyers.map((_, index) => {
    const [paid, claimed, nonce] = answers[2 * index] as [bigint, bigint, bigint, bigint];
    return { paid, claimed, nonce, ejected: answers[2 * index + 1] as bigint };
  });
}

function saleQuestion(
  sale: Address,
  functionName: SaleGetter,
  args: readonly unknown[],
  blockHash: Hex,
): Question<unknown> {
  const data = encodeFunctionData({ abi, functionName, args });
  return {
    call: { method: "eth_call", params: [{ to: sale, data }, { blockHash }] },
    decode: (answer) => decodeFunctionResult({ abi, functionName, data: answer }),
  };
}

function balanceOf(asset: Address, holder: Address, blockHash: Hex): Question<bigint> {
  if (asset === zeroAddress) {
    return { call: { method: "eth_getBalance", params: [holder, { blockHash }] }, decode: BigInt };
  }
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [holder] });
  return {
    call: { method: "eth_call", params: [{ to: asset, data }, { blockHash }] },
    decode: (answer) => decodeFunctionResult({ abi: erc20Abi, functionName: "balanceOf", data: answer }),
  };
}

async function askAll(
  pool: RpcPool,
  source: RpcSource,
  questions: readonly Question<unknown>[],
): Promise<unknown[]> {
  const said: unknown[] = [];
  for (let at = 0; at < questions.length; at += CALLS_AT_ONCE) {
    const part = questions.slice(at, at + CALLS_AT_ONCE);
    const answers = await pool.ask(
      source,
      part.map(({ call }) => call),
    );
    for (const [index, { call, decode }] of part.entries()) {
      said.push(decode(resultOf(source, call, answers[index]) as Hex));
    }
  }
  return said;
}
