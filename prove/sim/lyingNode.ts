import { AbiCoder, keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import { historyKinds } from "../../src/sdk/history.ts";
import type { RawLog } from "../../src/chain/saleEvents.ts";
import { abiOf, hex, treasury, uncountedTopics, type SimChain } from "./SimChain.ts";

/** What a node may lie about beside others that do not; all of it fits together as long as nobody else is asked. */
export const lies = ["purchase", "head", "state", "leavesOut", "garbage"] as const;
export type Lie = (typeof lies)[number];

type Answer = { id: number; result?: unknown; error?: object };
type Call = { id: number; method: string; params: readonly unknown[] };
type Forged = { sale: Address; number: number; hash: Hex; history: Hex; log: object };

const FORGED_AMOUNT = 5n;

/** A node that answers as `honest` does, but for its lie, until it is taken out. */
export function lyingNode(
  honest: typeof globalThis.fetch,
  chain: SimChain,
  random: () => number,
  lie: Lie,
): { fetch: typeof globalThis.fetch; end: () => void } {
  let ended = false;
  let forged: Forged | undefined;

  const fetch: typeof globalThis.fetch = async (url, init) => {
    const response = await honest(url, init);
    if (ended) return response;
    const parsed = JSON.parse(init?.body as string) as Call | Call[];
    const calls = Array.isArray(parsed) ? parsed : [parsed];
    const told = (await response.json()) as Answer | Answer[];
    // A purchase that was never made is of the latest block that there was when it was made up.
    if (lie === "purchase" && (forged === undefined || random() < 0.02)) forged = forge(chain, random);
    const answers = (Array.isArray(told) ? told : [told]).map((answer, index) =>
      answer.error === undefined ? changed(calls[index] as Call, answer) : answer,
    );
    return new Response(JSON.stringify(Array.isArray(told) ? answers : answers[0]));
  };

  function changed(call: Call, answer: Answer): Answer {
    switch (lie) {
      case "purchase":
        return forged === undefined ? answer : withPurchase(call, answer, forged);
      case "head": {
        const block = answer.result as { number: Hex } | null;
        const named = call.method === "eth_getBlockByNumber" && Number.isNaN(Number(call.params[0]));
        return named && block !== null
          ? { ...answer, result: { ...block, number: hex(Number(block.number) + Math.floor(random() * 20)) } }
          : answer;
      }
      case "state":
        return call.method === "eth_call" && random() < 0.3
          ? { ...answer, result: `0x${"00".repeat(31)}05` }
          : answer;
      case "leavesOut":
        if (call.method === "eth_call") return missing(answer);
        return call.method === "eth_getLogs"
          ? { ...answer, result: withoutLast(answer.result as readonly RawLog[]) }
          : answer;
      case "garbage":
        return random() < 0.5
          ? {
              ...answer,
              result: [null, [null], [{}], {}, 5, "0xzz", { number: "0xzz" }][Math.floor(random() * 7)],
            }
          : answer;
    }
  }

  return { fetch, end: () => (ended = true) };
}

/** Without the last, unless nothing on chain counts it: that is not noticed. */
function withoutLast(logs: readonly RawLog[]): readonly RawLog[] {
  return uncountedTopics.has(logs.at(-1)?.topics[0]) ? logs : logs.slice(0, -1);
}

function missing({ id }: Answer): Answer {
  return { ...{ jsonrpc: "2.0", id }, error: { code: -32000, message: "missing trie node" } };
}

/** One more purchase at the end of the latest block, by ethers and not by what is under test. */
function forge({ blocks, sales }: SimChain, random: () => number): Forged | undefined {
  const block = blocks.at(-1);
  const { sale } = sales[Math.floor(random() * sales.length)] ?? {};
  const before = sale === undefined ? undefined : block?.sales.get(sale);
  if (block === undefined || sale === undefined || before === undefined) return undefined;
  const [nonce, amount, orderId] = [7n, FORGED_AMOUNT, block.hash];
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["bytes19", "uint8", "address", "uint256", "uint256", "bytes32"],
    [before.history, historyKinds.indexOf("purchase"), treasury, nonce, amount, orderId],
  );
  const history = keccak256(encoded).slice(0, 40) as Hex;
  const { topics, data } = abiOf(sale).encodeEventLog("Purchased", [
    treasury,
    orderId,
    nonce,
    amount,
    history,
  ]);
  const place = { blockNumber: hex(block.number), blockHash: block.hash, logIndex: hex(block.logs.length) };
  const log = { address: sale, topics, data, ...place, transactionHash: block.hash };
  return { sale, number: block.number, hash: block.hash, history, log };
}

/** As a chain that has it would answer, of that block and those after it. */
function withPurchase(
  { method, params }: Call,
  answer: Answer,
  { sale, number, hash, history, log }: Forged,
): Answer {
  if (method === "eth_getLogs") {
    const { fromBlock, toBlock, blockHash } = params[0] as Record<string, Hex>;
    const within = Number(fromBlock) <= number && number <= Number(toBlock);
    const asked = blockHash === undefined ? within : blockHash === hash;
    return asked ? { ...answer, result: [...(answer.result as unknown[]), log] } : answer;
  }
  if (method !== "eth_call") return answer;
  const [{ to, data }, { blockHash }] = params as [{ to: Address; data: Hex }, { blockHash: Hex }];
  if (to.toLowerCase() !== sale || blockHash !== hash) return answer;
  const name = abiOf(sale).parseTransaction({ data })?.name;
  if (name === "history") return { ...answer, result: history.padEnd(66, "0") };
  if (name !== "raised") return answer;
  const raised = BigInt(answer.result as Hex) + FORGED_AMOUNT;
  return { ...answer, result: `0x${raised.toString(16).padStart(64, "0")}` };
}
