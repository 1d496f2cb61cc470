import { i18n, type Messages } from "@lingui/core";

/** Texts that only a page with WalletConnect has, added to the page's. */
export async function loadWalletConnectTexts(): Promise<void> {
  const texts: Record<string, () => Promise<{ messages: Messages }>> = {
    en: () => import("../locales/en/walletConnect.po"),
    es: () => import("../locales/es/walletConnect.po"),
    zh: () => import("../locales/zh/walletConnect.po"),
    ar: () => import("../locales/ar/walletConnect.po"),
  };
  const { messages } = await (texts[i18n.locale] ?? texts["en"]!)();
  i18n.load(i18n.locale, messages);
}
