import { documentHashOf, textIn, type SignedDocument } from "../sdk/documents/Document.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";

/** The issuer's updates as RSS 2.0, newest first, each in the language asked for or the nearest there is. */
export function updatesRss({
  record: { sale, terms },
  updates,
  language,
  base,
}: {
  record: LaunchRecord;
  updates: readonly SignedDocument<"update">[];
  language: string;
  /** Of this API; empty where it does not know where it is. */
  base: string;
}): string {
  const link = `${base}/v1/sales/${sale}/documents`;
  const items = updates.toReversed().map((update) => {
    const { title = "", body = "" } = textIn(update.message.texts, language) ?? {};
    return `<item>
<title>${xml(title)}</title>
<description>${xml(html(body))}</description>
<link>${xml(link)}</link>
<guid isPermaLink="false">${documentHashOf(update)}</guid>
<pubDate>${new Date(update.message.issuedAt * 1000).toUTCString()}</pubDate>
</item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>${xml(`${terms.token.name} (${terms.token.symbol})`)}</title>
<description>${xml(`What the issuer of ${terms.token.symbol} has signed; sale ${sale}`)}</description>
<link>${xml(link)}</link>
<language>${xml(language)}</language>
${items.join("\n")}
</channel></rss>
`;
}

/** Readers take a description for HTML: text is made HTML that shows it as it is. */
function html(text: string): string {
  return escaped(text).replaceAll("\n", "<br>");
}

/** What XML cannot carry at all, as a token's name may hold it, is left out. */
function xml(text: string): string {
  return escaped(text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ""));
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
