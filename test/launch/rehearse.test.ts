import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { createWalletClient, custom, getContractAddress } from "viem";
import ico from "../../examples/launches/ico.config.ts";
import demo from "../../launch.config.ts";
import { contractArtifact } from "../../deploy/artifacts.ts";
import task from "../../src/hardhat/tasks/rehearse.ts";
import type { Rehearsal } from "../../src/launch/rehearse/Rehearsal.ts";
import { rehearse } from "../../src/launch/rehearse/rehearse.ts";
import { plays } from "../../src/launch/rehearse/scenes.ts";
import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { launchFile } from "../support/launchFile.ts";
import { emptyChain, planOn, SENDER, startNode } from "../support/planWorld.ts";
import { answerOf, runtimeAt } from "../support/taskAnswer.ts";

describe("launch rehearse", () => {
  const faults = ({ scenes }: Rehearsal) =>
    scenes
      .filter(({ ok }) => !ok)
      .map(({ name, seen, ended, books }) => ({
        ...{ name, ended, failing: books?.failing },
        seen: seen.filter(({ expected }) => !expected),
      }));

  it("plays every scene on a fork of a node, tells what each person saw, and writes it down", async function () {
    this.timeout(600_000);
    const folder = mkdtempSync(join(tmpdir(), "slipway-rehearse-"));
    const node = await startNode();
    try {
      const file = resolve("launch.config.ts");
      const [answer, exitCode] = await answerOf(() =>
        task({ file, out: folder, json: true }, runtimeAt(node.url)),
      );
      const told = answer as unknown as Rehearsal;
      expect(faults(told)).to.deep.equal([]);
      expect(exitCode).to.equal(0);
      expect(told.scenes.map(({ name }) => name)).to.deep.equal(plays.map(({ name }) => name));
      expect(await node.chain.getBlockNumber()).to.equal(0n);

      const saw = (scene: string, code: string) =>
        told.scenes.find(({ name }) => name === scene)?.seen.some((one) => one.saw.startsWith(code));
      const expected: [scene: string, code: string][] = [
        ["success", "Sale_ListingTooEarly"],
        ["signer down", "signer-unreachable"],
        ["signer down", "Sale_VoucherExpired"],
        ["RPC down", "rpc-unreachable"],
        ["pause", "Sale_Paused"],
        ["poisoned pools", "transaction-reverted"],
        ["deadline passed", "Sale_WrongPhase"],
      ];
      for (const [scene, code] of expected) expect(saw(scene, code), `${scene} ${code}`).to.equal(true);

      const page = readFileSync(join(folder, "rehearsal.md"), "utf8");
      for (const { name } of plays) expect(page).to.contain(` ${name}\n`);
      expect(page).not.to.contain("not expected");
      expect(JSON.parse(readFileSync(join(folder, "rehearsal.json"), "utf8"))).to.deep.equal(answer);
    } finally {
      await node.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const venues: [string, Launch][] = [
    ["v2", { ...demo, listing: { ...demo.listing, venue: "uniswap-v2", tickSpacing: 0 } }],
    ["v3", { ...demo, listing: { ...demo.listing, venue: "uniswap-v3" } }],
  ];
  for (const [name, launch] of venues) {
    it(`lists on ${name} at the price of the terms, whatever a stranger did before`, async () => {
      const chain = await emptyChain();
      await planOn(chain, { launch });
      const told = await rehearse({ launch, chain, only: ["poisoned pools"] });
      expect(faults(told)).to.deep.equal([]);
    });
  }

  it("plays a sale for ether, and says what cannot happen to it", async () => {
    const chain = await emptyChain();
    await planOn(chain, { launch: ico });
    const told = await rehearse({ launch: ico, chain, only: ["success", "signer down", "poisoned pools"] });
    expect(faults(told)).to.deep.equal([]);
    expect(told.scenes.map(({ skipped }) => skipped)).to.deep.equal([
      ...[undefined, "this sale takes no vouchers", undefined],
    ]);
  });

  it("plays a sale of a token that exists, funded by the treasury", async () => {
    const chain = await emptyChain();
    const { abi, bytecode } = contractArtifact("mocks/PlainCurrency.sol/PlainCurrency");
    const nonce = await chain.getTransactionCount({ address: SENDER });
    const wallet = createWalletClient({ account: SENDER, transport: custom(chain) });
    await wallet.deployContract({ abi, bytecode, chain: null });
    const file = launchFile();
    const launch = defineLaunch({
      ...file,
      token: {
        ...{ name: "Plain Dollar", symbol: "PLN", decimals: 6, supply: "10_000_000" },
        existing: getContractAddress({ from: SENDER, nonce: BigInt(nonce) }),
      },
      listing: { ...file.listing, venue: "uniswap-v4" },
      payout: { ...file.payout, unsold: "treasury" },
    });
    await planOn(chain, { launch });
    const told = await rehearse({ launch, chain, only: ["success", "soft cap missed", "poisoned pools"] });
    expect(faults(told)).to.deep.equal([]);
  });
});
