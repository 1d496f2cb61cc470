import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { createApp } from "./app.ts";
import { createAuthenticate } from "./auth/createAuthenticate.ts";
import { forgetPeople } from "./kyc/forgetPeople.ts";
import { createNonces } from "./auth/createNonces.ts";
import { createSessions } from "./auth/createSessions.ts";
import { createReadiness } from "./chain/createReadiness.ts";
import { createSaleReader, type SaleReader } from "./chain/createSaleReader.ts";
import type { Config } from "./config.ts";
import { createKeptSignatures } from "./keys/createKeptSignatures.ts";
import { createRateLimit } from "./http/createRateLimit.ts";
import { createKeyAges } from "./keys/createKeyAges.ts";
import { createRevokedKeys } from "./auth/createRevokedKeys.ts";
import { createClientCounts } from "./watch/createClientCounts.ts";
import { createKeyWatch, type UnusualUse } from "./watch/createKeyWatch.ts";
import { createMetrics, type Metrics } from "./watch/createMetrics.ts";
import { createTurns } from "./watch/createTurns.ts";
import { createFirstOrders } from "./orders/createFirstOrders.ts";
import { createFirstOrderStore } from "./store/firstOrders.ts";
import { createDatabaseClock } from "./store/createDatabaseClock.ts";
import { createLimits } from "./operators/limits.ts";
import { readStop } from "./operators/stopSwitch.ts";
import { createLineage } from "./store/lineage.ts";

/** All parts of the signer put together, on a database that is migrated. */
export function createService({
  config,
  pool,
  logger,
  databaseNow = createDatabaseClock(pool),
  chain = createSaleReader({ urls: config.rpcUrls, record: config.record, finality: config.finality }),
  requestTimeoutMs = 10_000,
}: {
  config: Config;
  pool: Pool;
  logger: FastifyBaseLogger;
  /** Seconds; sessions, signatures and ages follow it. */
  databaseNow?: () => Promise<number>;
  chain?: SaleReader;
  /** How long a request may take to arrive. */
  requestTimeoutMs?: number;
}): {
  app: FastifyInstance;
  metrics: Metrics;
  purge: () => Promise<void>;
  watch: () => Promise<UnusualUse[]>;
} {
  const { record, sanctions, partners, preIssueSeconds } = config;
  const key = config.key.varies === true ? createKeptSignatures(config.key, pool) : config.key;
  const sessions = createSessions(pool);
  const keyAges = createKeyAges({ pool, secrets: config.secrets, partnersFile: config.partnersFile });
  const readiness = createReadiness({
    ...{ record, signer: key.address, chain, sanctions, databaseNow, keyAges, preIssueSeconds },
    ...{ lineage: createLineage(pool), stopped: () => readStop(pool) },
  });
  const parts = { pool, record, chain, key, sanctions, readiness, now: databaseNow, preIssueSeconds };
  const revokedKeys = createRevokedKeys(pool);
  const [counts, keyWatch] = [createClientCounts(pool), createKeyWatch(pool)];
  const metrics = createMetrics({ readiness, secretAges: () => config.secrets.ages(pool) });
  const context = {
    ...parts,
    revokedKeys,
    limits: createLimits(pool, record.policy),
    firstOrders: createFirstOrders(parts, createFirstOrderStore(pool, record)),
  };

  const app: FastifyInstance = createApp({
    ...{ context, sessions, logger, requestTimeoutMs, trustedProxies: config.trustedProxies },
    authenticate: createAuthenticate({
      sessions,
      nonces: createNonces(pool),
      ...{ partners, isRevoked: revokedKeys.includes },
      publicUrl: () => config.publicUrl ?? listeningAt(app),
    }),
    rateLimit: createRateLimit(pool),
    ...{ counts, keyWatch, metrics, turns: createTurns(pool) },
    ...{ siweDomains: config.siweDomains, corsOrigins: config.corsOrigins },
    ...{ secrets: config.secrets, checks: config.checks, quotasPerMinute: config.quotasPerMinute, keyAges },
  });
  app.addHook("onClose", () => counts.flush());
  return {
    ...{ app, metrics },
    purge: async () => {
      const now = await databaseNow();
      await sessions.purge(now);
      const days = config.forgetAfterDays;
      if (days === undefined) return;
      // A person whose first wallet is forgotten could buy above the cap with the next.
      const isOver = (await chain.head()).timestamp >= record.terms.sale.closesAt;
      if (isOver) await forgetPeople(pool, { days, now });
    },
    watch: async () => {
      await counts.flush();
      const unusual = await keyWatch.look();
      for (const use of unusual) {
        logger.warn(use, "a key is used as never before");
        metrics.unusual(use);
      }
      return unusual;
    },
  };
}

function listeningAt(app: FastifyInstance): string {
  const address = app.server.address();
  if (typeof address !== "object" || address === null) return "http://localhost";
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${String(address.port)}`;
}
