import { t } from "@lingui/core/macro";
import type { SaleState } from "../chain/readSale.ts";
import { RaisedChart } from "../charts/RaisedChart.tsx";
import { UnlocksCard } from "../charts/UnlocksCard.tsx";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import { useFunds } from "../hooks/useFunds.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { useSale } from "../hooks/useSale.ts";
import { fundsOf, type Place } from "../watch/fundsOf.ts";
import { tokenPlacesOf, type TokenPlace } from "../watch/tokenPlacesOf.ts";
import { Amount } from "./Amount.tsx";
import { ConcentrationCard } from "./ConcentrationCard.tsx";
import { Notice } from "./Notice.tsx";
import { PlacesCard } from "./PlacesCard.tsx";
import { PoolCard } from "./PoolCard.tsx";
import { PowersCard } from "./PowersCard.tsx";

/** For everybody, with or without a wallet: where money and tokens are, and who holds which power; all of it from the chain. */
export function WatchCards({ state, created: { terms } }: { state: SaleState; created: CreatedTerms }) {
  const { config } = useLaunch();
  const { currencyDecimals, currencySymbol, decimals, symbol } = config.launch;
  const sale = useSale();
  const { data: funds, error } = useFunds(state, terms);
  // A chain that does not answer is said once, by the page.
  if (funds === undefined) {
    return error === null || sale.error !== null ? null : <Notice error={explainError(error)} />;
  }

  const { phase, raised } = state;
  const { listed } = funds;
  return (
    <div className="stack watch">
      <RaisedChart state={state} terms={terms} />
      <ConcentrationCard />
      <PlacesCard
        title={t`Where the money is`}
        testId="funds"
        empty={t`Nothing has been paid into this sale.`}
        parts={fundsOf({ phase, raised, funds }).map(({ place, amount }) => ({
          words: placeWords(place),
          amount: (
            <Amount
              value={amount}
              decimals={currencyDecimals}
              symbol={currencySymbol}
              places={currencyDecimals}
            />
          ),
        }))}
      />
      <PlacesCard
        title={t`Where the tokens are`}
        testId="tokens-now"
        empty=""
        parts={tokenPlacesOf({ phase, raised, terms, funds }).map(({ place, amount }) => ({
          words: tokenWords(place, terms.payout.burnUnsold),
          amount: <Amount value={amount} decimals={decimals} symbol={symbol} />,
        }))}
      />
      <UnlocksCard state={state} terms={terms} funds={funds} />
      {listed !== undefined && terms.listing.liquidityBps > 0 && (
        <PoolCard listed={listed} token={funds.token} terms={terms} time={state.time} />
      )}
      <PowersCard state={state} terms={terms} funds={funds} />
    </div>
  );
}

const placeWords = (place: Place): string =>
  ({
    positions: t`In the sale contract, as buyers’ positions`,
    beside: t`In the sale contract beside it: returned to buyers and not taken yet, or sent by strangers`,
    waiting: t`In the sale contract, waiting for its buyers`,
    "taken-back": t`Taken back by buyers, at least`,
    pool: t`In the pool, as locked liquidity`,
    "treasury-paid": t`Paid to the treasury`,
    "treasury-owed": t`In the sale contract for the treasury`,
    "fee-paid": t`Paid as fee`,
    "fee-owed": t`In the sale contract for the fee`,
  })[place];

const tokenWords = (place: TokenPlace, burnUnsold: boolean): string =>
  ({
    unborn: t`Not made yet: the token is made in the listing`,
    "not-escrowed": t`Not in the sale contract yet`,
    "for-buyers": t`In the sale contract, for those who bought`,
    "for-pool-or-unsold": t`In the sale contract, for the pool or not sold`,
    claimed: t`Claimed by those who bought`,
    pool: t`Put into the pool at the listing`,
    vesting: t`In the vesting contract, for team and others`,
    "vesting-left": t`Paid out of the vesting contract`,
    "unsold-owed": burnUnsold
      ? t`Not sold, in the sale contract: nobody’s, to be burned (destroyed)`
      : t`Not sold, in the sale contract for the treasury`,
    "unsold-gone": burnUnsold ? t`Not sold, and burned` : t`Not sold, and sent to the treasury`,
    "given-up": t`In the sale contract: the sale failed, they are burned or returned`,
    gone: t`Burned, or back with the treasury`,
    beside: t`In the sale contract, sent by strangers`,
  })[place];
