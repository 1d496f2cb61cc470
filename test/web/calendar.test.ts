import { expect } from "chai";
import { icsOf } from "../../src/web/calendar/icsOf.ts";
import { unlockTimes } from "../../src/web/calendar/unlockTimes.ts";

const DAY = 86_400n;
const listedAt = 1_000_000n;
const times = (schedule: Partial<Parameters<typeof unlockTimes>[0]>, amount = 1_000n) =>
  unlockTimes(
    { initialBps: 0, cliffSeconds: 0n, durationSeconds: 0n, steps: 0, ...schedule },
    amount,
    listedAt,
  ).map(({ time, vested }) => [(time - listedAt) / DAY, vested]);

describe("unlockTimes", () => {
  it("has one moment where all is released at the listing", () => {
    expect(times({})).to.deep.equal([[0n, 1_000n]]);
  });

  it("has each step, and the listing where something is released there", () => {
    expect(times({ initialBps: 2_500, durationSeconds: 30n * DAY, steps: 3 })).to.deep.equal([
      [0n, 250n],
      [10n, 500n],
      [20n, 750n],
      [30n, 1_000n],
    ]);
  });

  it("keeps steps within the cliff until it ends", () => {
    expect(times({ cliffSeconds: 25n * DAY, durationSeconds: 30n * DAY, steps: 3 })).to.deep.equal([
      [25n, 666n],
      [30n, 1_000n],
    ]);
  });

  it("names each thirty days of a release that flows, and its end", () => {
    expect(times({ durationSeconds: 70n * DAY }, 700n)).to.deep.equal([
      [30n, 300n],
      [60n, 600n],
      [70n, 700n],
    ]);
  });

  it("stays a calendar that somebody can read, however many steps there are, and ends with all", () => {
    const many = times({ durationSeconds: 5_000n * DAY, steps: 5_000 }, 5_000n);
    expect(many.length).to.be.at.most(250);
    expect(many.at(-1)).to.deep.equal([5_000n, 5_000n]);
  });
});

describe("icsOf", () => {
  const lines = (text: string, title = "x") =>
    icsOf({ name: "ACME: unlocks", events: [{ id: "a@b", time: 2_214_000_000n, title, text }] }).split(
      "\r\n",
    );

  it("has one event a moment, in UTC", () => {
    expect(lines("Yours")).to.deep.equal([
      ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Slipway//Unlock calendar//EN"],
      ...["X-WR-CALNAME:ACME: unlocks", "BEGIN:VEVENT", "UID:a@b"],
      // 28 February 2040, 00:00.
      ...["DTSTAMP:20400228T000000Z", "DTSTART:20400228T000000Z", "SUMMARY:x", "DESCRIPTION:Yours"],
      ...["TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR", ""],
    ]);
  });

  it("takes foreign text for text: it opens no line and no field of its own", () => {
    const told = lines("one\r\nEND:VCALENDAR", "a;b,c\\d");
    expect(told).to.include("DESCRIPTION:one\\nEND:VCALENDAR");
    expect(told).to.include("SUMMARY:a\\;b\\,c\\\\d");
  });

  it("folds lines to 75 bytes, without cutting a character", () => {
    const folded = lines("代币".repeat(60));
    for (const line of folded) expect(Buffer.byteLength(line)).to.be.at.most(75);
    expect(folded.join("").replaceAll(/ (?=[代币])/g, "")).to.contain("代币".repeat(60));
  });
});
