import { expect } from "chai";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { createOperatorClient } from "../../src/web/operator/createOperatorClient.ts";

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

  it("asks for orders by what was typed, as one value", async () => {
    const { client, asked } = answering(200, '{"orders":[],"invalidate":[],"next":null}');
    await client.orders({ buyer: "x&before=1", before: "7" });
    expect(asked[0]?.[0]).to.equal("https://signer.example/v1/admin/orders?buyer=x%26before%3D1&before=7");
  });

  it("throws the signer's refusal, and says so when something else answers", async () => {
    const refused = answering(403, '{"code":"scope-missing","title":"no","status":403}');
    expect(await refusalOf(refused.client.keys())).to.equal("scope-missing");
    expect(await refusalOf(answering(502, "<html>").client.keys())).to.equal("signer-unreachable");
  });
});
