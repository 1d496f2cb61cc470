/**
 * `GET /v1/status` of signer and indexer: what `launch doctor` compares beyond readiness. What a service does not report is
 * left out, and counts as unknown.
 */
export type ServiceStatus = {
  /** Days since each key was made, by its name. */
  keyAgesDays?: Record<string, number>;
  /** Requests a minute that a provider behind the service takes from it, by its name. */
  quotasPerMinute?: Record<string, number>;
  /** Whose `X-Forwarded-For` is believed; empty: nobody's. */
  trustedProxies?: string[];
};
