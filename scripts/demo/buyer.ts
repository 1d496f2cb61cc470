import { maxUint256, parseAbi, type Address, type Hex } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import type { Permit } from "../../src/sdk/permitOf.ts";
import { createSignerClient, type SignerSession } from "../../src/sdk/signerClient.ts";
import { mined, type LocalChain } from "./localChain.ts";
import type { Person } from "./people.ts";

export const erc20Abi = parseAbi([
  "function approve(address spender, uint256 amount) returns (bool)",
  "function balanceOf(address owner) view returns (uint256)",
  "function mint(address to, uint256 amount)",
  "function totalSupply() view returns (uint256)",
  "function transfer(address to, uint256 amount) returns (bool)",
]);

/** A person at the keyboard: everything goes through the signer's HTTP API and the chain's JSON-RPC. */
export type Buyer = {
  person: Person;
  address: Address;
  nonce: () => Promise<bigint>;
  session: () => Promise<SignerSession>;
  /** Allows the sale to take `amount`, and buys with the order's voucher. */
  purchase: (permit: Permit, amount: bigint, leastFill?: bigint) => Promise<Hex>;
  /** The same checks without sending: throws the contract's error. */
  preview: (permit: Permit, amount: bigint) => Promise<bigint>;
  withdraw: () => Promise<void>;
  claim: () => Promise<void>;
};

export function createBuyer({
  person,
  record,
  chain,
  signerUrl,
  siweOrigin,
}: {
  person: Person;
  record: LaunchRecord;
  chain: LocalChain;
  signerUrl: string;
  /** Where the page is served: what a wallet shows as the site that asks for the login. */
  siweOrigin: string;
}): Buyer {
  const { account } = person;
  const sale = { address: record.sale, abi: saleAbi } as const;
  const client = createSignerClient({ url: signerUrl });
  let session: Promise<SignerSession> | undefined;

  async function send(functionName: "withdraw" | "claim"): Promise<void> {
    const { request } =
      functionName === "withdraw"
        ? await chain.simulateContract({ ...sale, functionName, account })
        : await chain.simulateContract({ ...sale, functionName, args: [account.address], account });
    await mined(chain, await chain.writeContract(request as never));
  }

  return {
    person,
    address: account.address,
    nonce: async () =>
      (await chain.readContract({ ...sale, functionName: "positionOf", args: [account.address] }))[2],
    session: () =>
      (session ??= client.login({
        wallet: account.address,
        chainId: record.chainId,
        origin: siweOrigin,
        signMessage: (message) => account.signMessage({ message }),
      })),
    purchase: async ({ voucher, signature }, amount, leastFill = amount) => {
      const approval = await chain.writeContract({
        address: record.currency,
        abi: erc20Abi,
        functionName: "approve",
        args: [record.sale, amount],
        account,
      });
      await mined(chain, approval);
      const { request } = await chain.simulateContract({
        ...sale,
        functionName: "purchase",
        args: [amount, leastFill, voucher, signature],
        account,
      });
      const hash = await chain.writeContract(request);
      await mined(chain, hash);
      return hash;
    },
    preview: ({ voucher, signature }, amount) =>
      chain.readContract({
        ...sale,
        functionName: "previewPurchase",
        args: [account.address, amount, 0n, voucher, signature],
      }),
    withdraw: () => send("withdraw"),
    claim: () => send("claim"),
  };
}

/** Gives people the chain's coin for gas and the mock currency to spend. */
export async function fundPeople(
  chain: LocalChain,
  record: LaunchRecord,
  people: readonly Person[],
): Promise<void> {
  for (const { account } of people) await chain.setBalance({ address: account.address, value: 10n ** 18n });
  const [first] = people;
  if (first === undefined) return;
  for (const { account, target } of people) {
    const amount = target * 2n + 10n ** 10n;
    if (amount > maxUint256) throw new RangeError("too much");
    await mined(
      chain,
      await chain.writeContract({
        address: record.currency,
        abi: erc20Abi,
        functionName: "mint",
        args: [account.address, amount],
        account: first.account,
      }),
    );
  }
}
