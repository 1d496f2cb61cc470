import { t } from "@lingui/core/macro";
import type { Eligibility } from "../../sdk/signerApi.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { errorText } from "../text/errorText.ts";
import { Original } from "./Original.tsx";

/** What passing the identity check, or passing it anew, puts right. */
const CHECK_HELPS = new Set(["kyc-missing", "kyc-too-old"]);

/** Exactly why this wallet may not buy, and what to do. */
export function Ineligible({ eligibility: { code, detail, wayOut } }: { eligibility: Eligibility }) {
  const { identityUrl } = useLaunch().config;
  const checkAt = CHECK_HELPS.has(code ?? "") ? identityUrl : undefined;
  const isFull = code === "person-cap-exceeded";
  const words = isFull
    ? {
        title: t`You have bought all that one person may buy in this sale.`,
        original: undefined,
        wayOut: t`What you bought stays valid: My position shows it, and what you can do with it. All wallets of a person count together, so another wallet of yours has no room either.`,
      }
    : errorText({ message: detail ?? "", wayOut: wayOut ?? "" });
  return (
    <div className="notice" role="alert" data-code={code} data-testid="ineligible">
      <p>
        <strong>{isFull ? t`You cannot buy more.` : t`This wallet may not buy.`}</strong>
      </p>
      {words.title !== "" && <p>{words.title}</p>}
      <Original text={words.original} />
      {checkAt === undefined ? (
        words.wayOut !== "" && <p>{words.wayOut}</p>
      ) : (
        <p>
          {t`Pass the identity check with this wallet, then try again:`}{" "}
          <a href={checkAt} target="_blank" rel="noopener noreferrer">
            {new URL(checkAt).host}
          </a>
        </p>
      )}
      <p className="code">{code}</p>
    </div>
  );
}
