import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  encodeAbiParameters,
  encodeEventTopics,
  keccak256,
  numberToHex,
  toHex,
  type Address,
  type Hex,
} from "viem";
import { contractArtifact } from "../../deploy/artifacts.ts";
import { creationOf } from "../../deploy/creation.ts";
import { KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";
import { saleCreation } from "../../deploy/saleCreation.ts";
import { systemClock } from "../../src/chain/clock.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { slipway } from "../../src/hardhat/slipway.ts";
import { verifySale } from "../../src/launch/verify/verifySale.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { openLaunch, startOpenLaunch } from "../support/listedLaunch.ts";
import { startRpcProxy, type Lie } from "../support/rpcProxy.ts";

const UNIT = 10n ** 6n;

describe("slipway verify", () => {
  let world: Awaited<ReturnType<typeof startOpenLaunch>>;
  let proxy: Awaited<ReturnType<typeof startRpcProxy>>;
  let snapshot: unknown;
  before(async () => {
    world = await startOpenLaunch();
    proxy = await startRpcProxy(world.node.url);
  });
  after(async () => {
    await proxy.close();
    await world.close();
  });
  beforeEach(async () => {
    snapshot = await world.rpc("evm_snapshot");
    proxy.lie = () => undefined;
  });
  afterEach(() => world.rpc("evm_revert", [snapshot]));

  const verify = (sale: Address = world.sale, launch?: Launch) =>
    verifySale({
      ...{ chainId: 31337, sale, launch },
      pool: createRpcPool({ urls: [proxy.url], clock: systemClock, attempts: 2 }),
    });
  /** Names of the comparisons that differ. */
  const red = async (sale?: Address, launch?: Launch): Promise<string[]> => {
    const { ok, checks } = await verify(sale, launch);
    const names = checks.filter((check) => !check.ok).map(({ name }) => name);
    expect(ok).to.equal(names.length === 0);
    return names;
  };

  it("is green in mid-sale, and says where every unit lies", async () => {
    const { ok, found, checks } = await verify(world.sale, openLaunch);
    expect(checks.filter((check) => !check.ok)).to.deep.equal([]);
    expect(ok).to.equal(true);
    expect(found?.phase).to.equal("open");
    expect([found?.entries, found?.buyers, found?.raised]).to.deep.equal([6, 3, 210_000n * UNIT]);
    expect(found?.currency).to.deep.equal([
      { holder: "sale, owed to those named", amount: 210_000n * UNIT },
      { holder: "buyers, withdrawn", amount: 60_000n * UNIT },
    ]);
    expect(found?.series).to.deep.equal([60n, 0n, 60n, 130n, 210n, 210n].map((each) => each * 1_000n * UNIT));
  });

  it("is green when listed, claimed and released, with nothing left over", async () => {
    await world.list();
    const { ok, found, checks } = await verify();
    expect(checks.filter((check) => !check.ok)).to.deep.equal([]);
    expect(ok).to.equal(true);
    // 2 % of 210,000; 40 % of the rest; what remains.
    expect(found?.currency).to.deep.equal([
      { holder: "buyers, withdrawn", amount: 60_000n * UNIT },
      { holder: "pool, at listing", amount: 82_320n * UNIT },
      { holder: "fee recipient", amount: 4_200n * UNIT },
      { holder: "treasury", amount: 123_480n * UNIT },
    ]);
    const all = found?.tokens.reduce((sum, { amount }) => sum + amount, 0n);
    expect(all).to.equal(openLaunch.token.maxSupply);
  });

  it("is green on v3, where the token is born in the listing: before, and when listed", async () => {
    const listing = { ...openLaunch.listing, venue: "uniswap-v3", feeTier: 3_000, tickSpacing: 60 } as const;
    const launch = { ...openLaunch, listing };
    const onV3 = await startOpenLaunch(launch);
    const verified = async () => {
      const pool = createRpcPool({ urls: [onV3.node.url], clock: systemClock, attempts: 2 });
      const { ok, checks, found } = await verifySale({ chainId: 31337, sale: onV3.sale, pool, launch });
      expect(checks.filter((check) => !check.ok)).to.deep.equal([]);
      expect(ok).to.equal(true);
      return found;
    };
    try {
      expect((await verified())?.tokens).to.deep.equal([]);
      await onV3.list();
      const all = (await verified())?.tokens.reduce((sum, { amount }) => sum + amount, 0n);
      expect(all).to.equal(launch.token.maxSupply);
    } finally {
      await onV3.close();
    }
  });

  it("is red for one altered opcode, and looks no further", async () => {
    const code = (await world.chain.getCode({ address: world.sale })) ?? "0x";
    await world.rpc("hardhat_setCode", [world.sale, `${code.slice(0, 8)}5b${code.slice(10)}`]);
    const { found } = await verify();
    expect(found).to.equal(undefined);
    expect(await red()).to.deep.equal(["code of the sale"]);
  });

  it("is red for a look-alike: the same code at an address that does not follow from it", async () => {
    const lookAlike: Address = "0x00000000000000000000000000000000000000AB";
    const code = (await world.chain.getCode({ address: world.sale })) ?? "0x";
    await world.rpc("hardhat_setCode", [lookAlike, code]);
    expect(await red(lookAlike)).to.deep.equal(["the sale told its terms when it was created"]);
    // It even gets the real one's events.
    proxy.lie = ({ method }, result) =>
      method === "eth_getLogs" ? (result as object[]).concat(created) : undefined;
    const [topic] = encodeEventTopics({ abi: saleAbi, eventName: "Created" });
    const created = (
      (await world.rpc("eth_getLogs", [{ address: world.sale, topics: [topic], fromBlock: "0x0" }])) as {
        address: Address;
      }[]
    ).map((log) => ({ ...log, address: lookAlike }));
    expect(await red(lookAlike)).to.include("address of the sale, from its code and terms");
  });

  it("R1 is red for a module that is not canonical", async () => {
    const foreign = creationOf(contractArtifact("Vesting.sol/Vesting"), [], numberToHex(1, { size: 32 }));
    const { vesting } = world.terms;
    const terms = { ...world.terms, vesting: { ...vesting, vesting: foreign.address } };
    const { sale } = saleCreation(terms);
    for (const { call } of [foreign, sale]) {
      const deployment = {
        from: world.buyers[0],
        to: KEYLESS_DEPLOYER,
        data: call,
        gas: numberToHex(12_000_000),
      };
      await world.rpc("eth_sendTransaction", [deployment]);
    }
    expect(await red(sale.address)).to.deep.equal(["vesting is canonical"]);
  });

  it("is red for a tampered balance, of currency and of tokens", async () => {
    const slot = keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [world.sale, 0n]));
    const { currency } = world.terms.sale;
    const held = (await world.rpc("eth_getStorageAt", [currency, slot, "latest"])) as Hex;
    expect(BigInt(held)).to.equal(210_000n * UNIT);
    await world.rpc("hardhat_setStorageAt", [currency, slot, numberToHex(BigInt(held) - 1n, { size: 32 })]);
    expect(await red()).to.deep.equal([
      "currency in the sale covers what it owes",
      "currency paid in, by where it lies",
    ]);

    const { found } = await verify();
    const token = found?.token ?? "0x";
    await world.rpc("hardhat_setStorageAt", [token, slot, numberToHex(1n, { size: 32 })]);
    expect(await red()).to.include("tokens in the sale cover what it owes");
  });

  it("is red for a forged, a missing and a changed event", async () => {
    type Log = { topics: Hex[]; data: Hex };
    const forged = (change: (logs: Log[]) => Log[]): Lie => {
      const [created] = encodeEventTopics({ abi: saleAbi, eventName: "Created" });
      return ({ method, params }, result) => {
        const [filter] = params as [{ topics?: Hex[]; address?: string }];
        if (method !== "eth_getLogs" || filter.topics?.[0] === created) return undefined;
        if (filter.address?.toLowerCase() !== world.sale.toLowerCase()) return undefined;
        return change(result as Log[]);
      };
    };
    const [purchased] = encodeEventTopics({ abi: saleAbi, eventName: "Purchased" });
    const isPurchase = ({ topics }: Log) => topics[0] === purchased;

    proxy.lie = forged((logs) => [...logs, ...logs.filter(isPurchase).slice(-1)]);
    expect(await red()).to.include("history at the block");
    proxy.lie = forged((logs) => logs.filter((log) => log !== logs.find(isPurchase)));
    expect(await red()).to.include("history at the block");
    proxy.lie = forged((logs) =>
      logs.map((log) =>
        isPurchase(log) ? { ...log, data: log.data.replace("df8475800", "df8475801") as Hex } : log,
      ),
    );
    expect((await red()).some((name) => name.startsWith("history after entry"))).to.equal(true);

    await world.list();
    const [released] = encodeEventTopics({ abi: saleAbi, eventName: "TreasuryReleased" });
    proxy.lie = forged((logs) => logs.filter(({ topics }) => topics[0] !== released));
    expect(await red()).to.include("treasury's part paid out");
    const [claimed] = encodeEventTopics({ abi: saleAbi, eventName: "Claimed" });
    proxy.lie = forged((logs) =>
      logs.map((log) => (log.topics[0] === claimed ? { ...log, data: toHex(1n, { size: 32 }) } : log)),
    );
    expect(await red()).to.include("positions of 3 buyers that differ");
  });

  it("is red for another launch file, and names the terms that differ", async () => {
    const payout = { ...openLaunch.payout, feeBps: 100 };
    expect(await red(world.sale, { ...openLaunch, payout })).to.deep.equal([
      "terms, as the launch file says",
      "term payout.feeBps",
    ]);
  });

  it("prints one object, writes a page, and exits with 1 on a difference", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-verify-"));
    const lines: string[] = [];
    const { log } = console;
    console.log = (line: string) => lines.push(line);
    const run = async (...more: string[]) => {
      process.exitCode = 0;
      await slipway(["verify", `31337:${world.sale}`, "--rpc", proxy.url, "--json", ...more]);
      const code = process.exitCode;
      process.exitCode = 0;
      return [code, JSON.parse(lines.at(-1) ?? "") as { ok?: boolean; error?: { code: string } }] as const;
    };
    try {
      expect(await run("--out", folder)).to.have.deep.property("0", 0);
      expect(readFileSync(join(folder, "verify.html"), "utf8")).to.match(/Nothing differs[^]*<svg/);
      expect(JSON.parse(readFileSync(join(folder, "verify.json"), "utf8"))).to.have.property("ok", true);
      proxy.lie = ({ method }) => (method === "eth_getCode" ? "0x00" : undefined);
      const [code, { ok }] = await run();
      expect([code, ok]).to.deep.equal([1, false]);
      const [usage, { error }] = await run("--rpcs", "x");
      expect([usage, error?.code]).to.deep.equal([1, "usage"]);
    } finally {
      console.log = log;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
