import { createConnector, ProviderNotFoundError } from "wagmi";
import { walletConnect } from "wagmi/connectors/walletConnect";

/**
 * wagmi's connector, which shows nothing itself and is asleep until somebody chooses it, or has before: wagmi asks all
 * connectors at the start, and this one would load its package and call the relay for everybody.
 */
export function walletConnectConnector(projectId: string) {
  const create = walletConnect({
    ...{ projectId, showQrModal: false, telemetryEnabled: false },
    metadata: { name: document.title, description: "", url: window.location.origin, icons: [] },
  });

  return createConnector((config) => {
    const awake = create(config);
    let chosen = false;
    const isUsed = async () => chosen || (await awake.getRequestedChainsIds()).length > 0;
    return {
      ...awake,
      connect: async (parameters) => {
        chosen = true;
        return awake.connect(parameters);
      },
      /** As of any wallet, without switching it to another chain: the page asks for that by a button. */
      getProvider: async () => {
        if (!(await isUsed())) throw new ProviderNotFoundError();
        return awake.getProvider() as Promise<unknown>;
      },
      isAuthorized: async () => (await isUsed()) && awake.isAuthorized(),
    };
  });
}
