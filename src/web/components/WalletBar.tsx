import { useState } from "react";
import { useConnection, useDisconnect } from "wagmi";
import { shortHex } from "../text/shortHex.ts";
import { PERSONA } from "../wallet/PERSONA.ts";
import { WalletChooser } from "./WalletChooser.tsx";

/** Who is connected, or the way to connect. */
export function WalletBar() {
  const { address, connector } = useConnection();
  const { mutate: disconnect } = useDisconnect();
  const [choosing, setChoosing] = useState(false);

  if (address !== undefined) {
    return (
      <div className="wallet">
        <span title={address} data-testid="wallet">
          {connector?.type === PERSONA ? `${connector.name} (test) · ` : ""}
          <code>{shortHex(address)}</code>
        </span>
        <button
          type="button"
          className="plain"
          onClick={() => {
            disconnect({});
          }}
        >
          Disconnect
        </button>
      </div>
    );
  }
  return (
    <>
      <button
        type="button"
        className="primary small"
        onClick={() => {
          setChoosing(true);
        }}
      >
        Connect wallet
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
