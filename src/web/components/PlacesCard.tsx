import { useId, type ReactNode } from "react";

/** Where every unit of something is: one line a place. */
export function PlacesCard({
  title,
  testId,
  empty,
  parts,
}: {
  title: string;
  testId: string;
  /** Said where there is nothing. */
  empty: string;
  parts: readonly { words: string; amount: ReactNode }[];
}) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id} data-testid={testId}>
      <h2 id={id}>{title}</h2>
      {parts.length === 0 && <p className="quiet">{empty}</p>}
      <dl className="lines">
        {parts.map(({ words, amount }) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
