import { expect } from "chai";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { createOperatorClient, type AuditRow } from "../../src/web/operator/createOperatorClient.ts";
import { readAuditHead } from "../../src/web/operator/readAuditHead.ts";
import { refusalsOf } from "../../src/web/operator/refusalsOf.ts";

describe("refusalsOf", () => {
  it("adds up refusals of orders by code, the most frequent first, and nothing else", () => {
    const metrics = `# HELP slipway_signer_answers_total Requests
slipway_signer_answers_total{route="/v1/orders",status="201",code=""} 40
slipway_signer_answers_total{route="/v1/orders",status="403",code="country-denied"} 2
slipway_signer_answers_total{route="/v1/orders/:orderId/renew",status="403",code="country-denied"} 1
slipway_signer_answers_total{route="/v1/orders",status="403",code="kyc-missing"} 7
slipway_signer_answers_total{route="/v1/admin/keys",status="401",code="operator-key-invalid"} 9
slipway_signer_answer_seconds{route="/v1/orders"} 3
`;
    expect(refusalsOf(metrics)).to.deep.equal([
      { code: "kyc-missing", count: 7 },
      { code: "country-denied", count: 3 },
    ]);
    expect(refusalsOf("<html>")).to.deep.equal([]);
  });
});

describe("readAuditHead", () => {
  const row = (seq: number): AuditRow => ({
    ...{ seq: String(seq), at: "", actor: "a", action: "b", detail: {}, hash: `h${String(seq)}` },
  });

  it("walks to the end and keeps the newest rows, the newest first", async () => {
    const pages = [Array.from({ length: 30 }, (_, i) => row(i + 1)), [row(31), row(32)]];
    const head = await readAuditHead({
      audit: async (after) => ({
        rows: pages[after === undefined ? 0 : 1]!,
        next: after === undefined ? "30" : null,
      }),
    });
    expect(head.isWhole).to.equal(true);
    expect(head.rows.map(({ seq }) => seq).slice(0, 3)).to.deep.equal(["32", "31", "30"]);
    expect(head.rows.length).to.equal(20);
  });

  it("says that it did not get to the end of a log that has none", async () => {
    const head = await readAuditHead({ audit: async () => ({ rows: [row(1)], next: "1" }) });
    expect(head.isWhole).to.equal(false);
  });
});

describe("the operator's client", () => {
  const key = "slipway_key";
  const answering = (status: number, body: string) => {
    const asked: [string, RequestInit | undefined][] = [];
    const client = createOperatorClient({
      ...{ url: "https://signer.example/", key },
      fetch: async (url, init) => {
        asked.push([url as string, init]);
        return new Response(body, { status });
      },
    });
    return { client, asked };
  };
  const refusalOf = async (asking: Promise<unknown>): Promise<string> => {
    const error: unknown = await asking.catch((cause: unknown) => cause);
    return error instanceof SlipwayError ? error.code : String(error);
  };

  it("sends the key to the signer's own address, and ids as parts of a path", async () => {
    const { client, asked } = answering(200, "{}");
    await client.decide("../stop", { decision: "approved", reason: "r" });
    const [[url, init]] = asked as [[string, RequestInit]];
    expect(url).to.equal("https://signer.example/v1/admin/subjects/..%2Fstop/decision");
    expect(init).to.deep.include({ method: "POST", body: '{"decision":"approved","reason":"r"}' });
    expect(init.headers).to.deep.include({ authorization: `Bearer ${key}` });
  });

  it("asks for orders with the export's key alone", async () => {
    const { client, asked } = answering(200, '{"orders":[],"next":null}');
    await client.orders("export");
    expect(asked[0]?.[1]?.headers).to.deep.equal({ authorization: "Bearer export" });
  });

  it("throws the signer's refusal, and says so when something else answers", async () => {
    const refused = answering(403, '{"code":"scope-missing","title":"no","status":403}');
    expect(await refusalOf(refused.client.keys())).to.equal("scope-missing");
    expect(await refusalOf(answering(502, "<html>").client.keys())).to.equal("signer-unreachable");
  });
});
