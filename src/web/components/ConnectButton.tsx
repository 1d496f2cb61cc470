import { t } from "@lingui/core/macro";
import { useState } from "react";
import { WalletChooser } from "./WalletChooser.tsx";

/** Opens the choice of wallets. */
export function ConnectButton() {
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <button
        type="button"
        className="primary"
        onClick={() => {
          setChoosing(true);
        }}
      >
        {t`Connect wallet`}
      </button>
      {choosing && (
        <WalletChooser
          onClose={() => {
            setChoosing(false);
          }}
        />
      )}
    </>
  );
}
