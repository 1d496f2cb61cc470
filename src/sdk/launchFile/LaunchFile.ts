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
  /** Part released at listing. Default "0%". */
  initial?: Share;
  /** At most `over`. Default "0 seconds". */
  cliff?: Duration;
  /** At most 36,500 days. */
  over: Duration;
  /** In so many equal steps; left out: linear by the second. */
  steps?: number;
};

export type AllocationFile = {
  /** For people: "team", "advisors". */
  label: string;
  beneficiary: Address;
  /** In tokens. */
  amount: Amount;
  schedule: ScheduleFile;
  /** May end the schedule, never take what has vested. Left out: nobody. */
  revoker?: Address;
};

export type TierFile = {
  id: string;
  /** Currency one person may pay in all, over all of its wallets. */
  personCap: Amount;
  /** Default: the sale's. First second in which this tier may buy, and first in which it may not. */
  opensAt?: Time;
  closesAt?: Time;
  /** How long a voucher lives; at most the signer's `maxWindow`. */
  voucherLife: Duration;
};

/** One launch, as its founders write it. `defineLaunch` checks it; contracts/interfaces/Terms.sol says what each term does. */
export type LaunchFile = {
  /** 31337 is a local chain. */
  chainId: number;
  token: {
    /** At most 31 bytes in UTF-8, unless the token exists already. */
    name: string;
    symbol: string;
    /** 0 to 24. Default 18. */
    decimals?: number;
    /** Minted once, wholly; of an existing token what `fund()` escrows. */
    supply: Amount;
    /** An ERC-20 that exists already; left out: the sale creates its token. */
    existing?: Address;
  };
  sale: {
    /** "ETH" is the chain's coin. Without an address the symbol is looked up in deploy/chains.ts. */
    currency: "ETH" | { symbol: string; decimals: number; address?: Address };
    /** Currency for one whole token. */
    price: Amount;
    opensAt: Time;
    /** After `opensAt`, by at most 730 days. */
    closesAt: Time;
    /** In which a buyer may withdraw in full while the sale is open, counted from its last purchase. Default: never. */
    coolingOff?: Duration;
    softCap: Amount;
    hardCap: Amount;
    /** Least position after a purchase, waived for the last fill. Default 0. */
    minPurchase?: Amount;
    /** false: anybody buys, without KYC. Default true. */
    voucherRequired?: boolean;
    /** true: compliance may return a buyer's money until finalisation. Default false. */
    ejectable?: boolean;
  };
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
    /** Part of the raise, after the fee, that goes into the pool. "0%" with venue "none". */
    liquidity: Share;
    /** Currency for one whole token; at least the sale's. */
    price: Amount;
    /** Between finalise and the first second in which anybody may list; 1 hour to 30 days. Default "24 hours". */
    delay?: Duration;
    /** Unlisted by then: refunds. At least `closesAt` + `delay` + 3 days. */
    deadline: Time;
    /** Of the liquidity, from listing on; or "forever". */
    lock: Duration;
  };
  payout: {
    /** Both together at most 10 % of the soft cap. Left out: no fee. */
    fee?: { share?: Share; fixed?: Amount; recipient: Address };
    treasury: Address;
    /** Over which the treasury's money is released from listing on. Default: at once. */
    stream?: Duration;
    unsold: "burn" | "treasury";
  };
  vesting: {
    buyers: ScheduleFile | "at listing";
    allocations?: readonly AllocationFile[];
  };
  document: {
    /** keccak256 of the file's bytes. */
    hash: Hex;
    uri: string;
  };
  /** Whoever is left out has no power. */
  roles: {
    owner?: Address;
    compliance?: Address;
    guardian?: Address;
    /** The first signer of vouchers and its bounds, which never change. */
    signer?: { address: Address; maxCap: Amount; maxWindow: Duration };
  };
  policy: {
    /** Default 1. Raise it with each change. */
    version?: number;
    tiers: readonly TierFile[];
    /** ISO 3166-1 alpha-2 codes, or 3166-2 subdivisions: "KP", "UA-43". */
    deniedCountries: readonly string[];
    /** Default 1. */
    walletsPerPerson?: number;
    /** Oldest KYC decision that still counts. */
    decisionMaxAge: Duration;
    /** Of one client. */
    requestsPerMinute: number;
  };
};
