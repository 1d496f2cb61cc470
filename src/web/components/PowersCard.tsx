import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { CHAIN } from "../hooks/useSale.ts";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { groupsOf } from "../watch/groupsOf.ts";
import { powersOf, type Power, type RolePowers } from "../watch/powersOf.ts";
import { readSigners } from "../watch/readSigners.ts";
import type { Funds } from "../watch/readFunds.ts";

/** Who holds which power over the sale, and what of it is left. */
export function PowersCard({
  state,
  terms,
  funds: { owner, listed },
}: {
  state: SaleState;
  terms: Terms;
  funds: Funds;
}) {
  const { config, client } = useLaunch();
  const { currencyDecimals: decimals, currencySymbol: symbol } = config.launch;
  const { data: signers } = useQuery({
    queryKey: [CHAIN, "signers", config.sale],
    queryFn: () =>
      readSigners(client, {
        ...{ sale: config.sale, first: terms.roles.signer },
        indexer: createIndexerClient({ url: config.indexerUrl }),
      }),
    refetchInterval: 60_000,
  });
  if (signers === undefined) return null;
  const failUntil = formatTime(state.settledAt + terms.listing.delay);
  const { allocations } = groupsOf(config.allocations, terms);

  return (
    <section className="card" aria-labelledby="powers-title" data-testid="powers">
      <h2 id="powers-title">{t`Who can do what`}</h2>
      <dl className="powers">
        {powersOf({ state, terms, owner, signers, allocations }).map((row) => (
          <div key={`${row.role} ${row.group ?? row.holder ?? ""}`}>
            <dt>
              <bdi>{roleWords(row)}</bdi>{" "}
              {row.holder === undefined ? (
                t`(nobody)`
              ) : (
                <code title={row.holder}>{shortHex(row.holder)}</code>
              )}
            </dt>
            <dd>
              {row.isStruckOff === true
                ? t`was removed, and can do nothing any more`
                : row.can.length === 0
                  ? t`can do nothing now`
                  : row.can.map((power) => words(power, row)).join("; ")}
            </dd>
          </div>
        ))}
        {listed?.lock !== undefined && listed.lock.liquidity > 0n && (
          <div>
            <dt>
              {t`Who gets the liquidity`}{" "}
              <code title={listed.lock.recipient}>{shortHex(listed.lock.recipient)}</code>
            </dt>
            <dd>{t`can do nothing before the lock ends; fees of the pool are paid here`}</dd>
          </div>
        )}
      </dl>
      <p className="quiet">
        <Trans>
          No key can change the terms, or send buyers’ money anywhere but back to them or, by a listing, where
          the terms say.
        </Trans>
      </p>
    </section>
  );

  function words(power: Power, { maxCap = 0n }: RolePowers): string {
    const cap = `${formatAmount(maxCap, decimals)} ${symbol}`;
    return {
      vouchers: t`decides which wallets may buy and how much, at most ${cap} each`,
      signers: t`names signers, and removes them`,
      invalidate: t`cancels permits to buy (vouchers) that were not used`,
      eject: t`returns a buyer’s money to that buyer`,
      pause: t`pauses purchases once, for 72 hours at most`,
      "declare-failed":
        state.phase === "succeeded"
          ? t`calls the sale off, so that every buyer takes their money back (until ${failUntil})`
          : t`calls the sale off, so that every buyer takes their money back`,
      revoke: t`once listed: ends what has not come free of it; that goes to the treasury`,
    }[power];
  }
}

function roleWords({ role, group }: RolePowers): string {
  return {
    signer: t`Signer`,
    owner: t`Owner`,
    compliance: t`Compliance`,
    guardian: t`Guardian`,
    revoker: t`Can end the allocation “${group ?? ""}”`,
  }[role];
}
