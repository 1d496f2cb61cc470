import { expect } from "chai";
import type { Browser } from "playwright-core";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, type Launch } from "./support/startLaunch.ts";
import { visit, type Visitor } from "./support/visitor.ts";

/** Words by which a reader knows the language: the button of the header, the open sale, why Cleo may not buy. */
const languages = [
  {
    code: "es",
    tag: "es-MX",
    dir: "ltr",
    connect: "Conectar cartera",
    signIn: "Iniciar sesión",
    open: "Abierta",
  },
  { code: "zh", tag: "zh-TW", dir: "ltr", connect: "连接钱包", open: "开放" },
  { code: "ar", tag: "ar-EG", dir: "rtl", connect: "توصيل المحفظة", open: "مفتوح" },
] as const;
const kycMissing = {
  es: "Esta cartera no ha superado la verificación de identidad",
  zh: "此钱包没有通过身份验证",
  ar: "لم تجتز هذه المحفظة التحقق من الهوية",
};

/** Whether a word's first two letters look different: without a font for them, both are the same box. */
function areDrawnApart(word: string): boolean {
  const [one, other] = Array.from(word, (letter) => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d")!;
    pen.font = "40px system-ui, sans-serif";
    pen.fillText(letter, 10, 60);
    return canvas.toDataURL();
  });
  return one !== other;
}

describe("the page in other languages", function () {
  this.timeout(120_000);
  let launch: Launch;
  let browser: Browser;
  let visitor: Visitor;

  before(async () => {
    [launch, browser] = await Promise.all([startLaunch(), startBrowser()]);
  });
  afterEach(() => visitor.close());
  after(async () => {
    await browser.close();
    await launch.close();
  });

  for (const { code, tag, dir, connect, open } of languages) {
    it(`speaks ${code} to a browser that asks for ${tag}, errors included, and fits`, async () => {
      visitor = await visit(browser, launch, { options: { locale: tag } });
      const { page } = visitor;
      expect(await page.locator("html").getAttribute("lang")).to.equal(code);
      expect(await page.locator("html").getAttribute("dir")).to.equal(dir);
      expect(await visitor.text("phase")).to.equal(open);
      expect(await page.evaluate(areDrawnApart, open), "a font for this language is not installed").to.equal(
        true,
      );

      await page.getByRole("banner").getByRole("button", { name: connect }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Cleo" }).click();
      await visitor.see("ineligible");
      expect(await visitor.text("ineligible")).to.contain(kycMissing[code]);
      expect(await inspect(page, `30-${code}`)).to.deep.equal([]);
      expect(visitor.complaints).to.deep.equal([]);
    });
  }

  it("keeps the language that was chosen, over a reload", async () => {
    visitor = await visit(browser, launch, { options: { locale: "de-DE" } });
    const { page } = visitor;
    expect(await visitor.text("phase")).to.equal("Open");
    await page.getByLabel("Language").selectOption("ar");
    await page.getByTestId("phase").getByText("مفتوح").waitFor();
    await page.reload();
    await page.getByTestId("phase").getByText("مفتوح").waitFor();
    expect(await page.locator("html").getAttribute("dir")).to.equal("rtl");
  });

  it("falls back to English where a language does not load", async () => {
    visitor = await visit(browser, launch, {
      options: { locale: "es-ES" },
      prepare: async (page) => {
        await page.route(/assets\/(page|errors)-/, (route) => route.abort());
      },
    });
    expect(await visitor.text("phase")).to.equal("Open");
  });
});
