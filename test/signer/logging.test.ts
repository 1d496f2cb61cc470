import { expect } from "chai";
import { HttpRequestError } from "viem";
import { createLogger, loggable, wordsOf } from "../../src/service/createLogger.ts";
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

  it("keeps at most two hundred characters of a message, wherever it stands", () => {
    const message = `${"A".repeat(100)}${"B".repeat(300_000)}`;
    const lines: string[] = [];
    const log = createLogger({ write: (line) => void lines.push(line) });
    log.error({ err: new Error(message, { cause: new Error(message) }) }, message);
    const [line = ""] = lines;
    expect(line.length).to.be.lessThan(10_000);
    expect(line).to.contain("logging.test.ts");
    const { msg, err } = JSON.parse(line) as {
      msg: string;
      err: { message: string; cause: { message: string } };
    };
    for (const kept of [msg, err.message, err.cause.message]) {
      expect([kept.length, kept.startsWith("A".repeat(100))]).to.deep.equal([200, true]);
    }
  });

  it("keeps what is no error as text", () => {
    expect(loggable("a word")).to.deep.equal({ message: "a word" });
  });
});
