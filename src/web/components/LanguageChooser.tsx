import { t } from "@lingui/core/macro";
import { i18n } from "@lingui/core";
import { chooseLocale, locales } from "../text/locales.ts";

/** Each language by its own name, for those who read no other. */
export function LanguageChooser() {
  return (
    <select
      className="language"
      aria-label={t`Language`}
      value={i18n.locale}
      onChange={(event) => {
        chooseLocale(event.target.value);
      }}
    >
      {Object.entries(locales).map(([code, { name }]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
