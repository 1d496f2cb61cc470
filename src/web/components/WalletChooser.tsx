import { t } from "@lingui/core/macro";
import { useConnect, useConnectors, type Connector } from "wagmi";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { PERSONA } from "../wallet/PERSONA.ts";
import { Pairing } from "../walletConnect/Pairing.tsx";
import { Modal } from "./Modal.tsx";
import { Notice } from "./Notice.tsx";

/** Wallets that announced themselves (EIP-6963); on a local chain the personas beside them. */
export function WalletChooser({ onClose }: { onClose: () => void }) {
  const { config } = useLaunch();
  const connectors = useConnectors();
  const { mutate: connect, error, isPending } = useConnect({ mutation: { onSuccess: onClose } });

  const personas = connectors.filter((connector) => connector.type === PERSONA);
  const wallets = connectors.filter((connector) => connector.type !== PERSONA);
  const noteOf = ({ name }: Connector) => config.personas.find((persona) => persona.name === name)?.note;
  const choice = (connector: Connector) => (
    <li key={connector.uid}>
      <button
        type="button"
        disabled={isPending}
        onClick={() => {
          connect({ connector, chainId: config.chainId });
        }}
      >
        {connector.icon?.startsWith("data:image/") === true && (
          <img src={connector.icon} alt="" width={24} height={24} />
        )}
        <span>
          {connector.name}
          {connector.type === PERSONA && <small>{noteOf(connector)}</small>}
        </span>
      </button>
    </li>
  );

  return (
    <Modal titleId="chooser-title" onClose={onClose}>
      <div className="row">
        <h2 id="chooser-title">{t`Connect a wallet`}</h2>
        <button type="button" className="plain" onClick={onClose} aria-label={t`Close`}>
          ✕
        </button>
      </div>
      {error !== null && <Notice error={explainError(error)} />}
      {WALLETCONNECT_PROJECT_ID !== undefined && <Pairing connectors={connectors} pending={isPending} />}
      {wallets.length > 0 && <ul className="choices">{wallets.map(choice)}</ul>}
      {wallets.length === 0 && (
        <p className="quiet">
          {personas.length > 0
            ? t`This browser has no wallet of its own. Take one of these to try the page: they sign without asking.`
            : t`This browser has no wallet. Install one that you trust, as an extension or an app with a browser, then reload this page.`}
        </p>
      )}
      {personas.length > 0 && (
        <>
          <h3>{t`Test wallets of this local chain`}</h3>
          <ul className="choices">{personas.map(choice)}</ul>
        </>
      )}
    </Modal>
  );
}
