import { isAddressEqual, type Address } from "viem";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { policyHash } from "../../sdk/policy.ts";
import type { Readiness as ReadinessBody } from "../../sdk/signerApi.ts";
import { SignerError, signerError, signerErrors } from "../../sdk/signerErrors.ts";
import { ageWarnings } from "../keys/ageWarnings.ts";
import type { KeyAges } from "../keys/createKeyAges.ts";
import type { Sanctions } from "../kyc/createSanctions.ts";
import type { Lineage } from "../store/lineage.ts";
import type { SaleReader, SignerStanding } from "./createSaleReader.ts";

/** Whether this signer may sign: it, the launch record and the chain agree. */
export type Readiness = {
  /** Every check; answers at most `MEMORY_MS` old. */
  check: () => Promise<ReadinessBody>;
  /** The signer's standing on chain; throws `chain-unreachable`, or `not-ready` with the first check that fails. */
  require: () => Promise<SignerStanding>;
};

type Check = ReadinessBody["checks"][number];
type Result = { body: ReadinessBody; standing: SignerStanding | undefined };

const MEMORY_MS = 2_000;
const LOCAL_CHAIN = 31337;
const MOST_SKEW_SECONDS = 30;
const ADMITTED = 1;

export function createReadiness({
  record,
  signer,
  chain,
  sanctions,
  lineage,
  stopped,
  keyAges,
  preIssueSeconds = 0n,
  databaseNow,
  monotonic = () => performance.now(),
}: {
  record: LaunchRecord;
  signer: Address;
  chain: SaleReader;
  sanctions: Sanctions;
  lineage: Lineage;
  /** The words of an operator who has stopped the selling. */
  stopped: () => Promise<string | undefined>;
  keyAges: KeyAges;
  preIssueSeconds?: bigint;
  databaseNow: () => Promise<number>;
  /** Milliseconds of a clock that never steps: ages what is remembered. */
  monotonic?: () => number;
}): Readiness {
  let known: { at: number; result: Promise<Result> } | undefined;

  function recent(): Promise<Result> {
    const at = monotonic();
    if (known === undefined || at - known.at >= MEMORY_MS) known = { at, result: run() };
    return known.result;
  }

  async function run(): Promise<Result> {
    const [databaseSays, chainSays] = await Promise.all([
      attempt("database", databaseNow),
      attempt("chain", async () => (await chain.head()).timestamp),
    ]);
    const checks: Check[] = [databaseSays.check, chainSays.check];
    if (databaseSays.check.ok) {
      const stop = await attempt("stopped", stopped);
      checks.push(stop.check.ok ? stopCheck(stop.value) : stop.check);
    }
    const local = [attemptSync("sanctions", () => sanctions.check()), policyCheck(record)];
    const ages = await keyAges(databaseSays.value ?? 0).catch(() => ({}));
    const warnings = databaseSays.value === undefined ? [] : ageWarnings(ages);
    if (chainSays.value === undefined)
      return { body: bodyOf([...checks, ...local], warnings), standing: undefined };

    const [chainId, terms, domain, standing] = await Promise.all([
      attempt("chainId", chain.chainId),
      attempt("termsHash", chain.termsHash),
      attempt("domain", chain.domain),
      attempt("signer", () => chain.signerOf(signer)),
    ]);
    checks.push(
      chainId.value === undefined
        ? chainId.check
        : compare(
            "chainId",
            String(chainId.value),
            String(record.chainId),
            "Point RPC_URL at the launch's chain.",
          ),
      terms.value === undefined
        ? terms.check
        : compare(
            "termsHash",
            terms.value,
            record.termsHash,
            "Use the launch record of this sale's own deployment.",
          ),
      domain.value === undefined ? domain.check : domainCheck(record, domain.value),
      ...(standing.value === undefined ? [standing.check] : standingChecks(record, signer, standing.value)),
      ...local,
    );
    if (record.chainId !== LOCAL_CHAIN && databaseSays.value !== undefined) {
      checks.push(clockCheck(databaseSays.value, chainSays.value));
    }
    if (databaseSays.check.ok && standing.value !== undefined) {
      const { maxWindow } = standing.value;
      const restored = await attempt("restored", () => restoredCheck(chainSays.value ?? 0n, maxWindow));
      checks.push(restored.value ?? restored.check);
    }
    return { body: bodyOf(checks, warnings), standing: standing.value };
  }

  /**
   * Vouchers of the database before this one live as long as the sale lets this signer's live, those given before the opening so
   * much longer, and until that is final.
   */
  async function restoredCheck(chainTime: bigint, maxWindow: bigint): Promise<Check> {
    const closedUntil = await lineage({ chainTime, voucherSeconds: maxWindow + preIssueSeconds });
    if (closedUntil === undefined) return { name: "restored", ok: true };
    const { time } = (await chain.snapshot([])).finalised;
    if (time >= closedUntil) return { name: "restored", ok: true };
    return {
      ...{
        name: "restored",
        ok: false,
        got: `a database put back; the last final block is of ${String(time)}`,
      },
      wanted: `a final block of ${String(closedUntil)} or later`,
      wayOut: "Wait: until then vouchers may be used that this database does not know.",
    };
  }

  return {
    check: async () => (await recent()).body,
    require: async () => {
      const { body, standing } = await recent();
      const failing = body.checks.find((check) => !check.ok);
      if (failing === undefined && standing !== undefined) return standing;
      known = undefined;
      if (failing?.name === "chain") throw signerError("chain-unreachable", "", { retryAfter: 2 });
      if (failing?.name === "stopped") throw signerError("stopped", failing.got, { retryAfter: 30 });
      if (failing?.name === "database") throw signerError("database-unreachable", "", { retryAfter: 2 });
      throw signerError("not-ready", failing?.name ?? "signer", {
        retryAfter: 5,
        problems: failing === undefined ? [] : [problemOf(failing)],
      });
    },
  };
}

