import type { Address, Hex } from "viem";
import type { Phase } from "../../sdk/phase.ts";
import type { Check, Ledger } from "../verify/Verification.ts";

/** What one person did, and what the sale or a service told them. */
export type Seen = {
  /** Chain time, seconds. */
  at: bigint;
  who: string;
  did: string;
  /** "done", or the code and words of the refusal with its way out. */
  saw: string;
  /** As this launch is meant to behave. */
  expected: boolean;
};

export type Scene = {
  name: string;
  about: string;
  /** Why it cannot happen to this launch; then nothing was played. */
  skipped?: string;
  seen: Seen[];
  ended?: Phase;
  /** Where every unit lies at the end, recomputed from the chain as `slipway verify` does. */
  books?: { ok: boolean; failing: Check[]; currency: Ledger; tokens: Ledger };
  /** All was seen as expected, and the books close. */
  ok: boolean;
};

/** The whole life of a launch, played on a fork in every way that it may go. */
export type Rehearsal = {
  ok: boolean;
  chainId: number;
  sale: Address;
  termsHash: Hex;
  policyHash: Hex;
  /** People that it takes at least, each paying as much as the policy lets one. */
  people: { softCap: number; hardCap: number };
  notes: string[];
  scenes: Scene[];
};
