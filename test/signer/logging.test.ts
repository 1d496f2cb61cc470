import { expect } from "chai";
import { HttpRequestError } from "viem";
import { loggable, wordsOf } from "../../src/service/createLogger.ts";
import { signerError } from "../../src/sdk/signerErrors.ts";

describe("what the log keeps of an error", () => {
  const url = "https://node.example/v3/SECRETKEY";
  const ofNode = new HttpRequestError({ url, body: { params: ["0xwallet"] }, status: 503, details: url });

  it("names neither the node's URL nor what it was sent, however deep it lies", () => {
    expect(ofNode.message).to.contain("SECRETKEY").and.to.contain("0xwallet");
    const thrown = signerError("chain-unreachable", "", { cause: new Error("at start", { cause: ofNode }) });
    const kept = JSON.stringify(loggable(thrown));
    expect(kept)
      .to.contain("HTTP request failed")
      .and.to.contain("at start")
      .and.to.contain("logging.test.ts");
    expect(kept).not.to.contain("SECRETKEY").and.not.to.contain("0xwallet");
    expect(wordsOf(ofNode)).to.equal("HTTP request failed.");
  });

  it("keeps what is no error as text", () => {
    expect(loggable("a word")).to.deep.equal({ message: "a word" });
  });
});
