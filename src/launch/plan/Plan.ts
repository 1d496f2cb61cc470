import { keccak256, stringToHex, type Address, type Hex } from "viem";
import type { Outcome, Step } from "../../../deploy/launchSteps.ts";
import { stringify } from "../../sdk/json.ts";
import type { Power } from "./powersOf.ts";
import type { Scenario } from "./raiseScenarios.ts";

/** An outcome as it can be checked on chain: the contract by the hash of its code. */
export type Postcondition =
  (Extract<Outcome, { kind: "contract" }> & { codeHash: Hex }) | Exclude<Outcome, { kind: "contract" }>;

export type PlannedTransaction = Omit<Step, "outcome" | "artifact"> & {
  postcondition: Postcondition;
  /** It holds on the chain that was planned against, so nothing is sent. */
  done: boolean;
  /** Zero where it is done. */
  gas: bigint;
  /** Wei, at the gas price of the moment. */
  cost: bigint;
};

/** A contract of others that the launch relies on, as it was when it was planned. */
export type Beneath = { name: string; address: Address; codeHash: Hex };

/** Everything that deploying a launch will do. It sends nothing; `apply` does exactly this. JSON, bigints as strings. */
export type Plan = {
  /** Over what `planHash` takes. */
  hash: Hex;
  chainId: number;
  sender: Address;
  /** Where the launch file lay, from the folder of the plan. */
  file: string;
  sale: Address;
  token: Address;
  termsHash: Hex;
  policyHash: Hex;
  transactions: PlannedTransaction[];
  beneath: Beneath[];
  /** Of the sender, in wei. */
  balance: { before: bigint; after: bigint };
  scenarios: Scenario[];
  powers: Power[];
  warnings: string[];
};

type Hashed = Pick<Plan, "chainId" | "sender" | "beneath"> & {
  transactions: readonly Pick<PlannedTransaction, "to" | "data" | "value" | "signed" | "postcondition">[];
};

/** What a plan is known by: chain, sender, what is sent and what then holds. Not gas, cost, balances or time. */
export function planHash({ chainId, sender, beneath, transactions }: Hashed): Hex {
  const sent = transactions.map(({ to, data, value, signed = "0x", postcondition: after }) => {
    switch (after.kind) {
      case "contract":
        return [to, data, value, signed, after.kind, after.address, after.codeHash];
      case "funded":
        return [to, data, value, signed, after.kind, after.address, after.wei, after.unless];
      case "announced":
        return [to, data, value, signed, after.kind, after.registry, after.sale];
    }
  });
  const relied = beneath.map(({ address, codeHash }) => [address, codeHash]);
  return keccak256(stringToHex(stringify([chainId, sender, relied, sent]).toLowerCase()));
}
