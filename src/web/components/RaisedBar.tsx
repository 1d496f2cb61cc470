import { t } from "@lingui/core/macro";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatAmount } from "../text/formatAmount.ts";
import { Amount } from "./Amount.tsx";

/** Money in the sale against both caps, as the chain has it. */
export function RaisedBar({
  raised,
  softCap,
  hardCap,
}: {
  raised: bigint;
  softCap: bigint;
  hardCap: bigint;
}) {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  const percent = (part: bigint): number => Number((part * 10_000n) / hardCap) / 100;
  const words = t`${formatAmount(raised, decimals)} of ${formatAmount(hardCap, decimals)} ${symbol}`;

  return (
    <div className="raised">
      <p className="figure">
        <span data-testid="raised" aria-live="polite">
          <Amount value={raised} decimals={decimals} symbol={symbol} />
        </span>{" "}
        <span className="quiet">{t`raised`}</span>
      </p>
      <div
        className="bar"
        role="progressbar"
        aria-label={t`Raised`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent(raised)}
        aria-valuetext={words}
      >
        <div
          className={raised >= softCap ? "fill reached" : "fill"}
          style={{ width: `${String(percent(raised))}%` }}
        />
        <div className="tick" style={{ insetInlineStart: `${String(percent(softCap))}%` }} />
      </div>
      <p className="caps quiet">
        <span>
          {raised >= softCap ? "✓ " : ""}
          {t`Goal (soft cap)`} <Amount value={softCap} decimals={decimals} symbol={symbol} />
        </span>
        <span>
          {t`Limit (hard cap)`} <Amount value={hardCap} decimals={decimals} symbol={symbol} />
        </span>
      </p>
    </div>
  );
}
