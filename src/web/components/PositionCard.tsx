import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import type { Address } from "viem";
import { getAddress } from "viem";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { icsOf } from "../calendar/icsOf.ts";
import { unlockTimes } from "../calendar/unlockTimes.ts";
import { VestingChart } from "../charts/VestingChart.tsx";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { usePosition } from "../hooks/usePosition.ts";
import { useTransaction } from "../hooks/useTransaction.ts";
import { exitsOf, type Exit } from "../position/exitsOf.ts";
import { tokensOf } from "../purchase/tokensOf.ts";
import { saveFile } from "../share/saveFile.ts";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { Amount } from "./Amount.tsx";
import { Notice } from "./Notice.tsx";
import { Standing } from "./Standing.tsx";

/** What a buyer has in the sale and every way out of it, straight from the chain. */
export function PositionCard({
  buyer,
  state,
  created,
  isSilent,
}: {
  buyer: Address;
  state: SaleState;
  created: CreatedTerms;
  /** The chain does not answer: nothing can be taken out now. */
  isSilent: boolean;
}) {
  const { terms } = created;
  const { config } = useLaunch();
  const { launch } = config;
  const { data: position, error } = usePosition(getAddress(buyer), terms.sale.currency);
  const exit = useTransaction(buyer);
  const money = (value: bigint) => (
    <Amount value={value} decimals={launch.currencyDecimals} symbol={launch.currencySymbol} />
  );
  const tokens = (value: bigint) => (
    <Amount value={value} decimals={launch.decimals} symbol={launch.symbol} places={4} />
  );

  const bought = tokensOf(position?.paid ?? 0n, terms.sale.price);
  const unlocks = unlockTimes(terms.vesting.buyers, bought, state.listedAt);

  function saveCalendar(): void {
    const { symbol } = launch;
    const events = unlocks.map(({ time, vested }) => {
      const amount = formatAmount(vested, launch.decimals, 4);
      return {
        ...{ id: `${config.sale}-${String(time)}@slipway`, time },
        title: t`${amount} ${symbol} are yours to claim in all`,
        text: t`From this moment on. There is no end date; what you have claimed before is among it.`,
      };
    });
    saveFile({
      ...{ name: "unlocks.ics", type: "text/calendar" },
      content: icsOf({ name: t`${symbol}: unlocks`, events }),
    });
  }

  return (
    <section className="card" aria-labelledby="position-title" data-testid="position">
      <h2 id="position-title">{t`My position`}</h2>
      {position === undefined && error !== null && <Notice error={explainError(error)} />}
      {position === undefined && error === null && (
        <p className="quiet">{t`Reading your position from the chain…`}</p>
      )}
      {position !== undefined && (
        <>
          <p>
            <Standing state={state} position={position} terms={terms} />
          </p>
          <dl className="lines" aria-live="polite">
            {position.paid > 0n && (
              <>
                <Line label={t`Paid into the sale`}>{money(position.paid)}</Line>
                {state.phase !== "failed" && <Line label={t`Tokens for it`}>{tokens(bought)}</Line>}
              </>
            )}
            {state.listedAt !== 0n && position.paid > 0n && (
              <>
                <Line label={t`Claimed`}>{tokens(tokensOf(position.claimed, terms.sale.price))}</Line>
                <Line label={t`Claimable now`}>{tokens(position.claimable)}</Line>
              </>
            )}
            {position.ejected > 0n && (
              <Line label={t`Returned to you by compliance, to be taken`}>{money(position.ejected)}</Line>
            )}
            <Line label={t`In your wallet`}>{money(position.balance)}</Line>
          </dl>
          {bought > 0n && state.phase !== "failed" && terms.vesting.buyers.durationSeconds > 0n && (
            <>
              <h3>{t`When your tokens come free`}</h3>
              <VestingChart
                label={t`When your tokens come free`}
                groups={[{ name: t`Yours`, amount: bought, schedule: terms.vesting.buyers }]}
                listedAt={state.listedAt}
                time={state.time}
              />
            </>
          )}
          {exitsOf({ state, position, sale: terms.sale }).map((way) => (
            <div className="exit" key={way.call}>
              <button
                type="button"
                className={way.call === "withdraw" ? "" : "primary"}
                disabled={exit.isPending || isSilent}
                onClick={() => {
                  exit.mutate(way.call);
                }}
              >
                {exit.isPending && exit.variables === way.call ? t`Sending…` : labelOf(way)}
              </button>
              {way.until !== undefined && (
                <p className="quiet">{t`until ${formatTime(way.until)}: all of it returns to this wallet`}</p>
              )}
            </div>
          ))}
          {state.listedAt !== 0n && unlocks.some(({ time }) => time > state.time) && (
            <div className="exit">
              <button type="button" onClick={saveCalendar}>
                {t`Unlock calendar (.ics)`}
              </button>
            </div>
          )}
          {exit.error !== null && <Notice error={explainError(exit.error)} />}
        </>
      )}
    </section>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function labelOf({ call }: Exit): string {
  return {
    withdraw: t`Withdraw everything`,
    refund: t`Take my money back`,
    claim: t`Claim tokens`,
    releaseEjected: t`Take what was returned`,
  }[call];
}
