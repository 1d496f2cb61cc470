import { toFunctionSelector, type Address, type Hex } from "viem";
import type { RpcCall, RpcSource } from "../../chain/rpcSource.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { phaseOf } from "../../sdk/phase.ts";
import type { Finality, Snapshot, WalletPosition } from "./createSaleReader.ts";

const NOTHING: WalletPosition = { paid: 0n, nonce: 0n };
/** Nodes refuse longer batches. */
const BATCH = 100;
const phase = toFunctionSelector("function phase()");
const positionOf = toFunctionSelector("function positionOf(address)");
/** Words of its answer. */
const [PAID, NONCE, WORDS] = [0, 2, 4];

type Question = { record: LaunchRecord; finality: Finality; wallets: readonly Address[] };
type Block = { number: bigint; timestamp: bigint };

/** All of one node, so that its blocks fit together; the next one where it does not answer. Calls are written by hand: a library
 * takes longer for one wallet's than all else of an order does. */
export async function readSnapshot({ sources, ...question }: Question & { sources: readonly RpcSource[] }) {
  let last: unknown;
  for (const source of [...sources, ...sources]) {
    try {
      return await readFrom(source, question);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function readFrom(source: RpcSource, { record, finality, wallets }: Question): Promise<Snapshot> {
  const tags = finality.kind === "tag" ? ["latest", "finalized"] : ["latest"];
  const [latest, tagged] = (await ask(source, tags.map(blockCall))).map(blockOf);
  if (latest === undefined) throw new Error("no latest block");

  const at = (number: bigint, data: Hex): RpcCall => ({
    method: "eth_call",
    params: [{ to: record.sale, data }, toHex(number)],
  });
  const positionAt =
    (number: bigint) =>
    (wallet: Address): RpcCall =>
      at(number, `${positionOf}${wallet.slice(2).toLowerCase().padStart(64, "0")}`);
  const depth = finality.kind === "depth" ? BigInt(finality.depth) : 0n;
  const deep = latest.number > depth ? latest.number - depth : 0n;
  const born = latest.number >= record.startBlock;

  const [phaseAnswer, deepAnswer, ...positions] = await ask(source, [
    at(latest.number, phase),
    blockCall(toHex(deep)),
    ...(born ? wallets.map(positionAt(latest.number)) : []),
  ]);
  const finalised = tagged ?? blockOf(deepAnswer);
  const head = new Map(wallets.map((wallet, index) => [wallet, born ? position(positions[index]) : NOTHING]));

  // A nonce never goes down along a chain: where it is 0 now, there was nothing before either.
  const earlier = wallets.filter((wallet) => head.get(wallet)?.nonce !== 0n);
  const old = finalised.number >= record.startBlock && earlier.length > 0;
  const answers = old ? await ask(source, earlier.map(positionAt(finalised.number))) : [];
  const before = new Map(wallets.map((wallet) => [wallet, NOTHING]));
  for (const [index, answer] of answers.entries()) before.set(earlier[index]!, position(answer));

  return {
    ...{ time: latest.timestamp, phase: phaseOf(Number(word(phaseAnswer, 0))), head },
    finalised: { number: finalised.number, time: finalised.timestamp, positions: before },
  };
}

async function ask(source: RpcSource, calls: readonly RpcCall[]): Promise<unknown[]> {
  const parts: RpcCall[][] = [];
  for (let from = 0; from < calls.length; from += BATCH) parts.push(calls.slice(from, from + BATCH));
  const answers = await Promise.all(parts.map((part) => source.send(part)));
  return answers.flat().map((answer) => {
    if (answer.ok) return answer.result;
    throw new Error(`${source.name}: ${answer.error.message}`);
  });
}

function blockCall(block: string): RpcCall {
  return { method: "eth_getBlockByNumber", params: [block, false] };
}

function blockOf(answer: unknown): Block {
  const { number, timestamp } = (answer ?? {}) as { number?: string; timestamp?: string };
  if (number === undefined || timestamp === undefined) throw new Error("no such block");
  return { number: BigInt(number), timestamp: BigInt(timestamp) };
}

function position(answer: unknown): WalletPosition {
  return { paid: word(answer, PAID, WORDS), nonce: word(answer, NONCE, WORDS) };
}

function word(answer: unknown, index: number, words = 1): bigint {
  if (typeof answer !== "string" || answer.length !== 2 + 64 * words)
    throw new Error("an answer of another shape");
  return BigInt(`0x${answer.slice(2 + 64 * index, 2 + 64 * (index + 1))}`);
}

function toHex(number: bigint): Hex {
  return `0x${number.toString(16)}`;
}
