import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { lazy, Suspense } from "react";
import { zeroAddress } from "viem";
import type { Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatAmount } from "../text/formatAmount.ts";
import { formatSpan, formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { LOCKED_FOR_EVER } from "../../sdk/terms.ts";
import { Amount } from "./Amount.tsx";

const PaperCheck = lazy(async () => ({ default: (await import("./PaperCheck.tsx")).PaperCheck }));

/** What happens to a buyer's money, in the words of the terms. */
export function RulesCard({ terms: { sale, listing, vesting, payout, roles, document } }: { terms: Terms }) {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  return (
    <section className="card" aria-labelledby="rules-title">
      <h2 id="rules-title">{t`The rules for your money`}</h2>
      <ul className="rules">
        <li>
          {sale.coolingOff === 0n
            ? t`You cannot take a purchase back, unless the sale fails.`
            : t`While the sale is open you can take everything back for ${formatSpan(sale.coolingOff)} after your last purchase. After that it stays in, unless the sale fails.`}
          {sale.ejectable &&
            roles.compliance !== zeroAddress &&
            ` ${t`Compliance can return it to you before the sale is finalised.`}`}
        </li>
        <li>
          <Trans>
            If less than <Amount value={sale.softCap} decimals={decimals} symbol={symbol} /> is raised, or the
            token is not listed by {formatTime(listing.deadline)}, you can take back everything yourself.
          </Trans>
        </li>
        <li>{vestingWords(vesting.buyers)}</li>
        <li>
          {poolWords(listing)} {treasuryWords(listing, payout)}
        </li>
        <li>
          {feeWords(payout, formatAmount(payout.feeFixed, decimals, decimals), symbol)}{" "}
          {t`On top you pay only what the network takes for a transaction.`}
        </li>
        {document.uri !== "" && (
          <li>
            <Trans>
              White paper, hash <code title={document.hash}>{shortHex(document.hash)}</code>
            </Trans>
            <Suspense fallback={null}>
              <PaperCheck document={document} />
            </Suspense>
          </li>
        )}
      </ul>
    </section>
  );
}

function feeWords({ feeBps, feeFixed }: Terms["payout"], fixed: string, symbol: string): string {
  const percent = String(feeBps / 100);
  if (feeFixed === 0n) {
    return feeBps === 0
      ? t`No fee is taken of the raise.`
      : t`A fee is taken out of the raise, at the listing alone: ${percent} %.`;
  }
  return feeBps === 0
    ? t`A fee is taken out of the raise, at the listing alone: ${fixed} ${symbol}.`
    : t`A fee is taken out of the raise, at the listing alone: ${percent} % and ${fixed} ${symbol}.`;
}

function poolWords({ liquidityBps, lockSeconds }: Terms["listing"]): string {
  const percent = String(liquidityBps / 100);
  if (liquidityBps === 0) return t`No trading pool is created.`;
  return lockSeconds === LOCKED_FOR_EVER
    ? t`${percent} % of the raise after fees goes into the trading pool and is locked for ever.`
    : t`${percent} % of the raise after fees goes into the trading pool and is locked for ${formatSpan(lockSeconds)}.`;
}

function treasuryWords({ liquidityBps }: Terms["listing"], { streamSeconds }: Terms["payout"]): string {
  if (liquidityBps === 10_000) return "";
  return streamSeconds === 0n
    ? t`The rest goes to the issuer’s treasury.`
    : t`The rest goes to the issuer’s treasury, bit by bit over ${formatSpan(streamSeconds)}.`;
}

function vestingWords({
  initialBps,
  cliffSeconds,
  durationSeconds,
  steps,
}: Terms["vesting"]["buyers"]): string {
  if (durationSeconds === 0n) return t`All tokens are yours to claim from the listing on.`;
  const percent = String(initialBps / 100);
  const end = formatSpan(durationSeconds);
  return [
    initialBps === 0 ? t`No tokens at the listing.` : t`${percent} % of the tokens at the listing.`,
    cliffSeconds === 0n ? "" : t`Nothing more for ${formatSpan(cliffSeconds)} after it.`,
    steps === 0
      ? t`The rest bit by bit until ${end} after the listing.`
      : t`The rest in ${steps} steps until ${end} after the listing.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}
