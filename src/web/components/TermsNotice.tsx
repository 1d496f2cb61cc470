import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Difference } from "../chain/compareTerms.ts";

/** Page, chain and signer do not speak of the same launch: nothing is sold. */
export function TermsNotice({ differences }: { differences: readonly Difference[] }) {
  return (
    <div className="notice" role="alert" data-code="terms-mismatch">
      <p>
        <strong>
          {differences[0]?.where === "signer"
            ? t`This page does not sell: it and the signer name different launches.`
            : t`This page does not sell: it and the chain name different launches.`}
        </strong>
      </p>
      <ul>
        {differences.map(({ what, where, page, other }) => (
          <li key={`${where} ${what}`}>
            {whatWords(what)}: {t`this page`} <code>{page}</code>, {where === "signer" ? t`signer` : t`chain`}{" "}
            <code>{other}</code>
          </li>
        ))}
      </ul>
      <p>
        <Trans>
          Do not send money. Tell whoever serves this page. If you bought before, your position below is read
          from the chain and its exits work.
        </Trans>
      </p>
      <p className="code">terms-mismatch</p>
    </div>
  );
}

const whatWords = (what: Difference["what"]): string =>
  ({
    "chain id": t`chain id`,
    sale: t`sale`,
    "terms hash": t`terms hash`,
    "hash of the terms shown": t`hash of the terms shown`,
    "token symbol": t`token symbol`,
    "token decimals": t`token decimals`,
    "currency decimals": t`currency decimals`,
  })[what];
