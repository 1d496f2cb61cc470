import { formatUnits } from "viem";
import { escaped, htmlPage } from "../htmlPage.ts";
import type { Found, Ledger, Verification } from "./Verification.ts";

/** The verification as one page without scripts or requests: verdict, charts, every comparison. */
export function verificationPage(verification: Verification): string {
  const { ok, chainId, sale, block, checks, found } = verification;
  const rows = [...checks]
    .sort((a, b) => Number(a.ok) - Number(b.ok))
    .map(
      ({ name, ok: holds, got, wanted }) =>
        `<tr class="${holds ? "" : "bad"}"><td>${holds ? "✓" : "✗"}</td><td>${escaped(name)}</td><td>${escaped(got)}</td><td>${escaped(wanted)}</td></tr>`,
    );
  return htmlPage(
    `Verification of ${sale}`,
    `<h1>${ok ? "✓ Nothing differs" : "✗ Something differs"}</h1>
<p>Sale <code>${escaped(sale)}</code> on chain ${String(chainId)}, read at block ${String(block.number)} <code>${block.hash}</code>.</p>
${found === undefined ? "<p>Nothing further was looked at: what such a contract tells is worth nothing.</p>" : charts(found)}
<h2>Comparisons</h2>
<table><thead><tr><td></td><td>What</td><td>Got</td><td>Wanted</td></tr></thead><tbody>${rows.join("\n")}</tbody></table>`,
  );
}

/** Money over time, and where everything lies. */
export function charts({ terms, series, currency, tokens }: Found): string {
  const { token, sale } = terms;
  return `<h2>Money in positions, entry by entry</h2>
${lineChart(series, sale.softCap, sale.hardCap)}
<h2>Where the currency lies (base units)</h2>
${bars(currency, String)}
<h2>Where the tokens lie (${escaped(token.symbol)})</h2>
${bars(tokens, (amount) => formatUnits(amount, token.decimals))}`;
}

const WIDTH = 800;
const HEIGHT = 240;

function lineChart(series: readonly bigint[], softCap: bigint, hardCap: bigint): string {
  const y = (value: bigint) => HEIGHT - Number((value * BigInt(HEIGHT - 10)) / hardCap);
  const step = WIDTH / Math.max(1, series.length);
  const points = [0n, ...series].map((value, index) => `${(index * step).toFixed(1)},${String(y(value))}`);
  const soft = y(softCap);
  return `<svg viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT + 5)}" role="img" aria-label="Raised after each of ${String(series.length)} entries">
<line x1="0" x2="${String(WIDTH)}" y1="${String(soft)}" y2="${String(soft)}" stroke="currentColor" stroke-dasharray="4"/>
<text x="4" y="${String(soft - 4)}" fill="currentColor" font-size="12">soft cap</text>
<polyline points="${points.join(" ")}" fill="none" stroke="#2980b9" stroke-width="2"/></svg>`;
}

function bars(ledger: Ledger, show: (amount: bigint) => string): string {
  const total = ledger.reduce((sum, { amount }) => sum + amount, 0n);
  if (total === 0n) return "<p>None yet.</p>";
  const row = 44;
  const items = ledger.map(({ holder, amount }, index) => {
    const width = Math.max(1, Number((amount * BigInt(WIDTH)) / total));
    const top = index * row;
    return `<text x="0" y="${String(top + 14)}" fill="currentColor" font-size="13">${escaped(holder)}: ${show(amount)}</text>
<rect x="0" y="${String(top + 19)}" width="${String(width)}" height="16" fill="#2980b9"/>`;
  });
  return `<svg viewBox="0 0 ${String(WIDTH)} ${String(row * ledger.length)}" role="img" aria-label="Holders and amounts">${items.join("\n")}</svg>`;
}
