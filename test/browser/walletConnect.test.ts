import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { hardhat } from "viem/chains";
import { PAIRING, PROJECT_ID, walletConnectPackage } from "../support/walletConnectPackage.ts";
import { announceWallet } from "./support/announceWallet.ts";
import { inspect } from "./support/inspect.ts";
import { startBrowser } from "./support/startBrowser.ts";
import { startLaunch, UNIT, type Launch, type PersonaName } from "./support/startLaunch.ts";
import { visit, type Visitor } from "./support/visitor.ts";

type Init = { projectId: string; showQrModal: boolean; telemetryEnabled: boolean };
type Paired = Visitor & {
  asked: string[];
  /** What the wallet says once it is asked. */
  agree: (yes: boolean) => Promise<void>;
  /** How often the package was asked for a provider since the page was loaded, and how. */
  inits: () => Promise<Init[]>;
};

describe("a page built with WalletConnect", function () {
  this.timeout(90_000);
  let folder: string;
  let launch: Launch;
  let browser: Browser;
  let visitor: Paired;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-walletconnect-"));
    const env = { WALLETCONNECT_PROJECT_ID: PROJECT_ID };
    [launch, browser] = await Promise.all([
      startLaunch({ page: { env, modules: walletConnectPackage(folder) } }),
      startBrowser(),
    ]);
  });
  afterEach(() => visitor.close());
  after(async () => {
    await browser.close();
    await launch.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Somebody whose wallet is on another device. */
  async function arrive(name: PersonaName, traits: { atomic?: "supported"; locale?: string } = {}) {
    const { locale = "en", ...more } = traits;
    const answers: ((yes: boolean) => void)[] = [];
    let asked: string[] = [];
    const own = await visit(browser, launch, {
      options: { locale, permissions: ["clipboard-read", "clipboard-write"] },
      prepare: async (page) => {
        const { account } = launch.named(name);
        const wallet = { account, chain: hardhat, rpcUrl: launch.chain.url, elsewhere: true, ...more };
        ({ asked } = await announceWallet(page, wallet));
        await page.exposeFunction("agreeElsewhere", () => new Promise((done) => answers.push(done)));
      },
    });
    visitor = {
      ...own,
      asked,
      agree: async (yes) => {
        while (answers.length === 0) await new Promise((done) => setTimeout(done, 20));
        answers.shift()!(yes);
      },
      inits: () =>
        own.page.evaluate(
          () => (window as unknown as { walletConnectInits?: Init[] }).walletConnectInits ?? [],
        ),
    };
  }

  async function choose(): Promise<void> {
    const { page } = visitor;
    await page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "WalletConnect" }).click();
    await visitor.see("pairing");
  }

  async function buy(): Promise<void> {
    await visitor.page.getByRole("button", { name: "Sign in" }).click();
    await visitor.order("100");
    await visitor.see("receipt");
  }

  it("loads the package only for who chooses it, and shows the link to the wallet", async () => {
    await arrive("Ada");
    expect(await visitor.inits()).to.deep.equal([]);
    await choose();
    expect(await visitor.inits()).to.deep.equal([
      { projectId: PROJECT_ID, showQrModal: false, telemetryEnabled: false },
    ]);

    const { page } = visitor;
    expect(await page.getByRole("link", { name: "Open the wallet" }).getAttribute("href")).to.equal(PAIRING);
    expect(await visitor.text("pairing")).to.contain(PAIRING);
    expect(await inspect(page, "08-pairing")).to.deep.equal([]);
    await page.getByRole("button", { name: "Copy the link" }).click();
    await page.getByRole("button", { name: "Link copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(PAIRING);
  });

  it("connects, stays so after a reload, buys as any wallet does, and ends", async () => {
    await arrive("Ada");
    const { account } = launch.named("Ada");
    await choose();
    await visitor.agree(true);
    await visitor.see("wallet");
    await visitor.page.reload();
    await visitor.see("wallet");
    await buy();
    expect((await launch.positionOf(account.address)).paid).to.equal(100n * UNIT);
    expect(visitor.asked).to.deep.equal(["personal_sign", "eth_signTypedData_v4", "eth_sendTransaction"]);
    expect(visitor.complaints).to.deep.equal([]);
    const own = [launch.url, launch.chain.url, launch.signer.url, launch.indexer.url];
    expect([...visitor.origins]).to.have.members(own.map((url) => new URL(url).origin));

    await visitor.page.getByRole("button", { name: "Disconnect" }).click();
    await visitor.page.reload();
    await visitor.see("phase");
    await visitor.page.getByRole("banner").getByRole("button", { name: "Connect wallet" }).waitFor();
    expect(await visitor.inits()).to.deep.equal([]);
  });

  it("buys in one confirmation where the wallet takes batches", async () => {
    await arrive("Bao", { atomic: "supported" });
    await choose();
    await visitor.agree(true);
    await visitor.see("wallet");
    await buy();
    expect(visitor.asked).to.deep.equal(["personal_sign", "wallet_sendCalls"]);
  });

  it("says that the wallet declined, and pairs at the next try", async () => {
    await arrive("Finn");
    await choose();
    await visitor.agree(false);
    const { page } = visitor;
    await page.getByRole("dialog").getByText("wallet-rejected").waitFor();
    await page.getByTestId("pairing").waitFor({ state: "detached" });
    await page.getByRole("dialog").getByRole("button", { name: "WalletConnect" }).click();
    await visitor.agree(true);
    await visitor.see("wallet");
  });

  for (const [locale, words] of [
    ["es", "Copiar el enlace"],
    ["zh", "复制链接"],
    ["ar", "نسخ الرابط"],
  ] as const) {
    it(`speaks ${locale}`, async () => {
      await arrive("Ada", { locale });
      const { page } = visitor;
      await page.getByRole("banner").locator("button.primary").click();
      await page.getByRole("dialog").getByRole("button", { name: "WalletConnect" }).click();
      await page.getByTestId("pairing").getByRole("button", { name: words }).waitFor();
    });
  }
});
