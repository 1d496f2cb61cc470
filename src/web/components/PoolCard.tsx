import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { readPool } from "../../sdk/readPool.ts";
import { LOCKED_FOR_EVER, type Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { CHAIN } from "../hooks/useSale.ts";
import { formatSpan, formatTime } from "../text/formatTime.ts";
import { formatPercent } from "../text/formatPercent.ts";
import { priceChange, tokenPrice } from "../watch/tokenPrice.ts";
import type { Funds, Listed, Lock } from "../watch/readFunds.ts";
import { Amount } from "./Amount.tsx";

/** What a token costs in the sale's pool now beside the price it was listed at, and how long the liquidity is locked. */
export function PoolCard({
  listed,
  token,
  terms,
  time,
}: {
  listed: Listed;
  token: Funds["token"];
  terms: Terms;
  /** Chain time. */
  time: bigint;
}) {
  const { config, client } = useLaunch();
  const { currencyDecimals, currencySymbol } = config.launch;
  const { id, lock } = listed;
  const { data: pool } = useQuery({
    queryKey: [CHAIN, "pool", id],
    queryFn: () => readPool(client, { listing: terms.listing, token, currency: terms.sale.currency, id }),
    refetchInterval: 15_000,
  });
  const money = (price: Terms["listing"]["price"]) => (
    <Amount
      value={tokenPrice(price, terms.token.decimals)}
      decimals={currencyDecimals}
      symbol={currencySymbol}
      places={currencyDecimals}
    />
  );
  const rows: [string, ReactNode][] = [
    [t`Price of a token in the pool now`, pool === undefined ? "…" : money(pool.price)],
    [t`Price of a token when it was listed`, money(terms.listing.price)],
    ...(pool === undefined
      ? []
      : [[t`Change since`, formatPercent(priceChange(pool.price, terms.listing.price))] as [string, string]]),
    ...(lock === undefined ? [] : lockRows(lock, time)),
  ];
  return (
    <section className="card" aria-labelledby="pool-title" data-testid="pool-price">
      <h2 id="pool-title">{t`The pool`}</h2>
      <dl className="lines">
        {rows.map(([words, value]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function lockRows({ until, liquidity }: Lock, time: bigint): [string, ReactNode][] {
  if (liquidity === 0n)
    return [[t`Its liquidity`, t`was released to its recipient: it is not locked any more`]];
  if (until === LOCKED_FOR_EVER) return [[t`Its liquidity is locked`, t`for ever`]];
  return time < until
    ? [
        [t`Its liquidity is locked until`, formatTime(until)],
        [t`Time left`, <span data-testid="lock-left">{formatSpan(until - time)}</span>],
      ]
    : [[t`Its liquidity`, t`is not locked any more, and can be released to its recipient`]];
}
