/** Set by the build; undefined where the page is built without WalletConnect. */
declare const WALLETCONNECT_PROJECT_ID: string | undefined;
