import { SlipwayError } from "./problem.ts";
import type { OrderExport, ProblemDetails } from "./signerApi.ts";
import { SignerProblem } from "./signerClient.ts";

export type ExportedOrder = OrderExport["orders"][number];

/** All orders of a signer's sale, oldest first, page by page. */
export type OrderExporter = { all: () => AsyncGenerator<ExportedOrder> };

/**
 * Reads the orders of a signer by its export key, which can do nothing else. Throws `SignerProblem` with the signer's
 * code, or `signer-unreachable` (retryable) when it does not answer.
 */
export function createOrderExporter({
  url,
  exportKey,
  fetch: send = (...args) => globalThis.fetch(...args),
}: {
  url: string;
  exportKey: string;
  fetch?: typeof globalThis.fetch;
}): OrderExporter {
  const base = url.replace(/\/+$/, "");

  async function page(after: string | undefined): Promise<OrderExport> {
    const query = after === undefined ? "" : `?after=${after}`;
    let response: Response;
    let body: unknown;
    try {
      response = await send(`${base}/v1/export/orders${query}`, {
        headers: { authorization: `Bearer ${exportKey}` },
      });
      body = await response.json();
    } catch (cause) {
      throw unreachable(base, cause);
    }
    if (response.ok) return body as OrderExport;

    const { code, title = "", ...details } = body as Partial<ProblemDetails>;
    if (typeof code !== "string") throw unreachable(base, new Error(`HTTP ${String(response.status)}`));
    throw new SignerProblem({
      ...{ type: "about:blank", detail: title, wayOut: "", ...details },
      ...{ title, code, status: response.status },
    });
  }

  return {
    async *all() {
      for (let after: string | undefined, more = true; more;) {
        const { orders, next } = await page(after);
        yield* orders;
        more = next !== null;
        after = next ?? undefined;
      }
    },
  };
}

function unreachable(base: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: "signer-unreachable",
    message: `The signer at ${base} does not answer`,
    wayOut: "Check that it runs and that this machine may reach it.",
    retryable: true,
    cause,
  });
}
