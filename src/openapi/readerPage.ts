import type { z } from "zod";
import { idempotencyKey, schemaOf, type Api } from "./describeApi.ts";

/** The API for people: one page without a script, from what the OpenAPI document is made of. */
export function readerPage({ title: name, description, operations, credentials, catalogue }: Api): string {
  const sections = operations.map((operation) => {
    const { method, path, summary, by, body, query, status, answer, errors, idempotent } = operation;
    const title = `${method.toUpperCase()} ${path}`;
    return `
<section id="${anchorOf(title)}">
  <h2><code>${escape(title)}</code></h2>
  <p>${escape(summary)}. For ${by.length === 0 ? "anybody" : by.map((one) => credentials[one]?.who ?? one).join(" or ")}.</p>
  ${idempotent === undefined ? "" : `<p>Header <code>${idempotencyKey.name}</code>: ${idempotencyKey.description}</p>`}
  ${shape("Query", query, "input")}${shape("Body", body, "input")}${shape(`Answer, ${String(status)}`, answer, "output")}
  ${errors.length === 0 ? "" : `<p>May refuse with ${errors.map((code) => `<a href="#${code}"><code>${code}</code></a>`).join(", ")}.</p>`}
</section>`;
  });
  const links = operations.map(({ method, path }) => {
    const title = `${method.toUpperCase()} ${path}`;
    return `<li><a href="#${anchorOf(title)}"><code>${escape(title)}</code></a></li>`;
  });
  const ways = Object.values(credentials).map(
    ({ who, scheme }) =>
      `<tr><td>${who}</td><td><code>${scheme["scheme"] === "bearer" ? "Authorization: Bearer …" : String(scheme["name"])}</code></td><td>${escape(String(scheme["description"]))}</td></tr>`,
  );
  const rows = Object.entries(catalogue).map(
    ([code, { status, title, wayOut }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${String(status)}</td><td>${escape(title)}</td><td>${escape(wayOut)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(name)}: API</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow: auto; padding: 1rem; border: 1px solid; border-radius: 4px; font-size: 14px }
table { border-collapse: collapse } td, th { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem; border-top: 1px solid }
</style>
</head>
<body>
<h1>${escape(name)}: API</h1>
<p>${escape(description)} For programs: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${ways.length === 0 ? "" : `<table><tr><th>who asks</th><th>header</th><th>with</th></tr>${ways.join("\n")}</table>`}
<ul>${links.join("")}</ul>
${sections.join("\n")}
<h2>Errors</h2>
<table><tr><th>code</th><th>status</th><th>what it means</th><th>way out</th></tr>${rows.join("\n")}</table>
</body>
</html>
`;
}

function shape(title: string, type: z.ZodType | undefined, io: "input" | "output"): string {
  if (type === undefined) return "";
  return `<details><summary>${title}</summary><pre>${escape(JSON.stringify(schemaOf(type, io), null, 2))}</pre></details>`;
}

function anchorOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
