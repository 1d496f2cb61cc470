import type { Problem } from "../../sdk/problem.ts";
import { launchError } from "../launchErrors.ts";
import type { Plan } from "../plan/Plan.ts";
import type { ApprovedPlan } from "./parsePlan.ts";

/** Throws `plan-drift` where the launch, planned again, is not what was approved: with what has changed since. */
export function requireSame(approved: ApprovedPlan, now: Plan): void {
  if (approved.hash === now.hash) return;
  const pairs: [field: string, got: string, wanted: string][] = [
    ["chainId", String(now.chainId), String(approved.chainId)],
    ["sender", now.sender.toLowerCase(), approved.sender.toLowerCase()],
    ["terms of the launch file", now.termsHash, approved.termsHash],
    ...approved.beneath.map(({ name, codeHash }): [string, string, string] => [
      `code of ${name}`,
      now.beneath.find((one) => one.name === name)?.codeHash ?? "nothing",
      codeHash,
    ]),
  ];
  const changed = pairs.filter(([, got, wanted]) => got !== wanted);
  const told = changed.length > 0 ? changed : [["transactions", now.hash, approved.hash] as const];
  const problems = told.map(([field, got, wanted]): Problem => ({
    ...{ code: "plan-drift", field, got, wanted },
    wayOut: "Put it back, or plan and approve again.",
  }));
  throw launchError("plan-drift", told.map(([field]) => field).join(", "), { problems });
}
