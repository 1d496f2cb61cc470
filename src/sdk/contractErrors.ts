import { BaseError, decodeErrorResult, isHex, type Abi, type Hex } from "viem";
import { launchTokenAbi } from "./abi/LaunchToken.ts";
import { saleAbi } from "./abi/Sale.ts";
import { venueV2Abi } from "./abi/VenueV2.ts";
import { venueV3Abi } from "./abi/VenueV3.ts";
import { venueV4Abi } from "./abi/VenueV4.ts";
import { vestingAbi } from "./abi/Vesting.ts";
import { phases } from "./phase.ts";
import { SlipwayError, type ErrorEntry, type Problem } from "./problem.ts";

const signerWayOut =
  "Ask for a new voucher. If it happens again, tell whoever runs the sale: their signer is set up wrongly.";
const deployment = "Correct the launch file and deploy again; nothing was created.";

/** Every custom error of our contracts, by its name on chain, in words. A test compares it with the ABIs. */
export const contractErrors = {
  // ── Buying ────────────────────────────────────────────────────────────────────────────────────────────────────────
  Sale_WrongPhase: {
    title: "The sale is in another phase",
    wayOut: "See the phase and the dates of the sale: each step is open in its own phase only.",
  },
  Sale_Paused: {
    title: "Purchases are paused",
    wayOut: "Wait until the pause ends. Withdrawing and every other exit works meanwhile.",
    retryable: true,
  },
  Sale_NonceUsed: {
    title: "This voucher was used already",
    wayOut: "Look at your position: the purchase may have gone through. To buy more, start a new order.",
  },
  Sale_NonceAhead: {
    title: "This voucher is for a later order of yours",
    wayOut: "Start a new order; its voucher will name the nonce that the sale expects.",
  },
  Sale_NonceExhausted: {
    title: "This wallet's vouchers were all voided for good",
    wayOut: "This wallet cannot buy any more, but can leave. Ask whoever runs the sale why.",
  },
  Sale_VoucherNotYetValid: {
    title: "The voucher is not valid yet",
    wayOut: "Wait until its first second, then send the same purchase again.",
    retryable: true,
  },
  Sale_VoucherExpired: {
    title: "The voucher has expired",
    wayOut: "Renew it: the order stays the same, so nothing is bought twice.",
  },
  Sale_SignerUnknown: {
    title: "The voucher was not signed by a signer of this sale",
    wayOut: "Check that the voucher is for this wallet, this sale and this chain, then ask for a new one.",
  },
  Sale_SignerRemoved: {
    title: "The signer of this voucher was struck off",
    wayOut: "Ask for a new voucher from the signer that serves the sale now.",
  },
  Sale_SignatureInvalid: {
    title: "The signer's contract does not accept this signature",
    wayOut: signerWayOut,
  },
  Sale_SignerCapExceeded: {
    title: "The voucher allows more than its signer may grant",
    wayOut: signerWayOut,
  },
  Sale_SignerWindowExceeded: {
    title: "The voucher lives longer than its signer may grant",
    wayOut: signerWayOut,
  },
  Sale_CapExceeded: {
    title: "The amount is above what your voucher still allows",
    wayOut: "Enter at most what is left of your cap, or ask for a higher one.",
  },
  Sale_SoldOut: {
    title: "The sale is sold out",
    wayOut: "Nothing was taken from you. If somebody withdraws while the sale is open, there is room again.",
    retryable: true,
  },
  Sale_AmountTooSmall: {
    title: "The amount does not pay for one unit",
    wayOut: "Enter at least the price of one unit.",
  },
  Sale_BelowMinimum: {
    title: "Your position would be below the minimum of this sale",
    wayOut: "Enter enough to reach the minimum.",
  },
  Sale_FillBelowLeast: {
    title: "Less is left in the sale than you asked for",
    wayOut: "Nothing was taken from you. Enter at most what is left, and start again.",
  },
  Sale_WrongValue: {
    title: "The ether sent is not the amount of this purchase",
    wayOut: "Send exactly the amount in a sale for ether, and no ether in a sale for a token.",
  },
  Sale_WrongReceived: {
    title: "The currency did not arrive in full",
    wayOut: "This token takes a fee or changes balances, so the sale refuses it. Nothing was taken from you.",
  },
  Sale_EtherRefused: {
    title: "The sale takes no plain ether transfers",
    wayOut: "Buy through the page or `purchase`; the transfer was undone.",
  },
  Sale_EtherNotTaken: {
    title: "The receiver did not accept the ether",
    wayOut: "Use a wallet that can receive ether.",
  },
  SafeERC20FailedOperation: {
    title: "The token refused the transfer",
    wayOut:
      "Check your balance and the allowance for the sale, and that the token has not blocked your wallet.",
  },
  ERC20InsufficientBalance: {
    title: "The wallet does not hold enough of the token",
    wayOut: "Add funds to this wallet or enter less.",
  },
  ERC20InsufficientAllowance: {
    title: "The sale may not take this amount from your wallet",
    wayOut: "Approve the exact amount for the sale, then buy again.",
  },
  ReentrancyGuardReentrantCall: {
    title: "The sale was called from within itself",
    wayOut: "Call it from a wallet, not from a contract that it is just paying.",
  },
  // ── Exits ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  Sale_NothingPaid: {
    title: "There is no money of this wallet to return",
    wayOut:
      "Check that you connected the wallet you bought with; what was returned before cannot be returned again.",
  },
  Sale_CoolingOffOver: {
    title: "The time to withdraw is over",
    wayOut: "Your purchase stands. If the sale fails, you can take everything back.",
  },
  Sale_NothingToRelease: {
    title: "There is nothing to pay out now",
    wayOut: "Look at the vesting schedule for the next date.",
    retryable: true,
  },
  // ── Finalise and list ─────────────────────────────────────────────────────────────────────────────────────────────
  Sale_ListingTooEarly: {
    title: "The listing delay is not over",
    wayOut: "List from the second named on; anybody may.",
    retryable: true,
  },
  Sale_HistoryMismatch: {
    title: "The history given is not the sale's",
    wayOut: "Read the history from the sale again. If your copy differs, find out why before you list.",
  },
  Sale_VenueMisreported: {
    title: "The venue's account of the listing does not add up",
    wayOut:
      "Do not retry. The sale refused it; once the listing deadline has passed, everybody can take a refund.",
  },
  Sale_FailureTooLate: {
    title: "The sale can no longer be declared failed",
    wayOut: "From here anybody may list it; if nobody does by the deadline, it fails by itself.",
  },
  Venue_AlreadyLive: {
    title: "This token already has a pool with liquidity",
    wayOut:
      "On v3 list again with another salt, through a private relay. Elsewhere everybody can take a refund after the listing deadline.",
  },
  Venue_AmountTooLarge: { title: "The pool cannot hold this amount", wayOut: deployment },
  Venue_AmountTooSmall: { title: "The amount is too small for a pool", wayOut: deployment },
  Venue_EtherRefused: {
    title: "The venue takes no plain ether transfers",
    wayOut: "Send nothing to it; the transfer was undone.",
  },
  Venue_FeeTier: { title: "This venue has no such fee tier", wayOut: deployment },
  Venue_TickSpacing: { title: "This venue has no such tick spacing", wayOut: deployment },
  Venue_NotBornHere: {
    title: "The token was not created by this sale",
    wayOut: "A venue lists only the token that the calling sale created itself.",
  },
  Venue_PriceMissed: {
    title: "The pool would not open at the price of the terms",
    wayOut: "Try again in another block; the listing undoes whatever was sent to the pool beforehand.",
    retryable: true,
  },
  Venue_WrongValue: {
    title: "The ether sent is not the currency amount of the listing",
    wayOut: "Let the sale list; it sends the right amount.",
  },
  Venue_PriceOutOfRange: {
    title: "The listing price is too far from 1 in base units for an exact pool",
    wayOut: deployment,
  },
  VenueV3_NotPool: {
    title: "Only the pool that is being opened calls the venue back",
    wayOut: "Call list, collectFees or release instead.",
  },
  VenueV4_HookAddress: {
    title: "The hook would not lie where v4 needs it",
    wayOut: "List again with another salt: the low 14 bits of hookOf(sale, salt) must be 0x2000.",
  },
  VenueV4_NotManager: {
    title: "Only Uniswap's pool manager calls the venue back",
    wayOut: "Call list, collectFees or release instead.",
  },
  Lock_TooLittle: {
    title: "The pool has earned less than you asked for",
    wayOut: "Wait for more swaps, or name smaller least amounts.",
    retryable: true,
  },
  Lock_StillLocked: {
    title: "The liquidity is still locked",
    wayOut: "Release it from the second named on; no key can do so earlier.",
    retryable: true,
  },
  Lock_Unknown: { title: "Nothing is locked under this id", wayOut: "Check the id of the pool." },
  // ── Roles ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  Sale_NotAuthorised: {
    title: "Only the role named may do this",
    wayOut: "Send it from the account that holds the role.",
  },
  OwnableUnauthorizedAccount: {
    title: "Only the owner may do this",
    wayOut: "Send it from the owner's account.",
  },
  OwnableInvalidOwner: {
    title: "This cannot be an owner",
    wayOut: "Name an account that can accept the role.",
  },
  Sale_PauseSpent: {
    title: "The one pause of this sale was used",
    wayOut: "A sale is paused once. The guardian can still declare it failed.",
  },
  Sale_PauseTooLong: { title: "A pause cannot be that long", wayOut: "Pause for at most 72 hours." },
  Sale_SignerKnown: {
    title: "This signer was admitted before",
    wayOut: "Bounds of a signer never change, and one struck off never returns: admit a new key.",
  },
  Sale_NotEjectable: {
    title: "The terms of this sale do not let anybody be ejected",
    wayOut: "Void the buyer's vouchers instead.",
  },
  // ── Creation ──────────────────────────────────────────────────────────────────────────────────────────────────────
  Sale_TermsInvalid: { title: "A term is out of its bounds", wayOut: deployment },
  InvalidShortString: { title: "A name is too long", wayOut: deployment },
  StringTooLong: { title: "A name is too long", wayOut: deployment },
  // ── Vesting ───────────────────────────────────────────────────────────────────────────────────────────────────────
  Vesting_AlreadyRegistered: {
    title: "This sale has registered its allocations already",
    wayOut: "Nothing to do: they were registered once, by the sale.",
  },
  Vesting_AlreadyRevoked: {
    title: "This allocation was revoked before",
    wayOut: "Nothing to do; what had vested by then stays claimable.",
  },
  Vesting_BeneficiaryZero: {
    title: "No beneficiary was named",
    wayOut: "Name the account that is to receive it.",
  },
  Vesting_NotBeneficiary: {
    title: "Only the beneficiary may do this",
    wayOut: "Send it from the beneficiary's account.",
  },
  Vesting_NotRevoker: {
    title: "Only the account named in the allocation may revoke it",
    wayOut: "Send it from that account; an allocation that names none cannot be revoked.",
  },
  Vesting_NothingToClaim: {
    title: "Nothing of this allocation is due now",
    wayOut: "Look at its schedule for the next date.",
    retryable: true,
  },
  Vesting_ProofInvalid: {
    title: "The proof does not belong to this allocation",
    wayOut: "Use the allocations file that the sale was deployed with.",
  },
  Vesting_SaleNotFailed: {
    title: "The sale has not failed",
    wayOut: "Tokens return to the sale only if it fails.",
  },
  Vesting_SaleNotListed: {
    title: "The sale is not listed yet",
    wayOut: "Vesting starts with the listing.",
    retryable: true,
  },
  Vesting_TotalExceeded: {
    title: "The allocations exceed their registered total",
    wayOut: "Use the allocations file that the sale was deployed with.",
  },
  Vesting_Unknown: {
    title: "This sale has no allocations here",
    wayOut: "Check the sale's address and that its terms name this vesting contract.",
  },
  Vesting_WrongReceived: {
    title: "The tokens did not arrive in full",
    wayOut: "This token takes a fee or changes balances; it cannot be vested here.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ContractErrorName = keyof typeof contractErrors;

/** Every error of our contracts. */
export const errorsAbi = [
  ...saleAbi,
  ...vestingAbi,
  ...venueV2Abi,
  ...venueV3Abi,
  ...venueV4Abi,
  ...launchTokenAbi,
].filter((item) => item.type === "error") as unknown as Abi;

/**
 * The contract's error in words, where `cause` is a revert of a call (any viem error, or the revert data itself);
 * undefined when it is something else, such as a rejected signature or a lost connection. `code` is the error's name on
 * chain; what it carries stands in `problems`, one for each argument pair of got and wanted.
 */
export function contractErrorOf(cause: unknown): SlipwayError | undefined {
  const decoded = decode(revertDataOf(cause));
  if (decoded === undefined || !isKnown(decoded.name)) return undefined;

  const { title, wayOut, retryable = false }: ErrorEntry = contractErrors[decoded.name];
  const problem = problemOf(decoded, wayOut);
  return new SlipwayError({
    code: decoded.name,
    message: [title, ...(problem === undefined ? [] : [wordsOf(problem)])].join(": "),
    wayOut,
    retryable,
    problems: problem === undefined ? [] : [problem],
    cause,
  });
}

type AbiError = Extract<Abi[number], { type: "error" }>;
type Decoded = { name: string; inputs: AbiError["inputs"]; args: readonly unknown[] };

function isKnown(name: string): name is ContractErrorName {
  return Object.hasOwn(contractErrors, name);
}

function decode(data: Hex | undefined): Decoded | undefined {
  if (data === undefined || data.length < 10) return undefined;
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: errorsAbi, data });
    return {
      name: errorName,
      inputs: (abiItem as AbiError).inputs,
      args: args ?? [],
    };
  } catch {
    // Not one of ours, or cut short.
    return undefined;
  }
}

