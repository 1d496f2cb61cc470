// A chain of made-up purchases over JSON-RPC and HTTP, as a program of its own, so that any indexer can be measured on it:
//   node --import tsx bench/indexer/syntheticChain.ts '{"sale":"0x…","termsHash":"0x…","events":1000000}'
// Prints {"port":…} when it listens. `slipway_mine` adds a block with one purchase and returns its sequence.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createKeccak } from "hash-wasm";
import { toEventSelector, toFunctionSelector, type Address, type Hex } from "viem";
import { contractArtifact } from "../../deploy/artifacts.ts";
import { historyStart } from "../../src/sdk/history.ts";

const CHAIN_ID = 31337;
const EVENTS_IN_A_BLOCK = 20;
const PURCHASES_OF_A_BUYER = 10;
/** Bytes of a log at most. */
const LOG_SIZE = 900;

const { sale, termsHash, events } = JSON.parse(process.argv[2] ?? "{}") as {
  sale: Address;
  termsHash: Hex;
  events: number;
};
const purchased = toEventSelector("Purchased(address,bytes32,uint256,uint256,bytes19)");
const selector = (signature: string) => toFunctionSelector(signature);

/** 19 bytes an event; all else of an event follows from its sequence. */
const histories = Buffer.alloc(19 * (events + 100_000));
let count = 0;
let raised = 0n;
const raisedAt: bigint[] = [];
/** Number of events up to and with each block. */
const endOf: number[] = [0];
/** The logs as they are sent, one after the other, each with a comma: what is measured is the indexer, not this program. */
const texts = Buffer.alloc(LOG_SIZE * (events + 100_000));
/** Where the logs of each block begin. */
const textOf: number[] = [0, 0];

const keccak = await createKeccak(256);
/** As `abi.encode` lays out an entry. */
const words = Buffer.alloc(192);
words.write(historyStart({ chainId: CHAIN_ID, sale, termsHash }).slice(2), 0, "hex");
while (count < events) mine(Math.min(EVENTS_IN_A_BLOCK, events - count));

function mine(size: number): void {
  const block = endOf.length;
  let at = textOf[block] ?? 0;
  for (let event = 0; event < size; event++) {
    const purchase = purchaseAt(count);
    words.write(purchase.buyer.slice(2), 76, "hex");
    words.writeUInt32BE(purchase.nonce, 124);
    words.writeUInt32BE(purchase.amount, 156);
    words.write(purchase.orderId.slice(2), 160, "hex");
    words.set(keccak.init().update(words).digest("binary").subarray(0, 19));
    words.copy(histories, 19 * count, 0, 19);
    at += texts.write(`${logOf(purchase, block, event)},`, at, "latin1");
    count += 1;
    raised += BigInt(purchase.amount);
  }
  raisedAt[block] = raised;
  endOf.push(count);
  textOf.push(at);
}

type Purchase = { buyer: Address; nonce: number; amount: number; orderId: Hex };

/** Buyers come in crowds of a thousand, each buys ten times. */
function purchaseAt(index: number): Purchase {
  const crowd = Math.floor(index / (1000 * PURCHASES_OF_A_BUYER));
  const buyer = crowd * 1000 + (index % 1000);
  return {
    buyer: `0x${(buyer * 2654435761).toString(16).padStart(40, "b")}`,
    nonce: Math.floor(index / 1000) % PURCHASES_OF_A_BUYER,
    amount: 1_000_000 + (index % 977),
    orderId: `0x${(index * 40503 + 7).toString(16).padStart(64, "c")}`,
  };
}

function hashOf(block: number): Hex {
  return `0x${createHash("sha256")
    .update(`block ${String(block)}`)
    .digest("hex")}`;
}

function word(value: number | bigint): string {
  return value.toString(16).padStart(64, "0");
}

