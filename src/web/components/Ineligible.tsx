import type { Eligibility } from "../../sdk/signerApi.ts";

/** Exactly why this wallet may not buy, and what to do. */
export function Ineligible({ eligibility: { code, detail, wayOut } }: { eligibility: Eligibility }) {
  return (
    <div className="notice" role="alert" data-code={code} data-testid="ineligible">
      <p>
        <strong>This wallet may not buy.</strong>
      </p>
      {detail !== undefined && <p>{detail}</p>}
      {wayOut !== undefined && <p>{wayOut}</p>}
      <p className="code">{code}</p>
    </div>
  );
}
