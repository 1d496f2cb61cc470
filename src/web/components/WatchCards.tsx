import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { CHAIN, useSale } from "../hooks/useSale.ts";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { fundsOf, type Place } from "../watch/fundsOf.ts";
import { powersOf, type Power, type Role } from "../watch/powersOf.ts";
import { readFunds } from "../watch/readFunds.ts";
import { Amount } from "./Amount.tsx";
import { Notice } from "./Notice.tsx";
import { PoolPrice } from "./PoolPrice.tsx";

/** For everybody, with or without a wallet: where the money is, and who holds which power; all of it from the chain. */
export function WatchCards({ state, created: { terms } }: { state: SaleState; created: CreatedTerms }) {
  const { config, client } = useLaunch();
  const { currencyDecimals: decimals, currencySymbol: symbol } = config.launch;
  const sale = useSale();
  const isListed = state.phase === "listed";
  const { data: funds, error } = useQuery({
    queryKey: [CHAIN, "funds", config.sale, isListed],
    queryFn: () =>
      readFunds(client, {
        ...{ sale: config.sale, currency: terms.sale.currency, startBlock: config.startBlock, isListed },
      }),
    refetchInterval: 15_000,
  });
  // A chain that does not answer is said once, by the page.
  if (funds === undefined) {
    return error === null || sale.error !== null ? null : <Notice error={explainError(error)} />;
  }

  const parts = fundsOf({ phase: state.phase, raised: state.raised, funds });
  const cap = `${formatAmount(terms.roles.signerMaxCap, decimals)} ${symbol}`;
  const failUntil = formatTime(state.settledAt + terms.listing.delay);
  return (
    <div className="stack watch">
      <section className="card" aria-labelledby="funds-title" data-testid="funds">
        <h2 id="funds-title">{t`Where the money is`}</h2>
        {parts.length === 0 && <p className="quiet">{t`Nothing has been paid into this sale.`}</p>}
        <dl className="lines">
          {parts.map(({ place, amount }) => (
            <div key={place}>
              <dt>{placeWords(place)}</dt>
              <dd>
                <Amount value={amount} decimals={decimals} symbol={symbol} places={decimals} />
              </dd>
            </div>
          ))}
        </dl>
        {funds.listed !== undefined && terms.listing.liquidityBps > 0 && (
          <PoolPrice id={funds.listed.id} token={funds.listed.token} terms={terms} />
        )}
      </section>
      <section className="card" aria-labelledby="powers-title" data-testid="powers">
        <h2 id="powers-title">{t`Who can do what`}</h2>
        <dl className="powers">
          {powersOf({ state, terms, owner: funds.owner }).map(({ role, holder, can }) => (
            <div key={role}>
              <dt>
                {roleWords(role)}{" "}
                {holder === undefined ? t`(nobody)` : <code title={holder}>{shortHex(holder)}</code>}
              </dt>
              <dd>{can.length === 0 ? t`can do nothing now` : can.map(words).join("; ")}</dd>
            </div>
          ))}
        </dl>
        <p className="quiet">
          <Trans>
            No key can change the terms, or send buyers’ money anywhere but back to them or, by a listing,
            where the terms say.
          </Trans>
        </p>
      </section>
    </div>
  );

  function words(power: Power): string {
    return {
      vouchers: t`lets wallets buy, each up to ${cap}`,
      signers: t`names signers, and strikes them off`,
      invalidate: t`cancels vouchers that were not used`,
      eject: t`returns a buyer’s money to that buyer`,
      pause: t`pauses purchases once, for 72 hours at most`,
      "declare-failed":
        state.phase === "succeeded"
          ? t`calls the sale off, so that every buyer takes their money back (until ${failUntil})`
          : t`calls the sale off, so that every buyer takes their money back`,
    }[power];
  }
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

const roleWords = (role: Role): string =>
  ({
    signer: t`First signer`,
    owner: t`Owner`,
    compliance: t`Compliance`,
    guardian: t`Guardian`,
  })[role];