function logOf({ buyer, nonce, amount, orderId }: Purchase, block: number, at: number): string {
  const place = `"blockNumber":"0x${block.toString(16)}","blockHash":"${hashOf(block)}","blockTimestamp":"${timeOf(block)}"`;
  const topics = `"${purchased}","0x000000000000000000000000${buyer.slice(2)}","${orderId}"`;
  const data = `0x${word(nonce)}${word(amount)}${words.toString("hex", 0, 19).padEnd(64, "0")}`;
  const index = at.toString(16);
  return `{"address":"${sale.toLowerCase()}","topics":[${topics}],"data":"${data}",${place},"transactionHash":"0x${word(count + 1)}","transactionIndex":"0x${index}","logIndex":"0x${index}","removed":false}`;
}

/** The logs of a range, commas between them. */
function logsOf(from: number, to: number): Buffer {
  const [start, end] = [textOf[from] ?? 0, textOf[Math.min(to, endOf.length - 1) + 1] ?? 0];
  return texts.subarray(start, Math.max(start, end - 1));
}

function timeOf(block: number): Hex {
  return `0x${(1_700_000_000 + 12 * block).toString(16)}`;
}

type Call = { id: number; method: string; params: readonly unknown[] };

function answer({ id, method, params }: Call): (string | Buffer)[] {
  const begin = `{"jsonrpc":"2.0","id":${String(id)},"result":`;
  if (method !== "eth_getLogs") return [`${begin}${resultOf(method, params)}}`];
  const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
  return [`${begin}[`, logsOf(Number(fromBlock), Number(toBlock)), "]}"];
}

function resultOf(method: string, params: readonly unknown[]): string {
  const head = endOf.length - 1;
  switch (method) {
    case "eth_chainId":
      return JSON.stringify(`0x${CHAIN_ID.toString(16)}`);
    case "eth_blockNumber":
      return JSON.stringify(`0x${head.toString(16)}`);
    case "eth_getCode":
      return JSON.stringify(contractArtifact("Sale.sol/Sale").deployedBytecode);
    case "eth_getBlockByNumber": {
      const tag = params[0] as string;
      const number = tag === "latest" ? head : tag === "finalized" ? Math.max(0, head - 8) : Number(tag);
      if (number > head) return "null";
      return JSON.stringify({
        ...{ number: `0x${number.toString(16)}`, hash: hashOf(number), parentHash: hashOf(number - 1) },
        ...{ timestamp: timeOf(number), transactions: [] },
      });
    }
    case "eth_call":
      return JSON.stringify(viewOf(params));
    case "slipway_mine":
      mine(1);
      return String(count);
    default:
      return "null";
  }
}

/** Nothing has happened to the sale but purchases. */
const untouched: ReadonlySet<Hex> = new Set(
  ["owner", "pausedUntil", "settledAt", "listedAt", "token", "credits"].map((name) => selector(`${name}()`)),
);

function viewOf(params: readonly unknown[]): Hex {
  const { data } = params[0] as { data: Hex };
  const at = params[1] as { blockHash?: Hex } | string;
  const block = typeof at === "string" ? endOf.length - 1 : numberOf(at.blockHash);
  const end = endOf[block] ?? 0;
  if (data === selector("termsHash()")) return termsHash;
  if (data === selector("stage()")) return `0x${word(1)}`;
  if (untouched.has(data)) return `0x${word(0).repeat(4)}`;
  if (data === selector("phase()")) return `0x${word(2)}`;
  if (data === selector("raised()")) return `0x${word(raisedAt[block] ?? 0n)}`;
  const last =
    end === 0
      ? historyStart({ chainId: CHAIN_ID, sale, termsHash }).slice(2)
      : histories.toString("hex", 19 * end - 19, 19 * end);
  return `0x${last.padEnd(64, "0")}`;
}

const numbers = new Map<Hex, number>();
function numberOf(hash: Hex | undefined): number {
  for (let block = numbers.size; block < endOf.length; block++) numbers.set(hashOf(block), block);
  return numbers.get(hash ?? "0x") ?? 0;
}
numberOf(undefined);

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const asked = JSON.parse(Buffer.concat(parts).toString()) as Call | Call[];
    const answers = (Array.isArray(asked) ? asked : [asked]).map(answer);
    const body = answers.flatMap((pieces, index) => (index === 0 ? pieces : [",", ...pieces]));
    response.writeHead(200, { "content-type": "application/json" });
    for (const piece of Array.isArray(asked) ? ["[", ...body, "]"] : body) response.write(piece);
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
