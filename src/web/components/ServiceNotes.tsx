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
      <ul>
        {/* Said aloud is what is wrong, not every block. */}
        <li
          data-service="chain"
          aria-live={chainError === null ? "off" : "polite"}
          className={chainError !== null ? "bad" : state === undefined ? "quiet" : "good"}
        >
          {chainError === null
            ? state === undefined
              ? t`Chain ${config.chainId}`
              : t`Chain ${config.chainId} at block ${String(state.block)}`
            : t`Chain ${config.chainId}: no answer`}
        </li>
        <li
          data-service="signer"
          aria-live="polite"
          className={
            signer.isPending ? "quiet" : signer.data?.ready === true && signer.error === null ? "good" : "bad"
          }
        >
          {signerWords(signer, chainError !== null)}
        </li>
        <li
          data-service="indexer"
          aria-live={indexerTone(indexer) === "bad" ? "polite" : "off"}
          className={indexerTone(indexer)}
        >
          {indexerWords(indexer, chainError !== null)}{" "}
          <span className="quiet" lang="en" dir="ltr">
            {indexer.error === null && indexer.data?.reason}
          </span>
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

function signerWords(
  { data, error, isPending }: UseQueryResult<SignerState>,
  chainIsSilent: boolean,
): string {
  if (isPending) return t`Asking the signer…`;
  if (error !== null) {
    return chainIsSilent
      ? t`Signer: no answer.`
      : t`Signer: no answer. No new purchases; your position needs no signer.`;
  }
  if (!data.ready) return [t`The signer is not ready`, data.reason].filter(Boolean).join(": ");
  return t`Signer ready`;
}

function indexerTone({ data, error, isPending }: UseQueryResult<SaleStats>): "good" | "quiet" | "bad" {
  if (isPending) return "quiet";
  if (error !== null) return "bad";
  return data.status === "live" ? "good" : data.status === "syncing" ? "quiet" : "bad";
}

function indexerWords({ data, error, isPending }: UseQueryResult<SaleStats>, chainIsSilent: boolean): string {
  if (isPending) return t`Asking the indexer…`;
  if (error !== null) {
    const { code } = explainError(error);
    if (code !== "indexer-unreachable")
      return t`The indexer cannot help (${code}): buyers and charts are missing.`;
    return chainIsSilent
      ? t`Indexer: no answer.`
      : t`Indexer: no answer. Figures come from the chain and move more slowly.`;
  }
  switch (data.status) {
    case "live":
      return t`Indexer at block ${String(data.head.number)}`;
    case "syncing":
      return t`The indexer is catching up: buyers and charts are behind.`;
    case "quarantined":
      return t`The indexer’s copy does not agree with the chain and is set aside: buyers and charts are missing.`;
    case "halted":
      return t`The indexer has halted: buyers and charts are missing.`;
  }
}
