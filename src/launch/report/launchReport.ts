import { formatUnits, zeroAddress } from "viem";
import type { LaunchStatus } from "../operate/readStatus.ts";
import { escaped, htmlPage } from "../htmlPage.ts";
import type { Verification } from "../verify/Verification.ts";
import { charts } from "../verify/verificationPage.ts";

/** Where a launch stood at one block: read from the chain and recomputed from its history, nothing taken from a copy. */
export type LaunchReport = { status: LaunchStatus; verification: Verification };

type Row = [section: string, name: string, value: string];

function rowsOf({ status, verification }: LaunchReport): Row[] {
  const { chainId, sale, block, ok, checks, found } = verification;
  const { sale: _, token, next, owed, time, block: __, ...rest } = status;
  const facts = Object.entries({ chainId, sale, token, block: block.number, blockHash: block.hash, ...rest });
  return [
    ["report", "dated", new Date(Number(time) * 1000).toISOString()],
    [
      "report",
      "verified",
      ok ? `yes, ${checks.length} comparisons` : "no, see verify.html of slipway verify",
    ],
    ...facts.map(([name, value]): Row => ["status", name, String(value)]),
    ["status", "next", next],
    ...Object.entries(owed).map(([to, amount]): Row => ["owed", to, String(amount)]),
    ...(found?.currency ?? []).map(({ holder, amount }): Row => ["currency", holder, String(amount)]),
    ...(found?.tokens ?? []).map(({ holder, amount }): Row => ["tokens", holder, String(amount)]),
    ...(found === undefined
      ? []
      : ([
          ["sale", "buyers", String(found.buyers)],
          ["sale", "entries", String(found.entries)],
        ] as Row[])),
  ];
}

/** One line a figure; amounts in base units. */
export function reportCsv(report: LaunchReport): string {
  return (
    [["section", "name", "value"], ...rowsOf(report)].map((row) => row.map(cell).join(",")).join("\r\n") +
    "\r\n"
  );
}

/** As one file for a person, without scripts or requests. */
export function reportPage(report: LaunchReport): string {
  const { found, sale } = report.verification;
  const { raised, softCap, hardCap, phase, next } = report.status;
  const name = found === undefined ? sale : `${found.terms.token.name} (${found.terms.token.symbol})`;
  const rows = rowsOf(report).map(
    (row) => `<tr>${row.map((each) => `<td>${escaped(each)}</td>`).join("")}</tr>`,
  );
  return htmlPage(
    `Report on ${name}`,
    `<h1>${escaped(name)}: ${phase}</h1>
<p>${escaped(next)}. Raised ${raised} base units, ${formatUnits((raised * 10_000n) / hardCap, 2)} % of the hard cap; the soft cap is ${raised >= softCap ? "" : "not "}reached.</p>
${found === undefined ? "<p>Its code is not Slipway’s: nothing further was looked at.</p>" : charts(found)}
<h2>Figures</h2>
<table><tbody>${rows.join("\n")}</tbody></table>`,
  );
}

/**
 * The token in the form that wallets and DEX pages read, as Uniswap's schema has it. Undefined where the launch bore no token, or
 * none yet, or where the schema has no room for its symbol.
 */
export function tokenList({
  status,
  verification: { chainId, ok, found },
}: LaunchReport): object | undefined {
  if (!ok || found === undefined) return undefined;
  const { name, symbol, decimals, existing } = found.terms.token;
  if (existing !== zeroAddress || found.token === zeroAddress || !/^\S{1,20}$/.test(symbol)) return undefined;
  return {
    name:
      name
        .replaceAll(/[^\w ]/g, " ")
        .trim()
        .slice(0, 30) || "Token",
    timestamp: new Date(Number(status.time) * 1000).toISOString(),
    version: { major: 1, minor: 0, patch: 0 },
    tokens: [{ chainId, address: found.token, name, symbol, decimals }],
  };
}

/** Spreadsheets run what begins like a formula. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