function problemOf({ name, got = "", wanted = "", wayOut = "" }: Check) {
  return { code: "not-ready", field: name, got, wanted, wayOut };
}

function bodyOf(checks: Check[], warnings: NonNullable<ReadinessBody["warnings"]>): ReadinessBody {
  return { ready: checks.every(({ ok }) => ok), checks, ...(warnings.length === 0 ? {} : { warnings }) };
}

function compare(name: string, got: string, wanted: string, wayOut: string): Check {
  return got === wanted ? { name, ok: true } : { name, ok: false, got, wanted, wayOut };
}

async function attempt<T>(
  name: string,
  work: () => Promise<T>,
): Promise<{ check: Check; value: T | undefined }> {
  try {
    return { check: { name, ok: true }, value: await work() };
  } catch (error) {
    return { check: failed(name, error), value: undefined };
  }
}

function attemptSync(name: string, work: () => unknown): Check {
  try {
    work();
    return { name, ok: true };
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name: string, error: unknown): Check {
  if (error instanceof SignerError)
    return { name, ok: false, got: error.message, wanted: "an answer", wayOut: error.wayOut };
  return {
    name,
    ok: false,
    got: "no answer",
    wanted: "an answer",
    wayOut: signerErrors["database-unreachable"].wayOut,
  };
}

function policyCheck({ policy, policyHash: wanted }: LaunchRecord): Check {
  return compare(
    "policyHash",
    policyHash(policy),
    wanted,
    "Use the launch record as the deployment wrote it.",
  );
}

function domainCheck(record: LaunchRecord, domain: Awaited<ReturnType<SaleReader["domain"]>>): Check {
  const got = `${domain.name} ${domain.version} ${String(domain.chainId)} ${domain.verifyingContract}`;
  const wanted = `Slipway Sale 1 ${String(record.chainId)} ${record.sale}`;
  const same = isAddressEqual(domain.verifyingContract, record.sale)
    ? got.replace(domain.verifyingContract, record.sale)
    : got;
  return compare("domain", same, wanted, "Use a signer of the version that made this sale.");
}

function standingChecks(
  { policy }: LaunchRecord,
  signer: Address,
  { status, maxCap, maxWindow }: SignerStanding,
): Check[] {
  const words = ["unknown", "admitted", "struck off"];
  const admitted = compare(
    "signer",
    `${signer} is ${words[status] ?? String(status)}`,
    `${signer} is ${words[ADMITTED] ?? ""}`,
    "Have the sale's owner admit this signer, or use the key of one that is.",
  );
  if (!admitted.ok) return [admitted];
  const cap = policy.tiers.reduce((most, { personCap }) => (personCap > most ? personCap : most), 0n);
  const window = policy.tiers.reduce(
    (most, { voucherSeconds }) => (voucherSeconds > most ? voucherSeconds : most),
    0n,
  );
  const wayOut = "Lower the policy in the launch file, or have the owner admit a signer with wider bounds.";
  return [
    admitted,
    cap <= maxCap
      ? { name: "signerCap", ok: true }
      : {
          name: "signerCap",
          ok: false,
          got: String(maxCap),
          wanted: `at least ${String(cap)}, the largest personCap`,
          wayOut,
        },
    window <= maxWindow
      ? { name: "signerWindow", ok: true }
      : {
          name: "signerWindow",
          ok: false,
          got: String(maxWindow),
          wanted: `at least ${String(window)}, the longest voucherSeconds`,
          wayOut,
        },
  ];
}

function stopCheck(message: string | undefined): Check {
  if (message === undefined) return { name: "stopped", ok: true };
  const wayOut = "An operator resumes with POST /v1/admin/resume.";
  return { name: "stopped", ok: false, got: message, wanted: "selling goes on", wayOut };
}

function clockCheck(database: number, chainTime: bigint): Check {
  const skew = Math.abs(database - Number(chainTime));
  if (skew <= MOST_SKEW_SECONDS) return { name: "clock", ok: true };
  return {
    ...{ name: "clock", ok: false, got: `${skew.toFixed(0)} s between database and chain` },
    ...{
      wanted: `at most ${String(MOST_SKEW_SECONDS)} s`,
      wayOut: "Set the database server's clock, or wait for the node to catch up.",
    },
  };
}
