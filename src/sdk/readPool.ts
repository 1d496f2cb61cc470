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
import type { Price } from "./terms.ts";

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
const managerAbi = parseAbi(["function extsload(bytes32 slot) view returns (bytes32)"]);

/** PoolManager's slot of `mapping(PoolId => Pool.State)`; a state's first slot begins with the price. */
const POOLS_SLOT = 6n;
const MOST_ADDRESS = 2n ** 160n - 1n;

/** A sale's pool, off the chain. Its id says what it is: a v2 pair's address, or the hash of a v4 pool's key. */
export async function readPool(
  client: Client,
  { venue, token, currency, id }: { venue: Address; token: Address; currency: Address; id: Hex },
): Promise<Pool> {
  if (hexToBigInt(id) > MOST_ADDRESS) {
    const holder = await readContract(client, { address: venue, abi: venueV4Abi, functionName: "manager" });
    const slot = keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [id, POOLS_SLOT]));
    const call = { address: holder, abi: managerAbi, functionName: "extsload", args: [slot] } as const;
    const root = hexToBigInt(await readContract(client, call)) & MOST_ADDRESS;
    return { holder, price: priceOf(root, BigInt(token) < BigInt(currency)) };
  }

  const pair = { address: getAddress(slice(id, 12)), abi: pairAbi } as const;
  const [first, [reserve0, reserve1]] = await Promise.all([
    readContract(client, { ...pair, functionName: "token0" }),
    readContract(client, { ...pair, functionName: "getReserves" }),
  ]);
  const [tokenUnits, currencyUnits] =
    getAddress(first) === getAddress(token) ? [reserve0, reserve1] : [reserve1, reserve0];
  return { holder: pair.address, price: { currencyUnits, tokenUnits } };
}

/** `root` is √(second ÷ first) · 2^96. */
function priceOf(root: bigint, tokenIsFirst: boolean): Price {
  const [first, second] = [2n ** 192n, root ** 2n];
  return tokenIsFirst
    ? { tokenUnits: first, currencyUnits: second }
    : { tokenUnits: second, currencyUnits: first };
}
