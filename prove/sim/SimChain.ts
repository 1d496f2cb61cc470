import { AbiCoder, Interface, keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import type { RawLog } from "../../src/chain/saleEvents.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { historyKinds, historyStart, type HistoryKind } from "../../src/sdk/history.ts";

/** What a sale is in a block: the contract, as far as its events and views go. */
export type SimSale = {
  history: Hex;
  raised: bigint;
  phase: number;
  sequence: number;
  positions: ReadonlyMap<Address, SimPosition>;
};
export type SimPosition = {
  paid: bigint;
  nonce: bigint;
  ejected: bigint;
  refunded: bigint;
  purchases: number;
};
export type SimBlock = {
  number: number;
  hash: Hex;
  parent: Hex;
  time: number;
  logs: readonly RawLog[];
  sales: ReadonlyMap<Address, SimSale>;
};

export type SimChain = {
  chainId: number;
  sales: readonly { sale: Address; termsHash: Hex }[];
  /** The canonical chain, from block 0. */
  blocks: readonly SimBlock[];
  /** The chain as it was before the last reorganisation. */
  dead: readonly SimBlock[];
  mine: (count: number) => void;
  /** Drops the last `depth` blocks and mines `count` others. */
  reorganise: (depth: number, count: number) => void;
};

const OPEN = 2;
const FAILED = 6;
const abi = new Interface(saleAbi);
/** Topics of the events that extend the history. */
export const historyTopics = new Set(
  ["Purchased", "Withdrawn", "Invalidated", "Ejected"].map((name) => abi.getEvent(name)?.topicHash),
);
const coder = AbiCoder.defaultAbiCoder();
const buyers = Array.from({ length: 12 }, (_, index) => address(0xb0 + index));

/** Blocks and sales by chance. Hashes and logs are made with ethers, not with what is under test. */
export function createSimChain(random: () => number, saleCount: number): SimChain {
  const below = (limit: number) => Math.floor(random() * limit);
  const word = () => keccak256(coder.encode(["uint256"], [BigInt(Math.floor(random() * 2 ** 52))])) as Hex;
  const chainId = 31337;
  const sales = Array.from({ length: saleCount }, (_, index) => ({
    sale: address(0x5a1e + index),
    termsHash: word(),
  }));
  const genesis: SimBlock = {
    ...{ number: 0, hash: word(), parent: word(), time: 1_000, logs: [] },
    sales: new Map(
      sales.map(({ sale, termsHash }) => [sale, empty(historyStart({ chainId, sale, termsHash }))]),
    ),
  };
  const chain = { chainId, sales, blocks: [genesis], dead: [genesis], mine, reorganise };

  function mine(count: number): void {
    for (let block = 0; block < count; block++)
      chain.blocks = [...chain.blocks, child(chain.blocks.at(-1) ?? genesis)];
  }

  function reorganise(depth: number, count: number): void {
    chain.dead = chain.blocks;
    chain.blocks = chain.blocks.slice(0, Math.max(1, chain.blocks.length - depth));
    mine(count);
  }

  function child(parent: SimBlock): SimBlock {
    const block = {
      number: parent.number + 1,
      hash: word(),
      parent: parent.hash,
      time: parent.time + 1 + below(12),
    };
    const logs: RawLog[] = [];
    const states = new Map(parent.sales);
    for (const { sale } of sales) {
      let state = states.get(sale);
      if (state === undefined || random() < 0.4) continue;
      for (let event = below(5); event > 0; event--) {
        const next = happen(state);
        if (next === undefined) continue;
        state = next.state;
        const { topics, data } = abi.encodeEventLog(next.name, next.args);
        logs.push({
          ...{ address: sale, topics: topics as Hex[], data: data as Hex },
          ...{ blockNumber: hex(block.number), blockHash: block.hash, transactionHash: word() },
          logIndex: hex(logs.length),
        });
      }
      states.set(sale, state);
    }
    return { ...block, logs, sales: states };
  }

  type Happening = { state: SimSale; name: string; args: unknown[] } | undefined;

  function happen(state: SimSale): Happening {
    const buyer = buyers[below(buyers.length)] as Address;
    const position = state.positions.get(buyer) ?? nobody;
    const chance = random();
    if (state.phase === FAILED) return refund(state, buyer, position);
    if (chance < 0.005) return { state: { ...state, phase: FAILED }, name: "DeclaredFailed", args: [] };
    if (chance < 0.02) return { state, name: "SignerAdded", args: [word().slice(0, 42), 5n, 7n] };
    if (position.ejected > 0n && chance < 0.2) {
      const amount = position.ejected;
      const after = withPosition(state, buyer, { ...position, ejected: 0n });
      return { state: after, name: "EjectedReleased", args: [buyer, amount] };
    }
    if (position.paid > 0n && chance < 0.3) return leave(state, buyer, position, "withdraw");
    if (position.paid > 0n && chance < 0.35) return leave(state, buyer, position, "eject");
    if (chance < 0.4) return invalidate(state, buyer, position);
    return purchase(state, buyer, position);
  }

  function purchase(state: SimSale, buyer: Address, position: SimPosition): Happening {
    const [amount, orderId] = [BigInt(1 + below(1e9)), word()];
    const moved = withPosition({ ...state, raised: state.raised + amount }, buyer, {
      ...position,
      ...{ paid: position.paid + amount, nonce: position.nonce + 1n, purchases: position.purchases + 1 },
    });
    const after = entered(moved, "purchase", buyer, position.nonce, amount, orderId);
    return { state: after, name: "Purchased", args: [buyer, orderId, position.nonce, amount, after.history] };
  }

  function leave(
    state: SimSale,
    buyer: Address,
    position: SimPosition,
    kind: "withdraw" | "eject",
  ): Happening {
    const amount = position.paid;
    const moved = withPosition({ ...state, raised: state.raised - amount }, buyer, {
      ...position,
      ...{
        paid: 0n,
        nonce: position.nonce + 1n,
        ejected: position.ejected + (kind === "eject" ? amount : 0n),
      },
    });
    const after = entered(moved, kind, buyer, position.nonce, amount, ZERO);
    const name = kind === "eject" ? "Ejected" : "Withdrawn";
    return { state: after, name, args: [buyer, position.nonce, amount, after.history] };
  }

  function invalidate(state: SimSale, buyer: Address, position: SimPosition): Happening {
    const nonce = position.nonce + 1n + BigInt(below(5));
    const after = entered(
      withPosition(state, buyer, { ...position, nonce }),
      "invalidate",
      buyer,
      nonce,
      0n,
      ZERO,
    );
    return { state: after, name: "Invalidated", args: [buyer, nonce, after.history] };
  }

  function refund(state: SimSale, buyer: Address, position: SimPosition): Happening {
    if (position.paid === 0n) return undefined;
    const refunded = position.refunded + position.paid;
    const after = withPosition(state, buyer, { ...position, paid: 0n, refunded });
    return { state: after, name: "Refunded", args: [buyer, position.paid] };
  }

  return chain;
}

const ZERO: Hex = `0x${"00".repeat(32)}`;
const nobody: SimPosition = { paid: 0n, nonce: 0n, ejected: 0n, refunded: 0n, purchases: 0 };

function empty(history: Hex): SimSale {
  return { history, raised: 0n, phase: OPEN, sequence: 0, positions: new Map() };
}

function withPosition(state: SimSale, buyer: Address, position: SimPosition): SimSale {
  return { ...state, positions: new Map(state.positions).set(buyer, position) };
}

function entered(
  state: SimSale,
  kind: HistoryKind,
  buyer: Address,
  nonce: bigint,
  amount: bigint,
  orderId: Hex,
): SimSale {
  const types = ["bytes19", "uint8", "address", "uint256", "uint256", "bytes32"];
  const encoded = coder.encode(types, [
    state.history,
    historyKinds.indexOf(kind),
    buyer,
    nonce,
    amount,
    orderId,
  ]);
  const history = keccak256(encoded).slice(0, 40) as Hex;
  return { ...state, history, sequence: state.sequence + 1 };
}

function address(number: number): Address {
  return `0x${number.toString(16).padStart(40, "0")}`;
}

export function hex(number: number): Hex {
  return `0x${number.toString(16)}`;
}
