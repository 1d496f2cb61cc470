import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const PROJECT_ID = "0123456789abcdef0123456789abcdef";
export const PAIRING = `wc:${"7f".repeat(32)}@2?relay-protocol=irn&symKey=${"a1".repeat(32)}`;

/**
 * What of WalletConnect's package a page uses: a provider (EIP-1193) that tells a way to pair, and connects when the wallet
 * elsewhere has agreed. The session outlives a reload. `window.agreeElsewhere` and `window.askTestWallet` are the wallet.
 */
const code = `
const KEY = "wc@2:session";
export const EthereumProvider = {
  init: async ({ optionalChains: [chainId], projectId, showQrModal, telemetryEnabled, rpcMap }) => {
    (window.walletConnectInits ??= []).push({ projectId, showQrModal, telemetryEnabled });
    const listeners = {};
    const emit = (name, value) => [...(listeners[name] ?? [])].forEach((listener) => listener(value));
    const restore = () => {
      const account = localStorage.getItem(KEY);
      provider.session = account === null
        ? undefined
        : { namespaces: { eip155: { accounts: ["eip155:" + chainId + ":" + account] } } };
      provider.accounts = account === null ? [] : [account];
    };
    const provider = {
      chainId,
      events: { setMaxListeners: () => undefined },
      on: (name, listener) => void (listeners[name] ??= new Set()).add(listener),
      removeListener: (name, listener) => void listeners[name]?.delete(listener),
      connect: async () => {
        emit("display_uri", "${PAIRING}");
        if (!(await window.agreeElsewhere())) throw new Error("User rejected.");
        const { result } = await window.askTestWallet({ method: "eth_requestAccounts" });
        localStorage.setItem(KEY, result[0]);
        restore();
        emit("connect", { chainId });
      },
      enable: async () => provider.accounts,
      disconnect: async () => {
        localStorage.removeItem(KEY);
        restore();
        emit("disconnect");
      },
      request: async (request) => {
        const { result, error } = await window.askTestWallet(request);
        if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
        return result;
      },
    };
    restore();
    return provider;
  },
};
`;

/** A folder of modules with a stand-in for `@walletconnect/ethereum-provider`. */
export function walletConnectPackage(folder: string, version = "2.21.1"): string {
  const modules = join(folder, "modules");
  const own = join(modules, "@walletconnect", "ethereum-provider");
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "package.json"), JSON.stringify({ type: "module", main: "index.js", version }));
  writeFileSync(join(own, "index.js"), code);
  return modules;
}
