import { open, readFile } from "node:fs/promises";
import type { Address } from "viem";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { SlipwayError, type Problem } from "../sdk/problem.ts";
import type { Difference, DifferenceCode } from "./Difference.ts";

/** A person has looked at a notice. It holds for what the notice said: a larger surplus is a new notice. */
export type Acknowledgement = {
  chainId: number;
  sale: Address;
  code: DifferenceCode;
  field: string;
  got: string;
  by: string;
  reason: string;
  /** ISO 8601, UTC. */
  at: string;
};

type Launch = Pick<LaunchRecord, "chainId" | "sale">;

/**
 * Those kept in a file, oldest first; none where there is no file. Throws `acknowledgements-unreadable` where a line is no
 * acknowledgement, with name and reason.
 */
export async function readAcknowledgements(path: string): Promise<Acknowledgement[]> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line, index) => {
    if (line === "") return [];
    const unreadable = (why: string, cause?: unknown) =>
      new SlipwayError({
        code: "acknowledgements-unreadable",
        message: `Line ${index + 1} of ${path} ${why}`,
        wayOut: "Put the file back as it was kept; every line of it is one acknowledgement.",
        cause,
      });
    let said: unknown;
    try {
      said = JSON.parse(line);
    } catch (cause) {
      throw unreadable("is not JSON", cause);
    }
    const lacking = fieldsLacking(said);
    if (lacking.length > 0) throw unreadable(`is no acknowledgement, it lacks ${lacking.join(", ")}`);
    return [said as Acknowledgement];
  });
}

/** All that an acknowledgement has but the chain's id. */
const TEXTS = ["sale", "code", "field", "got", "by", "reason", "at"] as const;

function fieldsLacking(said: unknown): string[] {
  const fields: Record<string, unknown> = Object(said) as Record<string, unknown>;
  const lacking = TEXTS.filter((name) => typeof fields[name] !== "string" || visible(fields[name]) === "");
  return typeof fields["chainId"] === "number" ? lacking : ["chainId", ...lacking];
}

/** Without what nobody sees at its ends, such as spaces of no width; empty where there is nothing else. */
function visible(text: string): string {
  return text.replace(/^[\p{C}\p{Z}\p{DI}\u2800]+|[\p{C}\p{Z}\p{DI}\u2800]+$/gu, "");
}

/**
 * Adds one to the file, which is only ever added to, and returns when it is on disk. Throws `acknowledgement-invalid` with
 * what is wrong: a name and a reason are needed, and only a notice can be acknowledged.
 */
export async function acknowledge(
  path: string,
  {
    launch,
    notice,
    by,
    reason,
    at,
  }: { launch: Launch; notice: Difference; by: string; reason: string; at: Date },
): Promise<Acknowledgement> {
  const problems: Problem[] = [];
  const wrong = (field: string, got: string, wanted: string, wayOut: string): void => {
    problems.push({ code: "acknowledgement-invalid", field, got, wanted, wayOut });
  };
  if (notice.severity !== "notice") {
    wrong(
      "difference",
      `${notice.code}, ${notice.severity}`,
      "a notice",
      "Clear it: it cannot be passed over.",
    );
  }
  const [name, why] = [visible(by), visible(reason)];
  if (name === "") wrong("by", "nothing", "a name", "Say who has looked at it.");
  if (why === "") wrong("reason", "nothing", "a reason", "Say why nothing follows from it.");
  if (problems.length > 0) {
    throw new SlipwayError({
      code: "acknowledgement-invalid",
      message: "This cannot be acknowledged",
      wayOut: "Correct the fields named; nothing was kept.",
      problems,
    });
  }

  const { code, field, got } = notice;
  const { chainId, sale } = launch;
  const kept = {
    ...{ chainId, sale, code, field, got },
    ...{ by: name, reason: why, at: at.toISOString() },
  };
  const file = await open(path, "a", 0o600);
  try {
    await file.write(`${JSON.stringify(kept)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return kept;
}

/** Pure: the acknowledgement of a notice, if there is one. A blocking difference never has one. */
export function acknowledgementOf(
  notice: Difference,
  { chainId, sale }: Launch,
  kept: readonly Acknowledgement[],
): Acknowledgement | undefined {
  if (notice.severity !== "notice") return undefined;
  return kept.findLast(
    (one) =>
      one.chainId === chainId &&
      one.sale === sale &&
      one.code === notice.code &&
      one.field === notice.field &&
      one.got === notice.got,
  );
}
