import { i18n } from "@lingui/core";

const tags: Record<string, string> = { en: "en-GB", es: "es", zh: "zh-CN", ar: "ar-u-nu-latn" };

/** For numbers and dates. Digits are 0 to 9 in every language: those that amounts are typed in, and that hashes have. */
export function localeTag(): string {
  return tags[i18n.locale] ?? "en-GB";
}
