import type { ReactNode } from "react";
import type { SlipwayError } from "../../sdk/problem.ts";

/** Something that went wrong: what, the way out, and the code that documentation and support know it by. */
export function Notice({ error, children }: { error: SlipwayError; children?: ReactNode }) {
  return (
    <div className="notice" role="alert" data-code={error.code}>
      <p>
        <strong>{error.message}</strong>
      </p>
      {error.problems.length > 1 && (
        <ul>
          {error.problems.map(({ field, got, wanted }) => (
            <li key={field}>
              {field}: {got}, wanted {wanted}
            </li>
          ))}
        </ul>
      )}
      {error.wayOut !== "" && <p>{error.wayOut}</p>}
      <p className="code">{error.code}</p>
      {children}
    </div>
  );
}
