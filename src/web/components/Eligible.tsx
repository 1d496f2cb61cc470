import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import type { SignerSession } from "../../sdk/signerClient.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { usePosition } from "../hooks/usePosition.ts";
import { newOrder } from "../purchase/newOrder.ts";
import type { StoredOrder } from "../purchase/StoredOrder.ts";
import { AmountForm } from "./AmountForm.tsx";
import { Ineligible } from "./Ineligible.tsx";
import { Notice } from "./Notice.tsx";

/** Asks the signer whether this wallet may buy, before any wallet prompt: then how much, or why not and what to do. */
export function Eligible({
  buyer,
  session,
  state,
  created,
  onBuy,
}: {
  buyer: Address;
  session: SignerSession;
  state: SaleState;
  created: CreatedTerms;
  onBuy: (order: StoredOrder) => Promise<void>;
}) {
  const { config } = useLaunch();
  const { sale } = created.terms;
  const { data: position } = usePosition(buyer, sale.currency);
  const eligibility = useQuery({
    queryKey: ["eligibility", config.sale, buyer],
    queryFn: () => session.eligibility(),
    // Never from memory: what was open a purchase ago is not open now.
    gcTime: 0,
    refetchInterval: 15_000,
  });

  if (eligibility.data === undefined || position === undefined) {
    return eligibility.error === null ? (
      <p className="quiet" aria-busy="true">
        {t`Asking whether this wallet may buy…`}
      </p>
    ) : (
      <Notice error={explainError(eligibility.error)} />
    );
  }
  if (!eligibility.data.eligible) return <Ineligible eligibility={eligibility.data} />;

  const { cumulativeCapMost, openOrder, tier } = eligibility.data;
  return (
    <>
      <p className="good" data-testid="eligible">
        ✓ {tier === undefined ? t`This wallet may buy.` : t`This wallet may buy, in tier “${tier}”.`}
      </p>
      {openOrder !== undefined && (
        <p className="quiet">{t`An earlier order of this wallet is still open. Buying here replaces it.`}</p>
      )}
      <AmountForm
        sale={sale}
        token={created.terms.token}
        raised={state.raised}
        paid={position.paid}
        balance={position.balance}
        capMost={BigInt(cumulativeCapMost)}
        schedule={created.terms.vesting.buyers}
        onBuy={(amount) => {
          const { chainId, sale: address } = config;
          const { nonce, paid } = position;
          void onBuy(newOrder({ chainId, sale: address, buyer, nonce, paid, amount, supersedes: openOrder }));
        }}
      />
    </>
  );
}
