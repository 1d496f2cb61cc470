import {
  encodeAbiParameters,
  getAddress,
  hexToBigInt,
  keccak256,
  parseAbi,
  slice,
  type Address,
  type Client,
  type Hex,
} from "viem";
import { readContract } from "viem/actions";
import { venueV4Abi } from "./abi/VenueV4.ts";
import type { ListingTerms, Price } from "./terms.ts";

export type Pool = {
  /** Who holds the pool's money: its own contract, or v4's manager, which holds everybody's. */
  holder: Address;
  /** As it is now, in no particular terms. */
  price: Price;
};

const pairAbi = parseAbi([
  "function getReserves() view returns (uint112, uint112, uint32)",
  "function token0() view returns (address)",
]);
const poolAbi = parseAbi([
  "function slot0() view returns (uint160, int24, uint16, uint16, uint16, uint8, bool)",
  "function token0() view returns (address)",
]);
const managerAbi = parseAbi(["function extsload(bytes32 slot) view returns (bytes32)"]);

type PoolQuery = {
  listing: Pick<ListingTerms, "venue" | "tickSpacing">;
  token: Address;
  currency: Address;
  id: Hex;
};

/** PoolManager's slot of `mapping(PoolId => Pool.State)`; a state's first slot begins with the price. */
const POOLS_SLOT = 6n;
const MOST_ADDRESS = 2n ** 160n - 1n;

/**
 * A sale's pool, off the chain. Its id says what it is: the hash of a v4 pool's key, or an address, of a v3 pool where the terms
 * have a tick spacing, else of a v2 pair.
 */
export async function readPool(client: Client, { listing, token, currency, id }: PoolQuery): Promise<Pool> {
  if (hexToBigInt(id) > MOST_ADDRESS) {
    const holder = await readContract(client, {
      address: listing.venue,
      abi: venueV4Abi,
      functionName: "manager",
    });
    const slot = keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [id, POOLS_SLOT]));
    const call = { address: holder, abi: managerAbi, functionName: "extsload", args: [slot] } as const;
    const root = hexToBigInt(await readContract(client, call)) & MOST_ADDRESS;
    return { holder, price: priceOf(root, BigInt(token) < BigInt(currency)) };
  }

  const holder = getAddress(slice(id, 12));
  if (listing.tickSpacing !== 0) {
    const pool = { address: holder, abi: poolAbi } as const;
    const [first, [root]] = await Promise.all([
      readContract(client, { ...pool, functionName: "token0" }),
      readContract(client, { ...pool, functionName: "slot0" }),
    ]);
    return { holder, price: priceOf(root, getAddress(first) === getAddress(token)) };
  }

  const pair = { address: holder, abi: pairAbi } as const;
  const [first, [reserve0, reserve1]] = await Promise.all([
    readContract(client, { ...pair, functionName: "token0" }),
    readContract(client, { ...pair, functionName: "getReserves" }),
  ]);
  const [tokenUnits, currencyUnits] =
    getAddress(first) === getAddress(token) ? [reserve0, reserve1] : [reserve1, reserve0];
  return { holder, price: { currencyUnits, tokenUnits } };
}

/** `root` is √(second ÷ first) · 2^96. */
function priceOf(root: bigint, tokenIsFirst: boolean): Price {
  const [first, second] = [2n ** 192n, root ** 2n];
  return tokenIsFirst
    ? { tokenUnits: first, currencyUnits: second }
    : { tokenUnits: second, currencyUnits: first };
}
