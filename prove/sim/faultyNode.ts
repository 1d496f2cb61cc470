import type { Address, Hex } from "viem";
import { abiOf, hex, uncountedTopics, type SimBlock, type SimChain } from "./SimChain.ts";
import { viewOf } from "./views.ts";

/** Shares of answers with each fault; left out: never. */
export type NodeFaults = Partial<Record<NodeFault, number>>;
export const nodeFaults = [
  ...["omitted", "repeated", "deadFork", "behind", "busy", "broken", "hanging", "html", "cutShort"],
  ...["missingId", "doubledId", "noHeader", "changed", "foreign", "finalisedBack", "pruned"],
  ...["wrongChain", "slowHeaders"],
] as const;
export type NodeFault = (typeof nodeFaults)[number];

type Call = { id: number; method: string; params: readonly unknown[] };
type Answer = { jsonrpc: "2.0"; id: number; result?: unknown; error?: { code: number; message: string } };

const NODE_BEHIND = 60;
const STATE_KEPT = 16;

/** The newest blocks that a node with slow headers tells logs and state of, and no header. */
const HEADERS_LATE = 3;

/** A node of the simulated chain, or by mistake of `otherChain`, behind `fetch`. Each HTTP request meets its own luck. */
export function faultyNode(
  chain: SimChain,
  random: () => number,
  faults: NodeFaults,
  finalityDepth: number,
  otherChain: readonly SimBlock[],
): typeof globalThis.fetch {
  const meets = (fault: NodeFault) => random() < (faults[fault] ?? 0);

  return async (_, init) => {
    await Promise.resolve();
    const parsed = JSON.parse(init?.body as string) as Call | Call[];
    const calls = Array.isArray(parsed) ? parsed : [parsed];
    if (meets("hanging")) throw new DOMException("no answer in time", "TimeoutError");
    if (meets("busy")) return new Response("slow down", { status: 429 });
    if (meets("broken")) return new Response("", { status: 500 });
    if (meets("html")) return new Response("<html>bad gateway</html>");

    const view = meets("wrongChain")
      ? otherChain.slice(0, chain.blocks.length)
      : meets("deadFork")
        ? chain.dead
        : meets("behind")
          ? behind(chain.blocks)
          : chain.blocks;
    let answers = calls.map((call) => answer(call, view));
    if (meets("missingId")) answers = answers.slice(1);
    if (meets("doubledId")) answers = [...answers, ...answers.slice(0, 1)];
    const text = JSON.stringify(Array.isArray(parsed) ? answers : (answers[0] ?? null));
    return new Response(meets("cutShort") ? text.slice(0, text.length / 2) : text);
  };

  function answer({ id, method, params }: Call, view: readonly SimBlock[]): Answer {
    const result =
      method === "eth_getLogs" ? logs(params[0] as LogsQuery, view) : resultOf(method, params, view);
    return result === undefined
      ? { jsonrpc: "2.0", id, error: { code: -32000, message: "header not found" } }
      : { jsonrpc: "2.0", id, result };
  }

  function resultOf(method: string, params: readonly unknown[], view: readonly SimBlock[]): unknown {
    if (method === "eth_getBlockByNumber") return header(params[0] as string, view);
    const [{ to, data }, { blockHash }] = params as [{ to: Address; data: Hex }, { blockHash: Hex }];
    const block = view.find(({ hash }) => hash === blockHash);
    const kept = (faults.pruned ?? 0) > 0 ? view.length - STATE_KEPT : 0;
    if (block === undefined || block.number < kept) return undefined;
    const call = parsed(to.toLowerCase() as Address, data);
    const words = call === null ? undefined : viewOf(block, to, call.name, [...call.args]);
    return words === undefined ? "0x" : `0x${words.join("")}`;
  }

  function header(tag: string, view: readonly SimBlock[]): unknown {
    const last = view.length - 1;
    const final = last - finalityDepth - (meets("finalisedBack") ? Math.floor(random() * 20) : 0);
    const number = tag === "latest" ? last : tag === "finalized" ? Math.max(0, final) : Number(tag);
    const block = view[number];
    if (block === undefined || (tag !== "latest" && meets("noHeader"))) return null;
    if (tag !== "latest" && number > last - HEADERS_LATE && meets("slowHeaders")) return null;
    const { hash, parent, time } = block;
    return { number: hex(number), hash, parentHash: parent, timestamp: hex(time) };
  }

  type LogsQuery = { address: readonly Address[]; fromBlock?: Hex; toBlock?: Hex; blockHash?: Hex };

  function logs({ address, fromBlock, toBlock, blockHash }: LogsQuery, view: readonly SimBlock[]): unknown {
    const wanted = new Set(address.map((each) => each.toLowerCase()));
    const blocks =
      blockHash === undefined
        ? view.slice(Number(fromBlock), Number(toBlock) + 1)
        : view.filter(({ hash }) => hash === blockHash);
    if (blockHash !== undefined && blocks.length === 0) return undefined;
    const found = blocks.flatMap((block) => block.logs).filter((log) => wanted.has(log.address));

    const counted = found.filter(({ topics }) => !uncountedTopics.has(topics[0]));
    const victim = counted[Math.floor(random() * counted.length)];
    if (victim === undefined) return found;
    if (meets("omitted")) return found.filter((log) => log !== victim);
    if (meets("repeated")) return found.flatMap((log) => (log === victim ? [log, log] : [log]));
    if (meets("changed")) {
      return found.map((log) => (log === victim ? { ...log, data: changed(log.data) } : log));
    }
    if (meets("foreign"))
      return [...found, { ...victim, logIndex: "0x77", transactionHash: victim.blockHash }];
    return found;
  }
}

const calls = new Map<string, ReturnType<ReturnType<typeof abiOf>["parseTransaction"]>>();
/** Most calls come again and again, and ethers hashes every selector of the contract for each. */
function parsed(to: Address, data: Hex) {
  const known = calls.get(to + data);
  if (known !== undefined) return known;
  const call = abiOf(to).parseTransaction({ data });
  calls.set(to + data, call);
  return call;
}

/** Another nonce in an entry; in other events another of what counts, which is the last word. */
function changed(data: Hex): Hex {
  const at = data.length - 6;
  return `${data.slice(0, at)}${data.slice(at, at + 2) === "77" ? "78" : "77"}${data.slice(at + 2)}` as Hex;
}

function behind(blocks: readonly SimBlock[]): readonly SimBlock[] {
  return blocks.slice(0, Math.max(1, blocks.length - NODE_BEHIND));
}
