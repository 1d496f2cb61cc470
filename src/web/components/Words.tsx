import { i18n } from "@lingui/core";
import { textIn, type DocumentText } from "../../sdk/documents/Document.ts";

/** Foreign text in the page's language, else the nearest there is; its own direction, its own lines. */
export function Words({
  texts,
  isTitled = false,
}: {
  texts: readonly DocumentText[];
  /** Its title stands above it already. */
  isTitled?: boolean;
}) {
  const text = textIn(texts, i18n.locale);
  if (text === undefined) return null;
  return (
    <div lang={text.language}>
      {!isTitled && <h3 dir="auto">{text.title}</h3>}
      <p className="words" dir="auto">
        {text.body}
      </p>
    </div>
  );
}
