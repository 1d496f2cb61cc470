import { AbiCoder, Interface, keccak256 } from "ethers";
import type { Address, Hex } from "viem";
import type { RawLog } from "../../src/chain/saleEvents.ts";
import { launchRegistryAbi } from "../../src/sdk/abi/LaunchRegistry.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { venueV4Abi } from "../../src/sdk/abi/VenueV4.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";
import { historyKinds, historyStart, type HistoryKind } from "../../src/sdk/history.ts";

/** What a sale is in a block: the contract, as far as its events and views go. */
export type SimSale = {
  history: Hex;
  raised: bigint;
  phase: number;
  sequence: number;
  positions: ReadonlyMap<Address, SimPosition>;
  stage: number;
  pausedUntil: bigint;
  settledAt: bigint;
  listedAt: bigint;
  /** Fee, treasury, paid of it, unsold. */
  credits: readonly [bigint, bigint, bigint, bigint];
  signers: ReadonlyMap<Address, { status: bigint; maxCap: bigint; maxWindow: bigint }>;
  /** In vesting. */
  granted: boolean;
  remaining: bigint;
  pool: Hex | undefined;
  /** What the lock holds; none once it is released. */
  locked: bigint;
};
export type SimPosition = {
  paid: bigint;
  nonce: bigint;
  ejected: bigint;
  refunded: bigint;
  /** In currency. */
  claimed: bigint;
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
  /** Blocks in which nothing happens. */
  rest: (count: number) => void;
  /** Drops the last `depth` blocks and mines `count` others. */
  reorganise: (depth: number, count: number) => void;
};

const [OPEN, SUCCEEDED, LISTED, FAILED] = [2, 4, 5, 6];
const STAGE = { active: 1, succeeded: 4, listed: 5, failed: 6 };
const GRANT = 10n ** 6n;
const LOCK = 777n;
export const modules = { vesting: address(0x7e57), venue: address(0x7e4), registry: address(0x4e6) };
export const price = { currencyUnits: 1n, tokenUnits: 3n };
export const treasury = address(0x77ea);
/** By address; every sale has the same. */
export const abiOf = (contract: Address): Interface =>
  contract === modules.vesting
    ? vesting
    : contract === modules.venue
      ? venue
      : contract === modules.registry
        ? registry
        : abi;
