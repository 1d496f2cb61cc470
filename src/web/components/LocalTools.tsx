import { t } from "@lingui/core/macro";
import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";
import { explainError } from "../errors/explainError.ts";
import { useLocalTime } from "../hooks/useLocalTime.ts";
import { nextLocalStep, type LocalStep } from "../local/nextLocalStep.ts";
import { formatTime } from "../text/formatTime.ts";
import { Notice } from "./Notice.tsx";

/** On a local chain only: time is ours to move. */
export function LocalTools({ state, terms }: { state: SaleState; terms: Terms }) {
  const { mutate, isPending, error } = useLocalTime(terms);
  const step = nextLocalStep(state, terms);
  return (
    <section className="card local" aria-labelledby="local-title">
      <h2 id="local-title">{t`Local test chain`}</h2>
      <p className="quiet" data-testid="chain-time">
        {t`Chain time ${formatTime(state.time)}`}
      </p>
      {step === undefined && <p className="quiet">{t`This sale has come to its end.`}</p>}
      {step !== undefined && (
        <button
          type="button"
          disabled={isPending}
          onClick={() => {
            mutate();
          }}
        >
          {isPending ? t`Moving…` : stepWords(step)}
        </button>
      )}
      {error !== null && <Notice error={explainError(error)} />}
    </section>
  );
}

const stepWords = ({ is }: LocalStep): string =>
  ({
    open: t`Move time to the opening`,
    close: t`Move time to the close`,
    finalise: t`Finalise`,
    "wait-and-list": t`Move time past the listing delay, and list`,
    list: t`List`,
    vest: t`Move time on by 30 days`,
  })[is];
