import { t } from "@lingui/core/macro";
import { useState } from "react";

/** Opens a wallet on this device, or is taken to one elsewhere. */
export function PairingLink({ uri }: { uri: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div role="status" data-testid="pairing">
      <p>{t`Open your wallet on this device, or copy the link and paste it where your wallet connects to pages. Then agree there.`}</p>
      <p className="row">
        <a href={uri}>{t`Open the wallet`}</a>
        <button
          type="button"
          onClick={() => {
            void navigator.clipboard.writeText(uri).then(() => {
              setCopied(true);
            });
          }}
        >
          {copied ? t`Link copied` : t`Copy the link`}
        </button>
      </p>
      {/* For where nothing may be copied by a button. */}
      <p className="quiet" dir="ltr" style={{ overflowWrap: "anywhere" }}>
        <code>{uri}</code>
      </p>
    </div>
  );
}
