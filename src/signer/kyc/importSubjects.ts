import type { Pool } from "pg";
import type { Address } from "viem";
import { z } from "zod";
import type { Policy } from "../../sdk/policy.ts";
import type { Problem } from "../../sdk/problem.ts";
import { SignerError, signerError } from "../../sdk/signerErrors.ts";
import { address, instant, label, readFields } from "../http/fields.ts";
import { auditedTransaction } from "../operators/audit.ts";
import { applyDecision, type SubjectDecision } from "./applyDecision.ts";
import { country, decision } from "./subjectFields.ts";

const columns = ["wallet", "subject", "country", "tier", "decision", "decidedAt"] as const;
const row = z.strictObject({
  wallet: address,
  subject: label,
  country,
  tier: label,
  decision,
  decidedAt: instant,
});
type Row = z.infer<typeof row> & { line: number };

const MOST_PROBLEMS = 100;
const HOUR_MS = 3_600_000;

/**
 * Reads decisions from CSV: a header with the columns `wallet,subject,country,tier,decision,decidedAt` in any order, then one
 * wallet a line; a person with several wallets has several lines, which must agree. All of it or nothing: throws
 * `import-invalid` with every line that is wrong. Decisions older than what is known are left as they are, and
 * people whom an operator refused or revoked.
 */
export async function importSubjects({
  pool,
  text,
  policy,
  now,
}: {
  pool: Pool;
  text: string;
  policy: Policy;
  now: Date;
}): Promise<{ applied: number; older: number; held: number; wallets: number }> {
  const rows = parseRows(text, policy, now);
  const people = groupBySubject(rows);

  return auditedTransaction(pool, async (client) => {
    const by = { actor: "import", walletsPerPerson: policy.walletsPerPerson };
    const counts = { applied: 0, older: 0, held: 0, wallets: rows.length };
    const problems: Problem[] = [];
    for (const { person, line } of people) {
      await client.query("SAVEPOINT person");
      try {
        counts[await applyDecision(client, person, by)] += 1;
        await client.query("RELEASE SAVEPOINT person");
      } catch (error) {
        if (!(error instanceof SignerError)) throw error;
        await client.query("ROLLBACK TO SAVEPOINT person");
        problems.push(
          ...error.problems.map((problem) => ({
            ...problem,
            code: "import-invalid",
            field: `line ${String(line)}: ${problem.field}`,
          })),
        );
      }
    }
    refuse(problems);
    return counts;
  });
}

function parseRows(text: string, policy: Policy, now: Date): Row[] {
  const [header = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = header.split(",").map((name) => name.trim());
  const wrong = columns.filter((name) => names.filter((other) => other === name).length !== 1);
  if (wrong.length > 0 || names.length !== columns.length) {
    refuse([wrongLine(1, "header", header, columns.join(","))]);
  }

  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  const rows: Row[] = [];
  for (const [index, content] of lines.entries()) {
    const line = index + 2;
    if (content.trim() === "") continue;
    const cells = content.split(",").map((cell) => cell.trim());
    if (cells.length !== columns.length) {
      problems.push(
        wrongLine(line, "columns", String(cells.length), `${String(columns.length)}, none quoted`),
      );
      continue;
    }
    const value = Object.fromEntries(names.map((name, column) => [name, cells[column]]));
    const read = readFields(row, value);
    if ("problems" in read) {
      problems.push(...read.problems.map(({ field, got, wanted }) => wrongLine(line, field, got, wanted)));
      continue;
    }
    const { wallet, tier, decidedAt } = read.data;
    const before = seen.get(wallet);
    if (before !== undefined)
      problems.push(wrongLine(line, "wallet", wallet, `a wallet that line ${String(before)} does not have`));
    if (policy.tiers.every(({ id }) => id !== tier)) {
      problems.push(wrongLine(line, "tier", tier, `one of ${policy.tiers.map(({ id }) => id).join(", ")}`));
    }
    if (decidedAt.getTime() > now.getTime() + HOUR_MS) {
      problems.push(wrongLine(line, "decidedAt", decidedAt.toISOString(), "a time that has been"));
    }
    seen.set(wallet, line);
    rows.push({ ...read.data, line });
  }
  if (rows.length === 0 && problems.length === 0)
    problems.push(wrongLine(2, "lines", "none", "at least one"));
  refuse(problems);
  return rows;
}

function groupBySubject(rows: readonly Row[]): { person: SubjectDecision; line: number }[] {
  const people = new Map<string, { person: SubjectDecision & { wallets: Address[] }; line: number }>();
  const problems: Problem[] = [];
  for (const { line, wallet, ...person } of rows) {
    const known = people.get(person.subject);
    if (known === undefined) {
      people.set(person.subject, { person: { ...person, wallets: [wallet] }, line });
      continue;
    }
    for (const field of ["country", "tier", "decision"] as const) {
      if (known.person[field] !== person[field])
        problems.push(
          wrongLine(line, field, person[field], `${known.person[field]}, as line ${String(known.line)}`),
        );
    }
    if (known.person.decidedAt.getTime() !== person.decidedAt.getTime()) {
      problems.push(
        wrongLine(
          line,
          "decidedAt",
          person.decidedAt.toISOString(),
          `${known.person.decidedAt.toISOString()}, as line ${String(known.line)}`,
        ),
      );
    }
    known.person.wallets.push(wallet);
  }
  refuse(problems);
  // In one order everywhere, so that two imports never wait for each other.
  return [...people.values()].sort((a, b) => (a.person.subject < b.person.subject ? -1 : 1));
}

function wrongLine(line: number, field: string, got: string, wanted: string): Problem {
  return {
    code: "import-invalid",
    field: `line ${String(line)}: ${field}`,
    got,
    wanted,
    wayOut: "Correct the line.",
  };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? "1 thing is wrong" : `${String(problems.length)} things are wrong`;
  const cut = problems.length > MOST_PROBLEMS ? `${count}, the first ${String(MOST_PROBLEMS)} are` : count;
  throw signerError("import-invalid", cut, { problems: problems.slice(0, MOST_PROBLEMS) });
}
