import { t } from "@lingui/core/macro";
import type { Eligibility } from "../../sdk/signerApi.ts";
import { errorText } from "../text/errorText.ts";
import { Original } from "./Original.tsx";

/** Exactly why this wallet may not buy, and what to do. */
export function Ineligible({ eligibility: { code, detail, wayOut } }: { eligibility: Eligibility }) {
  const words =
    code === "person-cap-exceeded"
      ? {
          title: t`You have bought all that one person may buy in this sale.`,
          original: undefined,
          wayOut: t`There is nothing more to do here: your position has what you bought. All wallets of a person count together, so another wallet of yours has no room either.`,
        }
      : errorText({ message: detail ?? "", wayOut: wayOut ?? "" });
  return (
    <div className="notice" role="alert" data-code={code} data-testid="ineligible">
      <p>
        <strong>{t`This wallet may not buy.`}</strong>
      </p>
      {words.title !== "" && <p>{words.title}</p>}
      <Original text={words.original} />
      {words.wayOut !== "" && <p>{words.wayOut}</p>}
      <p className="code">{code}</p>
    </div>
  );
}
