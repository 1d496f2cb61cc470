import { expect } from "chai";
import { readConfig } from "../../src/indexer/config.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";

describe("indexer: configuration", () => {
  async function refused(env: Record<string, string>): Promise<string[]> {
    try {
      await readConfig({ RPC_URL: "http://127.0.0.1:1", ...env });
    } catch (error) {
      if (error instanceof SlipwayError && error.code === "config-invalid")
        return error.problems.map(({ field, got }) => `${field}: ${got}`);
      throw error;
    }
    throw new Error("not refused");
  }
  const nothing = "LAUNCH_RECORD: nothing";

  for (const [name, env, wanted] of [
    [
      "a websocket with a fragment, which none can have",
      { RPC_WS_URL: "wss://a.example,ws://b.example/#key" },
      'RPC_WS_URL: "entry 2"',
    ],
    ["a public URL that is none", { PUBLIC_URL: "indexer.example" }, 'PUBLIC_URL: "indexer.example"'],
    ["a number of streams that is none", { STREAMS: "many" }, 'STREAMS: "many"'],
  ] as [string, Record<string, string>, string][]) {
    it(`refuses ${name}`, async () => {
      expect(await refused(env)).to.deep.equal([wanted, nothing]);
    });
  }
  it("takes both where they are sound", async () => {
    expect(
      await refused({ RPC_WS_URL: "wss://a.example/key", PUBLIC_URL: "https://indexer.example/" }),
    ).to.deep.equal([nothing]);
  });
});
