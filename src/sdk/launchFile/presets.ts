import type { LaunchFile, Share } from "./LaunchFile.ts";

type Defaults = { [Section in keyof LaunchFile]?: Partial<LaunchFile[Section]> };

/** Sold by a platform to people it knows, for a share of the raise; insiders and buyers vest. */
const IEO = {
  sale: { coolingOff: "14 days", voucherRequired: true, ejectable: true },
  listing: { venue: "uniswap-v4", liquidity: "40%", delay: "24 hours", lock: "365 days" },
  payout: { unsold: "burn" },
  vesting: { buyers: { initial: "25%", over: "180 days" } },
  policy: { deniedCountries: ["KP", "IR", "SY"], decisionMaxAge: "365 days", requestsPerMinute: 600 },
} as const satisfies Defaults;

/** Open to everybody, without KYC, vouchers or a cap for one person. */
const ICO = {
  sale: { coolingOff: "14 days", voucherRequired: false },
  listing: { venue: "uniswap-v4", liquidity: "50%", delay: "24 hours", lock: "365 days" },
  payout: { unsold: "burn" },
  vesting: { buyers: "at listing" },
  policy: { tiers: [], deniedCountries: [], decisionMaxAge: "365 days", requestsPerMinute: 600 },
} as const satisfies Defaults;

/** A short sale to an allowlist that ends in a deep pool, whose liquidity is never unlocked. */
const IDO = {
  sale: { voucherRequired: true },
  listing: { venue: "uniswap-v4", liquidity: "80%", delay: "1 hour", lock: "forever" },
  payout: { unsold: "burn" },
  vesting: { buyers: "at listing" },
  policy: { deniedCountries: ["KP", "IR", "SY"], decisionMaxAge: "90 days", requestsPerMinute: 600 },
} as const satisfies Defaults;

type Section<T, Filled> = Omit<T, keyof Filled> & Partial<Pick<T, keyof T & keyof Filled>>;
type Sections<D> = {
  [S in keyof LaunchFile]: S extends keyof D ? Section<LaunchFile[S], D[S]> : LaunchFile[S];
};
type MayBeEmpty<T> = T extends object ? (Partial<T> extends T ? true : false) : false;
/** A launch file of which all that a preset fills may be left out. */
type Rest<D, S = Sections<D>> = { [K in keyof S as MayBeEmpty<S[K]> extends true ? never : K]: S[K] } & {
  [K in keyof S as MayBeEmpty<S[K]> extends true ? K : never]?: S[K];
};

/** IEO-style: a platform sells to people that it has checked, and takes `payout.fee.share`. */
export function ieo(
  file: Rest<typeof IEO> & { payout: { fee: { share: Share } } } & {
    roles: Required<Pick<LaunchFile["roles"], "compliance" | "guardian" | "signer">>;
  },
): LaunchFile {
  return filled(IEO, file);
}

/** Open ICO: anybody buys. */
export function ico(file: Rest<typeof ICO>): LaunchFile {
  return filled(ICO, file);
}

/** IDO: an allowlist buys, and 80 % of the raise stays in the pool for ever. */
export function ido(file: Rest<typeof IDO>): LaunchFile {
  return filled(IDO, file);
}

/** What the file says wins; below a section nothing is merged. */
function filled(defaults: Defaults, file: object): LaunchFile {
  const given = file as Record<string, object | undefined>;
  const sections = Object.entries(defaults as Record<string, object>).map(
    ([name, section]): [string, object] => [name, { ...section, ...given[name] }],
  );
  return { ...given, ...Object.fromEntries(sections) } as unknown as LaunchFile;
}