const abi = new Interface(saleAbi);
const vesting = new Interface(vestingAbi);
const venue = new Interface(venueV4Abi);
const registry = new Interface(launchRegistryAbi);
/** Topics of the events that extend the history. */
export const historyTopics = new Set(
  ["Purchased", "Withdrawn", "Invalidated", "Ejected"].map((name) => abi.getEvent(name)?.topicHash),
);
/** Nothing on chain counts these: one that a node leaves out is not noticed. */
export const uncountedTopics = new Set([
  abi.getEvent("SignerAdded")?.topicHash,
  vesting.getEvent("BeneficiaryChanged")?.topicHash,
  venue.getEvent("FeesCollected")?.topicHash,
  registry.getEvent("Announced")?.topicHash,
]);
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
  const chain = { chainId, sales, blocks: [genesis], dead: [genesis], mine, rest, reorganise };

  function mine(count: number): void {
    for (let block = 0; block < count; block++)
      chain.blocks = [...chain.blocks, child(chain.blocks.at(-1) ?? genesis)];
  }

  function rest(count: number): void {
    for (let block = 0; block < count; block++) {
      const parent = chain.blocks.at(-1) ?? genesis;
      const next = { ...parent, number: parent.number + 1, hash: word(), parent: parent.hash, logs: [] };
      chain.blocks = [...chain.blocks, { ...next, time: parent.time + 1 }];
    }
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
        const next = happen(state, block.time);
        if (next === undefined) continue;
        state = next.state;
        const transactionHash = word();
        for (const [contract, name, args] of next.told(sale)) {
          const { topics, data } = abiOf(contract).encodeEventLog(name, [...args]);
          logs.push({
            ...{ address: contract, topics: topics as Hex[], data: data as Hex },
            ...{ blockNumber: hex(block.number), blockHash: block.hash, transactionHash },
            logIndex: hex(logs.length),
          });
        }
      }
      states.set(sale, state);
    }
    return { ...block, logs, sales: states };
  }

  type Told = readonly [contract: Address, name: string, args: readonly unknown[]];
  /** What changes, and the events of one transaction that tell of it. */
  type Happening = { state: SimSale; told: (sale: Address) => readonly Told[] } | undefined;

  function own(state: SimSale, name: string, ...args: readonly unknown[]): Happening {
    return { state, told: (sale) => [[sale, name, args]] };
  }

  function happen(state: SimSale, time: number): Happening {
    const buyer = buyers[below(buyers.length)] as Address;
    const position = state.positions.get(buyer) ?? nobody;
    const chance = random();
    if (chance < 0.02) return admit(state);
    if (chance < 0.03) return strikeOff(state);
    if (chance < 0.1) return atModule(state);
    if (state.phase === FAILED) return refund(state, buyer, position);
    if (state.phase === LISTED) return afterListing(state, buyer, position);
    if (state.phase === SUCCEEDED) return random() < 0.5 ? undefined : list(state, time);
    if (chance < 0.105) {
      return own({ ...state, phase: FAILED, stage: STAGE.failed }, "DeclaredFailed");
    }
    if (chance < 0.115 && state.pausedUntil === 0n) {
      const pausedUntil = BigInt(time + 100);
      return own({ ...state, pausedUntil }, "Paused", pausedUntil);
    }
    if (chance < 0.13) {
      const settledAt = BigInt(time);
      const after = { ...state, settledAt, phase: SUCCEEDED, stage: STAGE.succeeded };
      return own(after, "Finalised", state.raised, state.history, settledAt);
    }
    if (position.ejected > 0n && chance < 0.2) {
      const amount = position.ejected;
      const after = withPosition(state, buyer, { ...position, ejected: 0n });
      return own(after, "EjectedReleased", buyer, amount);
    }
    if (position.paid > 0n && chance < 0.3) return leave(state, buyer, position, "withdraw");
    if (position.paid > 0n && chance < 0.35) return leave(state, buyer, position, "eject");
    if (chance < 0.4) return invalidate(state, buyer, position);
    return purchase(state, buyer, position);
  }

  function admit(state: SimSale): Happening {
    const signer = word().slice(0, 42) as Address;
    const [maxCap, maxWindow] = [BigInt(1 + below(100)), BigInt(1 + below(100))];
    const signers = new Map(state.signers).set(signer, { status: 1n, maxCap, maxWindow });
    return own({ ...state, signers }, "SignerAdded", signer, maxCap, maxWindow);
  }

  function strikeOff(state: SimSale): Happening {
    const [first] = [...state.signers].filter(([, { status }]) => status === 1n);
    if (first === undefined) return undefined;
    const [signer, bounds] = first;
    const signers = new Map(state.signers).set(signer, { ...bounds, status: 2n });
    return own({ ...state, signers }, "SignerStruckOff", signer);
  }

  function list(state: SimSale, time: number): Happening {
    const [pool, fee, owed, unsold] = [word(), BigInt(below(1e6)), BigInt(below(1e9)), BigInt(below(1e9))];
    const listed = { phase: LISTED, stage: STAGE.listed, listedAt: BigInt(time), pool, locked: 1n + unsold };
    return {
      state: { ...state, ...listed, credits: [fee, owed, 0n, unsold] },
      told: (sale) => [
        [modules.venue, "Locked", [pool, treasury, 1n + unsold, LOCK]],
        ...stranger(),
        [sale, "Listed", [pool, 5n, 6n, fee, owed, unsold]],
      ],
    };
  }

  function afterListing(state: SimSale, buyer: Address, position: SimPosition): Happening {
    const [fee, owed, paid, unsold] = state.credits;
    const chance = random();
    if (chance < 0.1 && fee > 0n) {
      const after: SimSale = { ...state, credits: [0n, owed, paid, unsold] };
      return own(after, "FeeReleased", treasury, fee);
    }
    if (chance < 0.2 && paid < owed) {
      const amount = 1n + BigInt(below(Number(owed - paid)));
      const after: SimSale = { ...state, credits: [fee, owed, paid + amount, unsold] };
      return own(after, "TreasuryReleased", treasury, amount);
    }
    if (chance < 0.3 && unsold > 0n) {
      const after: SimSale = { ...state, credits: [fee, owed, paid, 0n] };
      return own(after, "UnsoldReleased", ZERO.slice(0, 42), unsold);
    }
    const left = position.paid - position.claimed;
    if (left === 0n) return undefined;
    const amount = 1n + BigInt(below(Number(left)));
    const after = withPosition(state, buyer, { ...position, claimed: position.claimed + amount });
    return own(after, "Claimed", buyer, amount * price.tokenUnits);
  }

  /** What a module tells of this sale. */
  function atModule(state: SimSale): Happening {
    const { vesting: place, venue: lock, registry: board } = modules;
    const tell = (after: SimSale, contract: Address, name: string, ...args: unknown[]): Happening => ({
      state: after,
      told: (sale) => [...stranger(), [contract, name, contract === lock ? args : [sale, ...args]]],
    });
    if (!state.granted) {
      const after = { ...state, granted: true, remaining: GRANT };
      return tell(after, place, "Registered", treasury, GRANT_ROOT, GRANT, treasury);
    }
    const chance = random();
    const some = BigInt(1 + below(1000));
    const index = BigInt(below(2 ** 40));
    if (chance < 0.15) return tell(state, board, "Announced", GRANT_ROOT, treasury);
    if (chance < 0.3) return tell(state, place, "BeneficiaryChanged", some, treasury);
    if (state.phase === FAILED) {
      return tell({ ...state, remaining: 0n }, place, "ReturnedToSale", state.remaining);
    }
    if (state.pool !== undefined && chance < 0.45) {
      return tell(state, lock, "FeesCollected", state.pool, treasury, some, some);
    }
    if (state.pool !== undefined && state.locked > 0n && chance < 0.55) {
      return tell({ ...state, locked: 0n }, lock, "Released", state.pool, treasury, state.locked);
    }
    if (state.remaining < some) return undefined;
    const after = { ...state, remaining: state.remaining - some };
    return chance < 0.8
      ? tell(after, place, "Claimed", index, treasury, some)
      : tell(after, place, "Revoked", index, 1n, some);
  }

  /** Of a launch that nobody here follows. */
  function stranger(): Told[] {
    const pool = word();
    return random() < 0.5
      ? [[modules.venue, "Locked", [pool, treasury, 1n, 2n]]]
      : [[modules.vesting, "Claimed", [treasury, 1n, treasury, 5n]]];
  }

  function purchase(state: SimSale, buyer: Address, position: SimPosition): Happening {
    const [amount, orderId] = [BigInt(1 + below(1e9)), word()];
    const moved = withPosition({ ...state, raised: state.raised + amount }, buyer, {
      ...position,
      ...{ paid: position.paid + amount, nonce: position.nonce + 1n, purchases: position.purchases + 1 },
    });
    const after = entered(moved, "purchase", buyer, position.nonce, amount, orderId);
    return own(after, "Purchased", buyer, orderId, position.nonce, amount, after.history);
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
    return own(after, name, buyer, position.nonce, amount, after.history);
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
    return own(after, "Invalidated", buyer, nonce, after.history);
  }

  function refund(state: SimSale, buyer: Address, position: SimPosition): Happening {
    if (position.paid === 0n || state.phase !== FAILED) return undefined;
    const refunded = position.refunded + position.paid;
    const after = withPosition(state, buyer, { ...position, paid: 0n, refunded });
    return own(after, "Refunded", buyer, position.paid);
  }

  return chain;
}

const ZERO: Hex = `0x${"00".repeat(32)}`;
export const GRANT_ROOT: Hex = `0x${"66".repeat(32)}`;
export const lockUntil = LOCK;
const nobody: SimPosition = { paid: 0n, nonce: 0n, ejected: 0n, refunded: 0n, claimed: 0n, purchases: 0 };

function empty(history: Hex): SimSale {
  return {
    ...{ history, raised: 0n, phase: OPEN, stage: STAGE.active, sequence: 0, positions: new Map() },
    ...{ pausedUntil: 0n, settledAt: 0n, listedAt: 0n, credits: [0n, 0n, 0n, 0n], signers: new Map() },
    ...{ granted: false, remaining: 0n, pool: undefined, locked: 0n },
  };
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
