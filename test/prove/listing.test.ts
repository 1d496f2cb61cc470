import { expect } from "chai";
import { addLine, emptyRaid } from "../../prove/listing/Raid.ts";

describe("listing", () => {
  it("adds up what the adversary's contracts count, venue by venue", () => {
    const raid = emptyRaid();
    const lines = ["calls v2 5", "calls v3 6", "refused v3 2", "listings v4 1", "calls v5 9", "another line"];
    for (const line of [...lines, ...lines, "violation v4 0x01 0x02"]) addLine(raid, line);

    expect(raid).to.deep.equal({
      byVenue: {
        v2: { calls: 10, refused: 0, listings: 0, violations: 0 },
        v3: { calls: 12, refused: 4, listings: 0, violations: 0 },
        v4: { calls: 0, refused: 0, listings: 2, violations: 1 },
      },
      failures: [{ venue: "v4", episode: "0x01", why: "0x02" }],
    });
  });
});
