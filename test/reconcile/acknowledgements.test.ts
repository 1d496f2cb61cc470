import { expect } from "chai";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  acknowledge,
  acknowledgementOf,
  readAcknowledgements,
} from "../../src/reconcile/acknowledgements.ts";
import { difference } from "../../src/reconcile/Difference.ts";
import type { SlipwayError } from "../../src/sdk/problem.ts";
import { temporaryDirectory } from "../support/postgres.ts";

describe("reconcile: acknowledgements", () => {
  const launch = { chainId: 31337, sale: "0x00000000000000000000000000000000000000aa" } as const;
  const notice = difference("currency-surplus", "currency in the sale beyond what it owes", 1n, 0n);
  const at = new Date("2040-03-01T12:00:00Z");
  const given = { launch, notice, by: "Ada", reason: "a gift of one unit", at };
  let path: string;

  beforeEach(() => {
    path = join(temporaryDirectory(), "acknowledgements.jsonl");
  });

  const failure = (attempt: Promise<unknown>): Promise<SlipwayError> =>
    attempt.then(
      () => {
        throw new Error("passed");
      },
      (error: unknown) => error as SlipwayError,
    );

  it("keeps who acknowledged what, when and why, one after the other", async () => {
    expect(await readAcknowledgements(path)).to.deep.equal([]);
    await acknowledge(path, given);
    await acknowledge(path, { ...given, by: " Grace ", reason: "seen as well" });
    const kept = await readAcknowledgements(path);
    expect(kept[0]).to.deep.equal({
      ...{ chainId: 31337, sale: launch.sale, code: "currency-surplus" },
      ...{ field: "currency in the sale beyond what it owes", got: "1" },
      ...{ by: "Ada", reason: "a gift of one unit", at: "2040-03-01T12:00:00.000Z" },
    });
    expect(kept[1]?.by).to.equal("Grace");
  });

  it("needs a name and a reason", async () => {
    const { code, problems } = await failure(acknowledge(path, { ...given, by: " ", reason: "" }));
    expect(code).to.equal("acknowledgement-invalid");
    expect(problems.map(({ field }) => field)).to.deep.equal(["by", "reason"]);
    expect(await readAcknowledgements(path)).to.deep.equal([]);
  });

  it("needs a name and a reason that can be seen", async () => {
    // Spaces of no width, a soft hyphen, a mark of direction, a filler that counts as a letter, an empty braille cell.
    for (const unseen of ["\u200b\u200d", "\u00ad", "\u202e\ufeff", "\u3164", "\u2800"]) {
      const { problems } = await failure(acknowledge(path, { ...given, by: unseen, reason: ` ${unseen}` }));
      expect(problems.map(({ field }) => field)).to.deep.equal(["by", "reason"]);
    }
    const { by } = await acknowledge(path, { ...given, by: "\u200bZoë \u200d" });
    expect(by).to.equal("Zoë");
  });

  it("refuses what blocks", async () => {
    const blocking = difference("history-differs", "history", "0x1", "0x2");
    const { code } = await failure(acknowledge(path, { ...given, notice: blocking }));
    expect(code).to.equal("acknowledgement-invalid");
  });

  it("holds for the same notice of the same sale only, and never for what blocks", async () => {
    const kept = [await acknowledge(path, given)];
    expect(acknowledgementOf(notice, launch, kept)?.by).to.equal("Ada");
    expect(acknowledgementOf({ ...notice, got: "2" }, launch, kept)).to.equal(undefined);
    expect(acknowledgementOf({ ...notice, field: "else" }, launch, kept)).to.equal(undefined);
    expect(acknowledgementOf({ ...notice, code: "token-surplus" }, launch, kept)).to.equal(undefined);
    expect(acknowledgementOf(notice, { ...launch, chainId: 1 }, kept)).to.equal(undefined);
    const other = "0x00000000000000000000000000000000000000bb";
    expect(acknowledgementOf(notice, { ...launch, sale: other }, kept)).to.equal(undefined);
    expect(acknowledgementOf({ ...notice, severity: "blocking" }, launch, kept)).to.equal(undefined);
  });

  it("says which line cannot be read", async () => {
    await acknowledge(path, given);
    appendFileSync(path, "cut sho");
    const { code, message } = await failure(readAcknowledgements(path));
    expect(code).to.equal("acknowledgements-unreadable");
    expect(message).to.contain("Line 2");
  });

  it("counts no line without a name and a reason, or any other field", async () => {
    const whole = await acknowledge(path, given);
    const lines: [line: unknown, lacking: string][] = [
      [null, "chainId"],
      [{ ...whole, by: undefined, reason: "\u200b" }, "by, reason"],
      [{ ...whole, got: 1 }, "got"],
      [{ ...whole, chainId: "31337" }, "chainId"],
    ];
    for (const [line, lacking] of lines) {
      writeFileSync(path, `${JSON.stringify(whole)}\n${JSON.stringify(line)}\n`);
      const { code, message } = await failure(readAcknowledgements(path));
      expect(code).to.equal("acknowledgements-unreadable");
      expect(message).to.contain("Line 2").and.to.contain(`lacks ${lacking}`);
    }
  });
});
