import { formatUnits } from "viem";
import type { Ledger, Verification } from "./Verification.ts";

/** For a person at a terminal: what differs, or that nothing does, and where everything lies. */
export function describeVerification({ ok, chainId, sale, block, checks, found }: Verification): string {
  const bad = checks.filter((check) => !check.ok);
  const lines = bad.map(({ name, got, wanted }) => `  ✗ ${name}: got ${got}, wanted ${wanted}`);
  const verdict = ok
    ? `✓ ${checks.length} comparisons, none differs`
    : `✗ ${bad.length} of ${checks.length} comparisons differ`;
  const look = "  Nothing further was looked at: what such a contract tells is worth nothing.";
  return [
    `Sale ${sale} on chain ${chainId} at block ${block.number} (${block.hash})`,
    verdict,
    ...lines,
    ...(found === undefined ? [look] : describeFound(found)),
  ].join("\n");
}

function describeFound(found: NonNullable<Verification["found"]>): string[] {
  const { terms, token, phase, entries, buyers, raised, currency, tokens, termsHash } = found;
  const ledger = (entriesOf: Ledger, show: (amount: bigint) => string) =>
    entriesOf.map(({ holder, amount }) => `  ${holder.padEnd(36)} ${show(amount)}`);
  return [
    `Terms ${termsHash}\nToken ${token} (${terms.token.symbol})`,
    `Phase ${phase}; ${buyers} buyers, ${entries} entries, raised ${raised} base units`,
    "Currency, in base units",
    ...ledger(currency, String),
    `Tokens, in ${terms.token.symbol}`,
    ...ledger(tokens, (amount) => formatUnits(amount, terms.token.decimals)),
  ];
}
