import { expect } from "chai";
import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "viem";
import { combineSanctions, createSdnList } from "../../src/signer/kyc/createSdnList.ts";

const NOW = Date.UTC(2030, 0, 10);
const HOUR = 3_600_000;
const address = (number: number): Address => `0x${number.toString(16).padStart(40, "0")}`;

describe("OFAC's list", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-sdn-"));
  const path = join(folder, "SDN.XML");
  let stamp = 0;
  after(() => rmSync(folder, { recursive: true }));

  const entry = (ticker: string, value: string) =>
    `<id><uid>1</uid><idType>Digital Currency Address - ${ticker}</idType><idNumber>${value}</idNumber></id>`;
  const xml = (entries: readonly string[]) =>
    `<?xml version="1.0" standalone="yes"?>\n<sdnList>\n<sdnEntry><idList>${entries.join("\n")}</idList></sdnEntry>\n</sdnList>\n`;
  const listOf = (count: number) =>
    xml(Array.from({ length: count }, (_, index) => entry("ETH", address(index + 1))));
  function write(text: string, ageHours = 1): void {
    writeFileSync(path, text);
    // Two copies in one moment must differ in their stamp.
    const at = (NOW - ageHours * HOUR + (stamp += 1)) / 1000;
    utimesSync(path, at, at);
  }
  const open = (options = {}) =>
    createSdnList({ path, maxAgeHours: 48, least: 3, now: () => NOW, ...options });
  const codeOf = (work: () => unknown): string => {
    try {
      work();
      return "passed";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it("gives the addresses of every ticker, whatever their case, and those alone", () => {
    const upper = `0x${"ABCDEF0123".repeat(4)}`;
    write(
      xml([
        ...[
          entry("ETH", address(1)),
          entry("USDT", upper),
          entry("ARB", address(3)),
          entry("USDC", address(4)),
        ],
        ...[
          entry("XBT", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
          entry("USDT", "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"),
        ],
        ...[entry("ETH", "0x12"), `<id><idType>Passport</idType><idNumber>${address(9)}</idNumber></id>`],
      ]),
    );
    const list = open();
    expect(list.check()).to.equal(4);
    for (const one of [address(1), upper.toLowerCase() as Address, address(3), address(4)])
      expect(list.includes(one), one).to.be.true;
    expect(list.includes(address(9))).to.be.false;
  });

  it("is read as the table too", () => {
    const row = (value: string) =>
      `1,"SOMEBODY","individual","CYBER2",-0- ,-0- ,"DOB 1 Jan 1970; Digital Currency Address - ETH ${value}; alt. Digital Currency Address - USDT ${address(7)};"\r\n`;
    write(`${row(address(5))}${row(address(6))}\u001a`);
    const list = open();
    expect([5, 6, 7, 8].map((number) => list.includes(address(number)))).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
  });

  it("of which there is no good copy lets nothing be signed", () => {
    for (const text of ["", "<html>busy</html>\n", listOf(2), listOf(5).slice(0, -12)]) {
      write(text);
      const list = open();
      expect(
        codeOf(() => list.check()),
        text.slice(0, 20),
      ).to.equal("sanctions-unusable");
      expect(codeOf(() => list.includes(address(1)))).to.equal("sanctions-unusable");
    }
    expect(codeOf(() => open({ path: join(folder, "nowhere") }).check())).to.equal("sanctions-unusable");
  });

  it("cut off, emptied or a fifth shorter keeps the last good copy, and says so", () => {
    write(listOf(100));
    const list = open();
    expect([list.check(), list.warning()]).to.deep.equal([100, undefined]);
    for (const text of ["", listOf(79), listOf(120).slice(0, -20)]) {
      write(text);
      expect(list.includes(address(100))).to.be.true;
      expect(list.check()).to.equal(100);
      expect(list.warning()).to.contain("last good copy");
    }
    write(listOf(80));
    expect([list.check(), list.warning()], "a fifth may go").to.deep.equal([80, undefined]);
    truncateSync(path, 10);
    rmSync(path);
    expect(list.check(), "gone").to.equal(80);
  });

  it("is trusted up to its age and not an hour longer, also where a kept copy is the last", () => {
    write(listOf(10), 48);
    expect(open().check()).to.equal(10);
    write(listOf(10), 49);
    expect(codeOf(() => open().check())).to.equal("sanctions-unusable");

    let now = NOW;
    write(listOf(10), 0);
    const list = open({ now: () => now });
    expect(list.check()).to.equal(10);
    write("", 0);
    now = NOW + 48 * HOUR;
    expect(list.check()).to.equal(10);
    now = NOW + 49 * HOUR;
    expect(codeOf(() => list.check())).to.equal("sanctions-unusable");
  });

  it("goes together with others: any of them counts, and all must be usable", () => {
    const own = {
      includes: (wallet: Address) => wallet === address(500),
      check: () => 1,
      warning: () => undefined,
    };
    write(listOf(10));
    const both = combineSanctions([own, open()]);
    expect([1, 500, 600].map((number) => both.includes(address(number)))).to.deep.equal([true, true, false]);
    expect(both.check()).to.equal(11);
    const broken = combineSanctions([own, open({ path: join(folder, "nowhere") })]);
    expect(codeOf(() => broken.includes(address(500)))).to.equal("sanctions-unusable");
  });
});
