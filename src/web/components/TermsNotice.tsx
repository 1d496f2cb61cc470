import type { Difference } from "../chain/compareTerms.ts";

/** Page, chain and signer do not speak of the same launch: nothing is sold. */
export function TermsNotice({ differences }: { differences: readonly Difference[] }) {
  return (
    <div className="notice" role="alert" data-code="terms-mismatch">
      <p>
        <strong>This page does not sell: it and the {differences[0]?.where} name different launches.</strong>
      </p>
      <ul>
        {differences.map(({ what, where, page, other }) => (
          <li key={`${where} ${what}`}>
            {what}: this page <code>{page}</code>, {where} <code>{other}</code>
          </li>
        ))}
      </ul>
      <p>
        Do not send money. Tell whoever serves this page. If you bought before, your position below is read
        from the chain and its exits work.
      </p>
      <p className="code">terms-mismatch</p>
    </div>
  );
}
