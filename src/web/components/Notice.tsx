import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import type { SlipwayError } from "../../sdk/problem.ts";
import { errorText } from "../text/errorText.ts";
import { Original } from "./Original.tsx";

/** Something that went wrong: what, the way out, and the code that documentation and support know it by. */
export function Notice({ error, children }: { error: SlipwayError; children?: ReactNode }) {
  const { title, wayOut, original } = errorText(error);
  return (
    <div className="notice" role="alert" data-code={error.code}>
      <p>
        <strong>{title}</strong>
      </p>
      <Original text={original} />
      {error.problems.length > 1 && (
        <ul>
          {error.problems.map(({ field, got, wanted }) => (
            <li key={field}>{t`${field}: ${got}, wanted ${wanted}`}</li>
          ))}
        </ul>
      )}
      {wayOut !== "" && <p>{wayOut}</p>}
      <p className="code">{error.code}</p>
      {children}
    </div>
  );
}
