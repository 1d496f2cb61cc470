import { t } from "@lingui/core/macro";
import { useConnection, useDisconnect } from "wagmi";
import { shortHex } from "../text/shortHex.ts";
import { PERSONA } from "../wallet/PERSONA.ts";
import { ConnectButton } from "./ConnectButton.tsx";

/** Who is connected, or the way to connect. */
export function WalletBar() {
  const { address, connector } = useConnection();
  const { mutate: disconnect } = useDisconnect();

  if (address !== undefined) {
    return (
      <div className="wallet">
        <span title={address} data-testid="wallet">
          {connector?.type === PERSONA ? t`${connector.name} (test)` + " · " : ""}
          <code title={address}>{shortHex(address)}</code>
        </span>
        <button
          type="button"
          className="plain"
          onClick={() => {
            disconnect({});
          }}
        >
          {t`Disconnect`}
        </button>
      </div>
    );
  }
  return <ConnectButton />;
}
