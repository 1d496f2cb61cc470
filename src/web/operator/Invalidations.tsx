import { Trans } from "@lingui/react/macro";
import type { Invalidation } from "../../sdk/signerApi.ts";

/** How vouchers that were given end before their time: by calls that compliance alone can send. */
export function Invalidations({ calls }: { calls: readonly Invalidation[] }) {
  return (
    <>
      <p>
        <Trans>
          Vouchers that were given before still work on chain. Compliance sends these calls to the sale, which
          end them at once:
        </Trans>
      </p>
      {calls.map(({ buyer, to, data }) => (
        <p key={buyer}>
          <code>{buyer}</code> → <code>{to}</code> <code>{data}</code>
        </p>
      ))}
    </>
  );
}
