import type { Plugin } from "vite";
import { PACKAGE, type WalletConnect } from "./readWalletConnect.ts";

/** Where wallets and page meet: all that WalletConnect adds to the content security policy. */
export const RELAY = "wss://relay.walletconnect.org";
const NOTHING = "\0nothing";

/**
 * Builds a page with WalletConnect, or one without a trace of it, whatever is installed. Its package brings a dialog of
 * its own (AppKit), megabytes that the page never opens: left out.
 */
export function walletConnectPlugin(walletConnect: WalletConnect | undefined): Plugin {
  return {
    name: "slipway-walletconnect",
    enforce: "pre",
    config: () => {
      const value = walletConnect === undefined ? "undefined" : JSON.stringify(walletConnect.projectId);
      return { define: { WALLETCONNECT_PROJECT_ID: value } };
    },
    async resolveId(id) {
      if (id.startsWith("@reown/appkit")) return NOTHING;
      if (id !== PACKAGE) return undefined;
      return walletConnect === undefined ? NOTHING : this.resolve(walletConnect.folder);
    },
    load: (id) => (id === NOTHING ? "export {};" : undefined),
    transformIndexHtml: (html) =>
      walletConnect === undefined ? html : html.replace("connect-src 'self'", `connect-src 'self' ${RELAY}`),
  };
}
