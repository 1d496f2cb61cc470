import type { Address, Hex } from "viem";

/**
 * `GET /v1/status` of signer, indexer and page: what `launch doctor` compares. Anybody may read it, so nothing secret is in
 * it. What a service does not report is left out, and counts as unknown.
 */
export type ServiceStatus = {
  chainId: number;
  /** Each launch that it serves. */
  sales: { sale: Address; termsHash: Hex; policyHash?: Hex }[];
  /** Whose vouchers it gives. */
  signer?: Address;
  /** Latest block seen, or copied; left out where no node answers. `time` in seconds since 1970. */
  head?: { number: number; time: number };
  /** Indexer: blocks of the chain that its copy lacks, and how old that makes it. */
  lag?: { blocks: number; seconds: number };
  /** The service's own clock, seconds since 1970: not the chain's. */
  clock?: number;
  /** Days since each key was made, by its name; where only that is known, since it was first used or its file written. */
  keyAgesDays?: Record<string, number>;
  /** Most requests a minute that it answers to one client, and to one address that many may share. */
  requestsPerMinute?: { client: number; address: number };
  /** Requests a minute that a provider behind the service takes from it, by its name; as its operator declares. */
  quotasPerMinute?: Record<string, number>;
  /** Signer, indexer: whose pages may ask, `*` for all. Page: whom it may ask. */
  origins?: string[];
  /** Hosts whose login messages (EIP-4361) are taken. */
  loginDomains?: string[];
  /** Does a proxy's `X-Forwarded-For` count? Whose is for nobody to know: it says what can be reached from inside. */
  behindProxy?: boolean;
};
