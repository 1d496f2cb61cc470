import type { Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatSpan } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { LOCKED_FOR_EVER } from "../../sdk/terms.ts";
import { Amount } from "./Amount.tsx";

/** What happens to a buyer's money, in the words of the terms. */
export function RulesCard({ terms: { sale, listing, vesting, document } }: { terms: Terms }) {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  return (
    <section className="card" aria-labelledby="rules-title">
      <h2 id="rules-title">The rules for your money</h2>
      <ul className="rules">
        <li>
          {sale.coolingOff === 0n
            ? "A purchase cannot be withdrawn."
            : `While the sale is open you can withdraw everything for ${formatSpan(sale.coolingOff)} after your last purchase.`}
        </li>
        <li>
          Below <Amount value={sale.softCap} decimals={decimals} symbol={symbol} /> raised, or not listed in
          time: you take back everything, and need nobody for it.
        </li>
        <li>{vestingWords(vesting.buyers)}</li>
        <li>
          {listing.liquidityBps === 0
            ? "No pool is created."
            : `${String(listing.liquidityBps / 100)} % of the raise after fees goes into the pool, ${
                listing.lockSeconds === LOCKED_FOR_EVER
                  ? "burned for ever"
                  : `locked for ${formatSpan(listing.lockSeconds)}`
              }.`}
        </li>
        {document.uri !== "" && (
          <li>
            Document <code title={document.hash}>{shortHex(document.hash)}</code> at {document.uri}
          </li>
        )}
      </ul>
    </section>
  );
}

function vestingWords({
  initialBps,
  cliffSeconds,
  durationSeconds,
  steps,
}: Terms["vesting"]["buyers"]): string {
  if (durationSeconds === 0n) return "All tokens are yours to claim from the listing on.";
  const initial = initialBps === 0 ? "No tokens" : `${String(initialBps / 100)} % of the tokens`;
  const cliff = cliffSeconds === 0n ? "" : `, nothing more for ${formatSpan(cliffSeconds)}`;
  const rest = steps === 0 ? "evenly" : `in ${String(steps)} steps`;
  return `${initial} at the listing${cliff}, the rest ${rest} until ${formatSpan(durationSeconds)} after it.`;
}
