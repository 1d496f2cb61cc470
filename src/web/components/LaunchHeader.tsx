import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { SaleStats } from "../../sdk/indexerApi.ts";
import type { SaleTerms } from "../../sdk/terms.ts";
import type { Difference } from "../chain/compareTerms.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import type { SignerState } from "../hooks/useSigner.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatSpan, formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { Amount } from "./Amount.tsx";
import { phaseWords } from "./phaseWords.tsx";
import { RaisedBar } from "./RaisedBar.tsx";

const placeWords = (where: "page" | "chain" | "signer"): string =>
  ({ page: t`page`, chain: t`chain`, signer: t`signer` })[where];

/** What is sold, at which price, when, how far it is, and that page, chain and signer agree on it. */
export function LaunchHeader({
  state,
  created: { terms },
  differences,
  signer,
  stats,
  chainError,
}: {
  state: SaleState;
  created: CreatedTerms;
  differences: readonly Difference[];
  /** Undefined, as are `stats`, while its service does not answer. */
  signer: SignerState | undefined;
  stats: SaleStats | undefined;
  chainError: Error | null;
}) {
  const { config } = useLaunch();
  const { token, sale } = terms;
  const { currencySymbol, currencyDecimals } = config.launch;
  const hindrance = state.phase === "open" ? hindranceOf({ state, sale, differences, signer }) : undefined;
  const onePrice = (sale.price.currencyUnits * 10n ** BigInt(token.decimals)) / sale.price.tokenUnits;

  return (
    <section className="card hero" aria-labelledby="launch-name">
      <div className="row">
        <h1 id="launch-name" tabIndex={-1}>
          <bdi>{token.name}</bdi> <bdi className="quiet">{token.symbol}</bdi>
        </h1>
        <span className={hindrance === undefined ? `pill ${state.phase}` : "pill"} data-testid="phase">
          {hindrance ?? phaseWords(state.phase)}
        </span>
      </div>
      <p className="lead" aria-live="polite">
        {momentOf(state, terms)}
        {state.phase === "open" && (
          <>
            {" "}
            {state.raised < sale.softCap ? (
              <Trans>
                <Amount
                  value={sale.softCap - state.raised}
                  decimals={currencyDecimals}
                  symbol={currencySymbol}
                />{" "}
                more is needed to reach the goal; otherwise every buyer can take back everything they paid.
              </Trans>
            ) : (
              t`The goal is reached.`
            )}
          </>
        )}
      </p>

      <RaisedBar raised={state.raised} softCap={sale.softCap} hardCap={sale.hardCap} />

      <dl className="facts">
        <div>
          <dt>{t`Price of 1 ${token.symbol}`}</dt>
          <dd>
            <Amount value={onePrice} decimals={currencyDecimals} symbol={currencySymbol} places={6} />
          </dd>
        </div>
        <div>
          <dt>{t`Opens`}</dt>
          <dd>{formatTime(sale.opensAt)}</dd>
        </div>
        <div>
          <dt>{t`Closes`}</dt>
          <dd>{formatTime(sale.closesAt)}</dd>
        </div>
        <div>
          <dt>{t`Buyers`}</dt>
          <dd data-testid="buyers">{stats?.status === "live" ? stats.buyers : "…"}</dd>
        </div>
      </dl>

      <p className="terms">
        <span>{t`The same terms everywhere:`}</span>
        {(["page", "chain", "signer"] as const).map((where) => {
          const differs =
            where === "page"
              ? differences.length > 0
              : differences.some((difference) => difference.where === where);
          const unknown =
            where === "signer" ? signer === undefined : where === "chain" && chainError !== null;
          return (
            <span key={where} className={differs ? "bad" : unknown ? "quiet" : "good"}>
              {differs ? "✗" : unknown ? "?" : "✓"} {placeWords(where)}
            </span>
          );
        })}
        <code title={config.termsHash}>{shortHex(config.termsHash)}</code>
      </p>
    </section>
  );
}

/** Why an open sale does not sell now. */
function hindranceOf({
  state: { raised, pausedUntil, time },
  sale,
  differences,
  signer,
}: {
  state: SaleState;
  sale: SaleTerms;
  differences: readonly Difference[];
  signer: SignerState | undefined;
}): string | undefined {
  if (differences.length > 0) return t`Not sold here`;
  if (pausedUntil > time) return t`Paused`;
  if (signer?.launch.stopped !== undefined) return t`Stopped`;
  return raised >= sale.hardCap ? t`Sold out` : undefined;
}

function momentOf(
  { phase, time, settledAt, raised }: SaleState,
  { sale, listing }: CreatedTerms["terms"],
): string {
  switch (phase) {
    case "unfunded":
      return t`The tokens are not in the sale contract yet. If they are not there at the opening, the sale fails.`;
    case "pending":
      return t`Opens in ${formatSpan(sale.opensAt - time)}. Nothing can be bought before.`;
    case "open":
      return t`Closes in ${formatSpan(sale.closesAt - time)}.`;
    case "closed":
      return t`Buying is over and the goal is reached. Anybody may finalise the sale now; then comes the listing.`;
    case "succeeded": {
      const opens = settledAt + listing.delay;
      return time < opens
        ? t`The raise succeeded. The token can be listed in ${formatSpan(opens - time)}.`
        : t`The raise succeeded. Anybody may list the token now.`;
    }
    case "listed":
      return t`The token is listed. Buyers can claim their tokens as they vest.`;
    case "failed":
      return raised < sale.softCap
        ? t`The sale did not reach its goal. Every buyer can take back everything they paid.`
        : t`The sale was called off, or not listed in time. Every buyer can take back everything they paid.`;
  }
}
