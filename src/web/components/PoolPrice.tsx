import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { readPool } from "../../sdk/readPool.ts";
import type { Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { CHAIN } from "../hooks/useSale.ts";
import { tokenPrice } from "../watch/tokenPrice.ts";
import { Amount } from "./Amount.tsx";

/** What a token costs in the sale's pool now, beside the price it was listed at. */
export function PoolPrice({ id, token, terms }: { id: Hex; token: Address; terms: Terms }) {
  const { config, client } = useLaunch();
  const { currencyDecimals, currencySymbol } = config.launch;
  const { data: pool } = useQuery({
    queryKey: [CHAIN, "pool", id],
    queryFn: () => readPool(client, { listing: terms.listing, token, currency: terms.sale.currency, id }),
    refetchInterval: 15_000,
  });
  const rows = [
    [t`Price of a token in the pool now`, pool?.price],
    [t`Price of a token when it was listed`, terms.listing.price],
  ] as const;
  return (
    <dl className="lines" data-testid="pool-price">
      {rows.map(([words, price]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>
            {price === undefined ? (
              "…"
            ) : (
              <Amount
                value={tokenPrice(price, terms.token.decimals)}
                decimals={currencyDecimals}
                symbol={currencySymbol}
                places={currencyDecimals}
              />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
