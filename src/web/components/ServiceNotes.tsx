import { t } from "@lingui/core/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import type { SaleStats } from "../../sdk/indexerApi.ts";
import type { SaleState } from "../chain/readSale.ts";
import { explainError } from "../errors/explainError.ts";
import type { SignerState } from "../hooks/useSigner.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";

/** Which of the page's three sources answer, and what that means for a buyer. */
export function ServiceNotes({
  chainError,
  signer,
  indexer,
  state,
}: {
  chainError: Error | null;
  signer: UseQueryResult<SignerState>;
  indexer: UseQueryResult<SaleStats>;
  state: SaleState | undefined;
}) {
  const { config } = useLaunch();
  return (
    <footer className="services">
      <h2 className="hidden">{t`Services`}</h2>
      <ul aria-live="polite">
        <li data-service="chain" className={chainError === null ? "good" : "bad"}>
          {chainError === null
            ? state === undefined
              ? t`Chain ${config.chainId}`
              : t`Chain ${config.chainId} at block ${String(state.block)}`
            : t`Chain ${config.chainId}: no answer`}
        </li>
        <li
          data-service="signer"
          className={
            signer.isPending ? "quiet" : signer.data?.ready === true && signer.error === null ? "good" : "bad"
          }
        >
          {signerWords(signer)}
        </li>
        <li
          data-service="indexer"
          className={indexer.isPending ? "quiet" : indexerIsGood(indexer) ? "good" : "bad"}
        >
          {indexerWords(indexer)}
        </li>
      </ul>
      <p>
        {t`Sale contract`} <code>{config.sale}</code>
      </p>
      <nav className="row start" aria-label={t`More`}>
        <a href="#/launches">{t`All launches`}</a>
        <a href="#/operator">{t`For operators`}</a>
      </nav>
    </footer>
  );
}

function signerWords({ data, error, isPending }: UseQueryResult<SignerState>): string {
  if (isPending) return t`Asking the signer…`;
  if (error !== null) return t`Signer: no answer. No new purchases; your position and its exits work.`;
  if (!data.ready) return [t`The signer is not ready`, data.reason].filter(Boolean).join(": ");
  return t`Signer ready`;
}

function indexerIsGood({ data, error }: UseQueryResult<SaleStats>): boolean {
  return data !== undefined && error === null && (data.status === "live" || data.status === "syncing");
}

function indexerWords({ data, error, isPending }: UseQueryResult<SaleStats>): string {
  if (isPending) return t`Asking the indexer…`;
  if (error !== null) {
    const { code } = explainError(error);
    return code === "indexer-unreachable"
      ? t`Indexer: no answer. Figures come from the chain and move more slowly.`
      : t`The indexer cannot help (${code}): figures come from the chain.`;
  }
  if (data.status === "live") return t`Indexer at block ${String(data.head.number)}`;
  if (data.status === "syncing") return t`The indexer is catching up`;
  return t`The indexer's copy is ${data.status}: ${data.reason ?? ""}. Figures come from the chain.`;
}
