import { i18n, type Messages } from "@lingui/core";
import { messages as english } from "../locales/en/page.po";

type Locale = { name: string; dir: "ltr" | "rtl"; load: () => Promise<Messages> };

const both = async (...parts: Promise<{ messages: Messages }>[]): Promise<Messages> =>
  Object.assign({}, ...(await Promise.all(parts)).map(({ messages }) => messages)) as Messages;

/** Languages of the page; English comes with it, the others when they are asked for. */
export const locales: Record<string, Locale> = {
  en: { name: "English", dir: "ltr", load: () => Promise.resolve(english) },
  es: {
    ...{ name: "Español", dir: "ltr" },
    load: () => both(import("../locales/es/page.po"), import("../locales/es/errors.po")),
  },
  zh: {
    ...{ name: "中文", dir: "ltr" },
    load: () => both(import("../locales/zh/page.po"), import("../locales/zh/errors.po")),
  },
  ar: {
    ...{ name: "العربية", dir: "rtl" },
    load: () => both(import("../locales/ar/page.po"), import("../locales/ar/errors.po")),
  },
};

const CHOICE = "slipway.locale";

/** Before anything is shown: the language chosen here before, else the browser's first that there is, else English. */
export async function activateLocale(): Promise<void> {
  const wished = [localStorage.getItem(CHOICE) ?? "", ...navigator.languages];
  const code = wished.map((tag) => tag.split("-")[0] ?? "").find((tag) => tag in locales) ?? "en";
  try {
    activate(code, await locales[code]!.load());
  } catch {
    // The file did not come: English is here.
    activate("en", english);
  }
}

/** A reload is safe at any step of a purchase, and nothing on the page has to follow a change of language. */
export function chooseLocale(code: string): void {
  localStorage.setItem(CHOICE, code);
  location.reload();
}

/** Texts of the operator's part, added to the page's when it is opened; without them its own would be English codes. */
export async function loadOperatorTexts(): Promise<void> {
  const texts: Record<string, () => Promise<{ messages: Messages }>> = {
    en: () => import("../locales/en/operator.po"),
    es: () => import("../locales/es/operator.po"),
    zh: () => import("../locales/zh/operator.po"),
    ar: () => import("../locales/ar/operator.po"),
  };
  const { messages } = await (texts[i18n.locale] ?? texts["en"]!)();
  i18n.load(i18n.locale, messages);
}

function activate(code: string, messages: Messages): void {
  i18n.loadAndActivate({ locale: code, messages });
  document.documentElement.lang = code;
  document.documentElement.dir = locales[code]!.dir;
}
