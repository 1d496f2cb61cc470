import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { Notice } from "../components/Notice.tsx";
import { explainError } from "../errors/explainError.ts";
import { OPERATOR } from "./Confirmed.tsx";

/** A card about something that is asked of the signer; where the key may not ask it, the card says so. */
export function Panel<T>({
  name,
  about = "",
  title,
  head,
  ask,
  everyMs = 15_000,
  children,
}: {
  /** Among the queries. */
  name: string;
  /** What of it. */
  about?: string;
  title: string;
  /** Stands there whatever is answered. */
  head?: ReactNode;
  ask: () => Promise<T>;
  everyMs?: number;
  children: (answer: T) => ReactNode;
}) {
  const id = useId();
  const { data, error } = useQuery({
    queryKey: [OPERATOR, name, about],
    queryFn: ask,
    refetchInterval: everyMs,
    retry: false,
  });
  return (
    <section className="card" aria-labelledby={id} data-testid={`operator-${name}`}>
      <h2 id={id}>{title}</h2>
      {head}
      {error !== null && <Notice error={explainError(error)} />}
      {data === undefined && error === null && (
        <p className="quiet" aria-busy="true">
          {t`Asking the signer…`}
        </p>
      )}
      {data !== undefined && children(data)}
    </section>
  );
}
