import type { Address, Hex } from "viem";

/** Currency or tokens as a person writes them, exact to the last decimal: "250000", "250_000.50", "250000 USDC". */
export type Amount = string;
/** UTC, to the minute or second: "2040-03-01T14:00Z". */
export type Time = string;
/** "90 seconds", "10 minutes", "24 hours", "14 days", "2 weeks". */
export type Duration = string;
/** "40%", "2.5%", "0.25%": whole basis points. */
export type Share = string;

/** Release over time, counted from listing: `initial` at once, nothing more before `cliff`, everything after `over`. */
export type ScheduleFile = {
  /** Part released at listing; "0%" to "100%". Default "0%". */
  initial?: Share;
  /** From listing; at most `over`. Default "0 seconds". */
  cliff?: Duration;
  /** From listing until everything is released; at most 36,500 days. */
  over: Duration;
  /** In so many equal steps, 1 to 4,294,967,295; left out: linear by the second. */
  steps?: number;
};

export type AllocationFile = {
  /** For people: "team", "advisors". Published with the launch. */
  label: string;
  /** Who claims it, with its checksum. */
  beneficiary: Address;
  /** In tokens; above 0. Part of `token.supply`. */
  amount: Amount;
  /** Counted from listing. */
  schedule: ScheduleFile;
  /** May end the schedule, never take what has vested. Left out: nobody. */
  revoker?: Address;
};

export type TierFile = {
  /** For the KYC provider and the signer: "public", "early". Each tier has another. */
  id: string;
  /** Currency one person may pay in all, over all of its wallets; `sale.minPurchase` to `sale.hardCap`. */
  personCap: Amount;
  /** First second in which this tier may buy; within the sale. Default: `sale.opensAt`. */
  opensAt?: Time;
  /** First second in which it may not any more; within the sale. Default: `sale.closesAt`. */
  closesAt?: Time;
  /** How long a voucher lives; 60 seconds to 24 hours, at most the signer's `maxWindow`. */
  voucherLife: Duration;
};

export type InsiderFile = {
  /** For people: "founder", "market maker", "platform". */
  label: string;
  /** With its checksum. */
  address: Address;
};

