import type { LocalAccount, PublicClient } from "viem";
import type { Clock } from "../../chain/clock.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { checkCanary } from "./checkCanary.ts";
import { checkChain } from "./checkChain.ts";
import { checkSafes } from "./checkSafes.ts";
import { checkIndexer, checkPage, checkSigner, type Ask } from "./checkServices.ts";
import { createFindings, type Finding } from "./Finding.ts";

export type DoctorOptions = {
  chain: PublicClient;
  record: LaunchRecord;
  launch: Launch | undefined;
  clock: Clock;
  ask: Ask;
  /** URLs; empty: not named. */
  signer: string;
  indexer: string;
  page: string;
  safeService: string;
  /** Requests a minute expected of the busiest client; zero: not named. */
  crowd: number;
  /** A wallet with which a purchase is tried and never sent. */
  canary?: LocalAccount | undefined;
  /** Names of unknown findings that a person has looked into. */
  accepted: readonly string[];
};

export type Diagnosis = {
  /** Red as soon as one is; unknown as soon as one is and was not accepted. */
  state: Finding["state"];
  findings: Finding[];
};

/** Looks at every seam of a launch, and changes nothing. */
export async function runDoctor(options: DoctorOptions): Promise<Diagnosis> {
  const { accepted } = options;
  const [signer, indexer, page, service] = [
    options.signer,
    options.indexer,
    options.page,
    options.safeService,
  ].map((url) => url.replace(/\/+$/, "")) as [string, string, string, string];
  const findings = createFindings();
  const now = await checkChain({ ...options, findings });
  const pageOrigin = page === "" ? "" : new URL(page).origin;
  const onSale = now === undefined ? undefined : { ...options, findings, service, signer, pageOrigin };
  await looking("signer", () => checkSigner({ ...options, findings, url: signer, now, pageOrigin }));
  await looking("indexer", () => checkIndexer({ ...options, findings, url: indexer, now, pageOrigin }));
  await looking("page", () => checkPage({ ...options, findings, url: page, signer, indexer }));
  if (onSale !== undefined) {
    await looking("safe", () => checkSafes(onSale));
    const { canary } = options;
    if (canary !== undefined) await looking("canary", () => checkCanary({ ...onSale, canary }));
  }

  /** A node that stops answering midway is no reason to say nothing of the rest. */
  async function looking(part: string, look: () => Promise<void>): Promise<void> {
    await look().catch((error: unknown) => {
      const got = error instanceof Error ? error.name : "no answer";
      findings.must(`${part}.looked`, false, got, "looked at to the end", "Look again; use another node.");
    });
  }

  const { list } = findings;
  const isOpen = ({ name, state }: Finding) => state === "unknown" && !accepted.includes(name);
  const state = list.some((one) => one.state === "red") ? "red" : list.some(isOpen) ? "unknown" : "green";
  return { state, findings: list };
}
