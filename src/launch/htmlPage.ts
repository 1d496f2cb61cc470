/** A page for a person, in one file: no scripts, no requests, light and dark. `title` is text, `body` HTML. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%;font-size:.85rem}td{border-top:1px solid #8884;padding:.3rem;overflow-wrap:anywhere;vertical-align:top}
.bad{background:#c0392b33}svg{width:100%;height:auto}
</style></head><body>
${body}
</body></html>
`;
}

/** Text as HTML that shows it. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