/** Nodes and wallets put revert data at different depths; viem's causes are followed, and `data` in each. */
function revertDataOf(cause: unknown): Hex | undefined {
  if (isHex(cause)) return cause;
  let found: Hex | undefined;
  const look = (error: unknown): void => {
    if (typeof error !== "object" || error === null || found !== undefined) return;
    for (const key of ["raw", "data"] as const) {
      const value = (error as Record<string, unknown>)[key];
      if (isHex(value)) found ??= value;
      else if (key === "data") look(value);
    }
  };
  if (cause instanceof BaseError) {
    cause.walk((error) => {
      look(error);
      return false;
    });
  } else {
    look(cause);
  }
  return found;
}

/** Names of arguments that say what the contract wanted, or until when something holds. */
const wantedNames = /^(wanted|most|least|until|validFrom|validUntil|opensAt|needed)$/;

/** Names of arguments that say what the contract met, where others name a party. */
const gotNames = /^(got.*|now_|balance|allowance)$/;

function problemOf({ name, inputs, args }: Decoded, wayOut: string): Problem | undefined {
  const described = inputs.map((input, index) => ({
    name: input.name ?? "",
    text: textOf(name, input.name ?? "", args[index]),
  }));
  const wanted = described.find((argument) => wantedNames.test(argument.name));
  const field = described.find((argument) => argument.name === "field");
  const others = described.filter((argument) => argument !== wanted && argument !== field);
  const got = others.find((argument) => gotNames.test(argument.name)) ?? others[0];
  if (wanted === undefined && got === undefined) return undefined;
  return {
    code: name,
    field: field?.text ?? (got === undefined || got.name === "got" ? "got" : labelOf(got.name)),
    got: got?.text ?? "",
    wanted: wanted === undefined ? "" : `${labelOf(wanted.name)} ${wanted.text}`,
    wayOut,
  };
}

/** "got 3, wanted 4"; of an error that carries one side only, that side. */
function wordsOf({ field, got, wanted }: Problem): string {
  return [got === "" ? "" : `${field} ${got}`, wanted].filter((part) => part !== "").join(", ");
}

function labelOf(name: string): string {
  return (
    { now_: "now", most: "at most", least: "at least", validFrom: "valid from", validUntil: "valid until" }[
      name
    ] ?? name
  );
}

function textOf(error: string, argument: string, value: unknown): string {
  if (error === "Sale_WrongPhase") return phases[Number(value)] ?? String(value);
  const isTime = /^(now_|until|validFrom|validUntil|opensAt)$/.test(argument);
  if (isTime && typeof value === "bigint" && value < 8_640_000_000_000n) {
    return new Date(Number(value) * 1000).toISOString().replace(".000Z", "Z");
  }
  return String(value);
}
