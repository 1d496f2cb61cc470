import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Hex } from "viem";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import { stringify } from "../../sdk/json.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import { CHAIN } from "../hooks/useSale.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { tokensOf } from "../purchase/tokensOf.ts";
import { readOrder } from "../receipt/readOrder.ts";
import { saveFile } from "../share/saveFile.ts";
import { formatTime } from "../text/formatTime.ts";
import { Amount } from "./Amount.tsx";
import { focused } from "./focused.ts";
import { Notice } from "./Notice.tsx";

/** A receipt for anybody with its address: the purchase of one order, from the chain. */
export function OrderView({ orderId, created }: { orderId: Hex; created: CreatedTerms }) {
  const { config, client } = useLaunch();
  const { currencyDecimals, currencySymbol } = config.launch;
  const { terms, hash } = created;
  const { data, error } = useQuery({
    queryKey: [CHAIN, "order", config.sale, orderId],
    queryFn: async () =>
      (await readOrder(client, {
        ...{ sale: config.sale, startBlock: config.startBlock, orderId },
        indexer: createIndexerClient({ url: config.indexerUrl }),
      })) ?? null,
    refetchInterval: 10_000,
  });

  return (
    <section className="card" aria-labelledby="order-title" data-testid="order">
      <div className="row">
        <h2 id="order-title" ref={focused} tabIndex={-1}>{t`Receipt`}</h2>
        <a href="#buy">{t`Back to the sale`}</a>
      </div>
      {data === undefined && error !== null && <Notice error={explainError(error)} />}
      {data === undefined && error === null && (
        <p className="quiet" aria-busy="true">
          {t`Looking for the order on the chain…`}
        </p>
      )}
      {data === null && (
        <p>
          <Trans>
            This sale has no purchase with this order. One that was just sent appears here as soon as it is in
            a block.
          </Trans>
        </p>
      )}
      {data != null && (
        <>
          <p className="lead">
            <Trans>
              Bought{" "}
              <Amount
                value={tokensOf(data.amount, terms.sale.price)}
                decimals={terms.token.decimals}
                symbol={terms.token.symbol}
                places={4}
              />{" "}
              for <Amount value={data.amount} decimals={currencyDecimals} symbol={currencySymbol} />
            </Trans>
          </p>
          <dl className="hashes">
            <Hash label={t`Order`} value={data.orderId} />
            <Hash label={t`Buyer`} value={data.buyer} />
            <Hash
              label={t`Transaction, in block ${String(data.block)}, ${formatTime(data.time)}`}
              value={data.transaction}
            />
            <Hash
              label={
                data.sequence === undefined
                  ? t`Fingerprint of the sale’s history up to this purchase`
                  : t`Fingerprint of the sale’s history up to this purchase, its entry ${String(data.sequence)}`
              }
              value={data.history}
            />
            <Hash label={t`Terms`} value={hash} />
            <Hash label={t`Sale contract`} value={config.sale} />
          </dl>
          <p className="quiet">
            <Trans>
              Read from the chain just now. A purchase stands as long as it is not withdrawn; whoever bought
              sees that in their position.
            </Trans>
          </p>
          <button
            type="button"
            onClick={() => {
              const { chainId, sale } = config;
              saveFile({
                ...{ name: `receipt-${orderId.slice(2, 10)}.json`, type: "application/json" },
                content: stringify({ chainId, sale, termsHash: hash, ...data }, 2),
              });
            }}
          >
            {t`Save as a file`}
          </button>
        </>
      )}
    </section>
  );
}

function Hash({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code>{value}</code>
      </dd>
    </>
  );
}
