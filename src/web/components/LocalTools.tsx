import type { Terms } from "../../sdk/terms.ts";
import type { SaleState } from "../chain/readSale.ts";
import { explainError } from "../errors/explainError.ts";
import { useLocalTime } from "../hooks/useLocalTime.ts";
import { nextLocalStep } from "../local/nextLocalStep.ts";
import { formatTime } from "../text/formatTime.ts";
import { Notice } from "./Notice.tsx";

/** On a local chain only: time is ours to move. */
export function LocalTools({ state, terms }: { state: SaleState; terms: Terms }) {
  const { mutate, isPending, error } = useLocalTime(terms);
  const step = nextLocalStep(state, terms);
  return (
    <section className="card local" aria-labelledby="local-title">
      <h2 id="local-title">Local test chain</h2>
      <p className="quiet" data-testid="chain-time">
        Chain time {formatTime(state.time)}
      </p>
      {step === undefined && <p className="quiet">This sale has come to its end.</p>}
      {step !== undefined && (
        <button
          type="button"
          disabled={isPending}
          onClick={() => {
            mutate();
          }}
        >
          {isPending ? "Moving…" : step.label}
        </button>
      )}
      {error !== null && <Notice error={explainError(error)} />}
    </section>
  );
}
