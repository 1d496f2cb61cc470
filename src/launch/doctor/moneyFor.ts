import {
  concat,
  erc20Abi,
  keccak256,
  numberToHex,
  parseEther,
  zeroAddress,
  type Address,
  type Hex,
  type PublicClient,
  type StateOverride,
} from "viem";

/** Where Solidity and Vyper put a mapping, and OpenZeppelin's upgradeable ERC-20 (ERC-7201) puts its two. */
const BASES = [...Array.from({ length: 64 }, (_, index) => BigInt(index)), ...openZeppelin()];

/**
 * What lets `owner` pay `amount` to `spender` in one `eth_call`, whatever it has: ether, or a balance and an allowance of the real
 * token. Undefined where the token keeps them elsewhere.
 */
export async function moneyFor({
  chain,
  currency,
  owner,
  spender,
  amount,
}: {
  chain: PublicClient;
  /** Zero address: ETH. */
  currency: Address;
  owner: Address;
  spender: Address;
  amount: bigint;
}): Promise<{ value?: bigint; stateOverride: StateOverride } | undefined> {
  const ether = { address: owner, balance: amount + parseEther("1") };
  if (currency === zeroAddress) return { value: amount, stateOverride: [ether] };

  const balance = await slotOf(
    BASES.flatMap((base) => [mapped(owner, base), mapped(owner, base, "vyper")]),
    (stateOverride) =>
      chain.readContract({
        ...{ address: currency, abi: erc20Abi, functionName: "balanceOf", args: [owner], stateOverride },
      }),
  );
  const allowance = await slotOf(
    BASES.flatMap((base) => [
      mapped(spender, BigInt(mapped(owner, base))),
      mapped(spender, BigInt(mapped(owner, base, "vyper")), "vyper"),
    ]),
    (stateOverride) =>
      chain.readContract({
        ...{ address: currency, abi: erc20Abi, functionName: "allowance", args: [owner, spender] },
        stateOverride,
      }),
  );
  if (balance === undefined || allowance === undefined) return undefined;
  return { stateOverride: [ether, { address: currency, stateDiff: [balance, allowance] }] };

  /** Each place gets a value of its own, above what is there and at least the amount: the answer says which is the one. */
  async function slotOf(slots: readonly Hex[], read: (override: StateOverride) => Promise<bigint>) {
    const before = await read([]).catch(() => 0n);
    const least = before > amount ? before : amount;
    const stateDiff = slots.map((slot, index) => ({
      slot,
      value: numberToHex(least + BigInt(index) + 1n, { size: 32 }),
    }));
    const got = await read([{ address: currency, stateDiff }]).catch(() => 0n);
    return stateDiff.find(({ value }) => BigInt(value) === got);
  }
}

function mapped(key: Address, base: bigint, by: "solidity" | "vyper" = "solidity"): Hex {
  const [padded, place]: [Hex, Hex] = [
    numberToHex(BigInt(key), { size: 32 }),
    numberToHex(base, { size: 32 }),
  ];
  return keccak256(concat(by === "solidity" ? [padded, place] : [place, padded]));
}

/** `openzeppelin.storage.ERC20`: balances, then allowances. */
function openZeppelin(): bigint[] {
  const name = keccak256(new TextEncoder().encode("openzeppelin.storage.ERC20"));
  const base = BigInt(keccak256(numberToHex(BigInt(name) - 1n, { size: 32 }))) & ~0xffn;
  return [base, base + 1n];
}