/** One launch, as its founders write it. `defineLaunch` checks it; contracts/interfaces/Terms.sol says what each term does. */
export type LaunchFile = {
  /** EIP-155 id of the chain; 31337 is a local one. deploy/chains.ts has those whose DEX is known. */
  chainId: number;
  /** What is sold. */
  token: {
    /** 1 to 31 bytes in UTF-8, unless the token exists already. */
    name: string;
    /** "ACME"; amounts in tokens may name it. */
    symbol: string;
    /** 0 to 24. Default 18. */
    decimals?: number;
    /** In tokens; above 0, below 2^128 base units. Minted once, wholly; of an existing token what `fund()` escrows. */
    supply: Amount;
    /** An ERC-20 that exists already; left out: the sale creates its token. */
    existing?: Address;
  };
  /** To whom, when, for how much. */
  sale: {
    /**
     * "ETH" is the chain's coin, whatever it is called there. `decimals` are the token's own, 0 to 24. Without an address
     * the symbol is looked up in deploy/chains.ts.
     */
    currency: "ETH" | { symbol: string; decimals: number; address?: Address };
    /** Currency for one whole token; above 0. */
    price: Amount;
    /** First second in which anybody may buy. */
    opensAt: Time;
    /** First second in which nobody may any more; after `opensAt`, by at most 730 days. */
    closesAt: Time;
    /** In which a buyer may withdraw in full while the sale is open, counted from its last purchase; at most 730 days. Default: never. */
    coolingOff?: Duration;
    /** Currency; below it everybody is refunded. At most `hardCap`, in whole lots of the price. */
    softCap: Amount;
    /** Currency; the most that the sale takes, below 2^96 base units, in whole lots of the price. */
    hardCap: Amount;
    /** Currency; least position after a purchase, waived for the last fill. 0 to `hardCap`. Default 0. */
    minPurchase?: Amount;
    /** false: anybody buys, without KYC. Default true. */
    voucherRequired?: boolean;
    /** true: compliance may return a buyer's money until finalisation. Default false. */
    ejectable?: boolean;
  };
  /** The pool, and the lock on its liquidity. */
  listing: {
    /** Default "uniswap-v4". "none": the token trades already, or is not to be listed. docs/listing.md compares them. */
    venue?: "uniswap-v4" | "uniswap-v3" | "uniswap-v2" | "none";
    /**
     * What the pool charges for a swap. v4: up to "10%", to four decimals; v3: "0.05%", "0.3%" or "1%". Default "0.3%",
     * which v2 has.
     */
    feeTier?: Share;
    /** On v4 alone: 1 to 32767. Default 60, which is usual for 0.3%. */
    tickSpacing?: number;
    /** Part of the raise, after the fee, that goes into the pool; above "0%", to "100%". "0%" with venue "none". */
    liquidity: Share;
    /** Currency for one whole token; at least the sale's. */
    price: Amount;
    /** Between finalise and the first second in which anybody may list; 1 hour to 30 days. Default "24 hours". */
    delay?: Duration;
    /** Unlisted by then: refunds. `closesAt` + `delay` + 3 to 730 days, and before February 2106. */
    deadline: Time;
    /** Of the liquidity, from listing on; 0 to 36,500 days, or "forever". */
    lock: Duration;
  };
  /** Where the raise goes, beside the pool. */
  payout: {
    /** `share` of the raise and `fixed` in currency, one or both; together at most 10 % of the soft cap. Left out: no fee. */
    fee?: { share?: Share; fixed?: Amount; recipient: Address };
    /** Gets the raise less fee and pool. */
    treasury: Address;
    /** Over which the treasury's money is released from listing on; at most 36,500 days. Default: at once. */
    stream?: Duration;
    /** What becomes of tokens that were not sold. */
    unsold: "burn" | "treasury";
  };
  /** When tokens are released, counted from listing. */
  vesting: {
    /** Of what buyers bought. */
    buyers: ScheduleFile | "at listing";
    /** Of everybody else who gets tokens. Default: nobody. */
    allocations?: readonly AllocationFile[];
  };
  /** The paper that buyers are shown. */
  document: {
    /** keccak256 of the file's bytes; 32 bytes in hex. */
    hash: Hex;
    /** Where it is published. */
    uri: string;
    /** Where it lies here, from the launch file's folder: the commands compare it with `hash`. Not published. */
    file?: string;
  };
  /** Whoever is left out has no power. */
  roles: {
    /** Admits and strikes off signers. */
    owner?: Address;
    /** Voids vouchers, and ejects where `sale.ejectable`. */
    compliance?: Address;
    /** Pauses once for at most 72 hours, or declares the sale failed. */
    guardian?: Address;
    /** The first signer of vouchers and its bounds, which never change: currency of one wallet, and life of one voucher. */
    signer?: { address: Address; maxCap: Amount; maxWindow: Duration };
  };
  /** Addresses of insiders, so that everybody sees what they buy; beneficiaries, treasury and fee recipient are among them anyway. */
  insiders?: readonly InsiderFile[];
  /** What the signer goes by; not part of the terms. */
  policy: {
    /** 1 or more. Default 1. Raise it with each change. */
    version?: number;
    /** At least one where vouchers are required. */
    tiers: readonly TierFile[];
    /** ISO 3166-1 alpha-2 codes, or 3166-2 subdivisions: "KP", "UA-43". */
    deniedCountries: readonly string[];
    /** 1 or more. Default 1. */
    walletsPerPerson?: number;
    /** Oldest KYC decision that still counts. */
    decisionMaxAge: Duration;
    /** Of one client; 1 or more. */
    requestsPerMinute: number;
  };
};
