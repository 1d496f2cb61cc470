import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Readiness } from "../chain/createReadiness.ts";
import type { SecretAge } from "../secrets/createSecrets.ts";
import type { UnusualUse } from "./createKeyWatch.ts";

/** What `GET /metrics` tells Prometheus; the rules in docs/signer-alerts.yml say when to wake somebody. No wallets, no clients. */
export type Metrics = {
  answered: (answer: { route: string; status: number; code: string; seconds: number }) => void;
  unusual: (use: UnusualUse) => void;
  kycEvent: (event: { provider: string; outcome: string }) => void;
  secretsFailing: (count: number) => void;
  text: () => Promise<{ type: string; body: string }>;
};

const PREFIX = "slipway_signer_";

export function createMetrics({
  readiness,
  secretAges,
}: {
  readiness: Pick<Readiness, "check">;
  secretAges: () => Promise<SecretAge[]>;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const own = { registers: [registry] };
  const answers = new Counter({
    ...{ ...own, name: `${PREFIX}answers_total`, labelNames: ["route", "status", "code"] as const },
    help: "Requests by route, status and the code of the refusal",
  });
  const duration = new Histogram({
    ...{ ...own, name: `${PREFIX}answer_seconds`, labelNames: ["route"] as const },
    ...{ help: "How long answers took", buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  const unusual = new Counter({
    ...{ ...own, name: `${PREFIX}unusual_key_use_total`, labelNames: ["trait"] as const },
    help: "Uses of a key from a network, in an hour or at a rate that it was never seen in",
  });
  const events = new Counter({
    ...{ ...own, name: `${PREFIX}kyc_events_total`, labelNames: ["provider", "outcome"] as const },
    help: "Events of KYC providers; why one is ignored is in the audit log",
  });
  const failing = new Gauge({
    ...{ ...own, name: `${PREFIX}secrets_failing` },
    help: "Secrets that could not be read again; the last good ones are in use",
  });
  const ready = new Gauge({
    ...{ ...own, name: `${PREFIX}ready`, labelNames: ["check"] as const },
    help: "1 where the check passes; all must, for anything to be signed",
  });
  const ages = new Gauge({
    ...{ ...own, name: `${PREFIX}secret_age_days`, labelNames: ["secret", "version"] as const },
    help: "Days since a version of a secret is known; rotate from 75 on, at 90 at the latest",
  });

  return {
    answered: ({ route, status, code, seconds }) => {
      answers.inc({ route, status: String(status), code });
      duration.observe({ route }, seconds);
    },
    unusual: ({ trait }) => unusual.inc({ trait }),
    kycEvent: (event) => events.inc(event),
    secretsFailing: (count) => failing.set(count),
    text: async () => {
      const [{ checks }, known] = await Promise.all([
        readiness.check(),
        // Without the database there are still all other figures.
        secretAges().catch(() => []),
      ]);
      ready.reset();
      for (const { name, ok } of checks) ready.set({ check: name }, Number(ok));
      ages.reset();
      for (const { secret, version, days } of known) ages.set({ secret, version }, days);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}
