import { i18n } from "@lingui/core";
import { expect } from "chai";
import { errorText } from "../../src/web/text/errorText.ts";
import { formatAmount } from "../../src/web/text/formatAmount.ts";
import { formatSpan, formatTime } from "../../src/web/text/formatTime.ts";

describe("another language", () => {
  const none = { locale: "", messages: {} };
  before(() => {
    i18n.loadAndActivate({
      locale: "es",
      messages: { "The voucher has expired": "El vale ha caducado", "Renew it.": "Renuévelo." },
    });
  });
  after(() => {
    i18n.loadAndActivate(none);
  });

  it("tells an error in its words, and keeps what happened as it was said", () => {
    expect(
      errorText({ message: "The voucher has expired: now 5, until 4", wayOut: "Renew it." }),
    ).to.deep.equal({
      ...{ title: "El vale ha caducado", wayOut: "Renuévelo." },
      original: "The voucher has expired: now 5, until 4",
    });
    expect(errorText({ message: "The voucher has expired", wayOut: "Renew it." }).original).to.equal(
      undefined,
    );
  });

  it("leaves an error that it does not know as it came", () => {
    const unknown = { message: "Somebody else's: words", wayOut: "constructor" };
    expect(errorText(unknown)).to.deep.equal({
      ...{ title: unknown.message, wayOut: unknown.wayOut },
      original: undefined,
    });
  });

  it("writes amounts, dates and spans by its rules, in digits 0 to 9", () => {
    expect(formatAmount(123_456_789_999n, 6)).to.equal("123.456,78");
    expect(formatSpan(14n * 86_400n)).to.equal("14 días");
    expect(formatTime(2_214_000_000n)).to.equal("28 feb 2040, 0:00 UTC");
    i18n.loadAndActivate({ locale: "ar", messages: {} });
    expect(formatAmount(1_500_000n, 6)).to.equal("1.50");
    expect(formatSpan(3n * 3_600n)).to.equal("3 ساعات");
  });
});

describe("amounts beyond what a double holds", () => {
  it("are shown to the last digit", () => {
    expect(formatAmount(79_228_162_514_264_337_593_543_950_335n, 18, 18)).to.equal(
      "79,228,162,514.264337593543950335",
    );
  });
});
