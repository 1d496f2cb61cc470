import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useId, useState } from "react";
import { formatUnits } from "viem";
import type { SaleTerms, Schedule, TokenTerms } from "../../sdk/terms.ts";
import { VestingChart } from "../charts/VestingChart.tsx";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { quotePurchase, type QuoteProblem } from "../purchase/quotePurchase.ts";
import { formatAmount } from "../text/formatAmount.ts";
import { parseAmount } from "../text/parseAmount.ts";
import { Amount } from "./Amount.tsx";

/** Amount → tokens, with everything that would stop it said before a wallet is asked. */
export function AmountForm({
  sale,
  token,
  raised,
  paid,
  balance,
  capMost,
  schedule,
  onBuy,
}: {
  sale: SaleTerms;
  token: TokenTerms;
  raised: bigint;
  paid: bigint;
  balance: bigint;
  capMost: bigint;
  /** By which what is bought comes free. */
  schedule: Schedule;
  onBuy: (amount: bigint) => void;
}) {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  const [text, setText] = useState("");
  const id = useId();
  const parsed = parseAmount(text, decimals);
  const quote = parsed.ok
    ? quotePurchase({ amount: parsed.amount, sale, raised, paid, capMost, balance })
    : undefined;
  const complaint = parsed.ok
    ? quote?.problem && wordsFor(quote.problem, (value) => `${formatAmount(value, decimals)} ${symbol}`)
    : {
        empty: undefined,
        "not-a-number": t`Enter digits, with a point for decimals.`,
        "too-fine": t`At most ${decimals} decimals.`,
      }[parsed.problem];
  const most = [sale.hardCap - raised, capMost > paid ? capMost - paid : 0n, balance].reduce((a, b) =>
    a < b ? a : b,
  );

  const tokens = (
    <strong data-testid="tokens">
      <Amount value={quote?.tokens ?? 0n} decimals={token.decimals} symbol={token.symbol} places={4} />
    </strong>
  );

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (quote !== undefined && quote.problem === undefined) onBuy(quote.fill);
      }}
    >
      <label htmlFor={`${id}-amount`}>{t`You pay, in ${symbol}`}</label>
      <div className="field">
        <input
          id={`${id}-amount`}
          name="amount"
          inputMode="decimal"
          autoComplete="off"
          placeholder="0.00"
          value={text}
          aria-invalid={complaint !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
        <button
          type="button"
          className="plain"
          onClick={() => {
            setText(formatUnits(most - (most % sale.price.currencyUnits), decimals));
          }}
        >
          {t`Maximum`}
        </button>
      </div>
      <p id={`${id}-note`} className={complaint === undefined ? "quiet" : "bad"} aria-live="polite">
        {complaint ?? (
          <Trans>
            You can pay up to <Amount value={most} decimals={decimals} symbol={symbol} />: the least of your
            limit, your wallet and what is left in the sale.
          </Trans>
        )}
      </p>
      <p className="receive">
        {schedule.durationSeconds > 0n && schedule.initialBps < 10_000 ? (
          <Trans>You get, bit by bit after the listing, {tokens}</Trans>
        ) : (
          <Trans>You get, at the listing, {tokens}</Trans>
        )}
      </p>
      {quote !== undefined && quote.problem === undefined && schedule.durationSeconds > 0n && (
        <>
          <h3>{t`When your tokens come free`}</h3>
          <VestingChart
            label={t`When your tokens come free`}
            groups={[{ name: t`Yours`, amount: quote.tokens, schedule }]}
            listedAt={0n}
            time={0n}
          />
        </>
      )}
      <button type="submit" className="primary" disabled={quote === undefined || quote.problem !== undefined}>
        {quote === undefined || quote.problem !== undefined
          ? t`Buy`
          : t`Buy for ${formatAmount(quote.fill, decimals)} ${symbol}`}
      </button>
    </form>
  );
}

function wordsFor({ code, limit }: QuoteProblem, money: (value: bigint) => string): string {
  switch (code) {
    case "too-small":
      return t`The smallest amount is ${money(limit)}.`;
    case "below-minimum":
      return t`Enter at least ${money(limit)}.`;
    case "above-cap":
      return limit === 0n ? t`Your limit for this sale is used up.` : t`Your limit leaves ${money(limit)}.`;
    case "sold-out":
      return t`Sold out.`;
    case "above-left":
      return t`Only ${money(limit)} is left in the sale.`;
    case "balance-short":
      return t`This wallet holds only ${money(limit)}.`;
  }
}
