import { t } from "@lingui/core/macro";
import { isHex } from "viem";
import type { Difference } from "../chain/compareTerms.ts";
import { shortHex } from "../text/shortHex.ts";

/** Page, chain and signer do not speak of the same launch: nothing is sold. */
export function TermsNotice({
  differences,
  isConnected,
}: {
  differences: readonly Difference[];
  isConnected: boolean;
}) {
  return (
    <div className="notice grave" role="alert" data-code="terms-mismatch">
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
            {whatWords(what)}: {t`this page`} <Value text={page} />,{" "}
            {where === "signer" ? t`signer` : t`chain`} <Value text={other} />
          </li>
        ))}
      </ul>
      <p>
        {t`Do not send money. Tell whoever serves this page.`}{" "}
        {isConnected
          ? t`If you bought before: your position below is read from the chain, and what can be taken out, you can take out here.`
          : t`If you bought before, connect your wallet: your position is read from the chain, and what can be taken out, you can take out here.`}
      </p>
      <p className="code">terms-mismatch</p>
    </div>
  );
}

function Value({ text }: { text: string }) {
  return isHex(text) ? <code title={text}>{shortHex(text)}</code> : <code>{text}</code>;
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
