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
      <h2 className="hidden">Services</h2>
      <ul aria-live="polite">
        <li data-service="chain" className={chainError === null ? "good" : "bad"}>
          {chainError === null
            ? `Chain ${String(config.chainId)}${state === undefined ? "" : ` at block ${String(state.block)}`}`
            : `Chain ${String(config.chainId)}: no answer`}
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
        Sale contract <code>{config.sale}</code>
      </p>
    </footer>
  );
}

function signerWords({ data, error, isPending }: UseQueryResult<SignerState>): string {
  if (isPending) return "Asking the signer…";
  if (error !== null) return "Signer: no answer. No new purchases; your position and its exits work.";
  if (!data.ready) return `The signer is not ready${data.reason === undefined ? "" : `: ${data.reason}`}`;
  return "Signer ready";
}

function indexerIsGood({ data, error }: UseQueryResult<SaleStats>): boolean {
  return data !== undefined && error === null && (data.status === "live" || data.status === "syncing");
}

function indexerWords({ data, error, isPending }: UseQueryResult<SaleStats>): string {
  if (isPending) return "Asking the indexer…";
  if (error !== null) {
    const { code } = explainError(error);
    return code === "indexer-unreachable"
      ? "Indexer: no answer. Figures come from the chain and move more slowly."
      : `The indexer cannot help (${code}): figures come from the chain.`;
  }
  if (data.status === "live") return `Indexer at block ${String(data.head.number)}`;
  if (data.status === "syncing") return "The indexer is catching up";
  return `The indexer's copy is ${data.status}: ${data.reason ?? ""}. Figures come from the chain.`;
}
