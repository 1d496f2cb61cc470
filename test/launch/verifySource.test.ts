import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import hre from "hardhat";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import { zeroAddress } from "viem";
import demo from "../../launch.config.ts";
import { contractArtifact } from "../../deploy/artifacts.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { verifyBy } from "../../src/hardhat/tasks/verifySource.ts";
import { sourcesOf, verifySources } from "../../src/launch/verifySource/verifySources.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { instantClock } from "../support/indexerUnderTest.ts";

type Answer = { status: number; body: unknown };
const contract = "contracts/LaunchRegistry.sol:LaunchRegistry";
const address = "0x00000000000000000000000000000000000000Aa";

describe("verifying sources at explorers", () => {
  let server: Server;
  let connection: NetworkConnection;
  let verify: ReturnType<typeof verifyBy>;
  /** What the fake Sourcify answers, in order; the last one for ever. */
  let answers: Answer[];
  let asked: { path: string; body: string }[];
  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        asked.push({ path: request.url ?? "", body });
        const { status, body: answer } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
          status: 500,
          body: "",
        };
        const isText = typeof answer === "string";
        response.writeHead(status, { "content-type": isText ? "text/html" : "application/json" });
        response.end(isText ? answer : JSON.stringify(answer));
      });
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    const apiUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

    connection = await hre.network.create({ network: "default", override: { chainId: 11_155_111 } });
    const { deployedBytecode } = contractArtifact("LaunchRegistry.sol/LaunchRegistry");
    await connection.provider.request({ method: "hardhat_setCode", params: [address, deployedBytecode] });
    const { artifacts, globalOptions, solidity } = hre;
    const config = { ...hre.config, verify: { ...hre.config.verify, sourcify: { enabled: true, apiUrl } } };
    const network = { create: () => Promise.resolve(connection) };
    verify = verifyBy({
      artifacts,
      globalOptions,
      solidity,
      config,
      network,
    } as unknown as HardhatRuntimeEnvironment);
  });
  after(async () => {
    await connection.close();
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  async function outcome() {
    const sources = [{ contract, address, constructorArgs: [] }] as const;
    const { log } = console;
    console.log = () => undefined;
    try {
      return await verifySources({ sources, on: ["sourcify"], verify, clock: instantClock() });
    } finally {
      console.log = log;
    }
  }
  const where = { contract, address, explorer: "sourcify" };
  const unknown: Answer = {
    status: 404,
    body: { match: null, creationMatch: null, runtimeMatch: null, chainId: "11155111", address },
  };
  const down: Answer = { status: 502, body: "<html>Bad gateway</html>" };

  it("goes on past an explorer that is down and busy, and sends what was compiled", async () => {
    const busy: Answer = {
      status: 429,
      body: { customCode: "too_many", message: "slow down", errorId: "1" },
    };
    const job = { verificationId: "7", jobStartTime: "now", isJobCompleted: true };
    answers = [
      ...[down, unknown, busy, unknown],
      { status: 202, body: { verificationId: "7" } },
      { status: 200, body: { ...job, contract: { match: "exact_match" } } },
    ];
    expect(await outcome()).to.deep.equal([{ ...where, verified: true }]);
    const sent = asked.filter(({ body }) => body !== "").at(-1);
    expect(sent?.path).to.equal(`/v2/verify/11155111/${address}`);
    const { stdJsonInput, contractIdentifier } = JSON.parse(sent?.body ?? "{}") as {
      stdJsonInput: { settings: { viaIR: boolean } };
      contractIdentifier: string;
    };
    expect(contractIdentifier).to.contain("LaunchRegistry.sol:LaunchRegistry");
    expect(stdJsonInput.settings.viaIR).to.equal(true);
  });

  it("says what failed, and takes neither HTML nor another shape for a yes", async () => {
    for (const answer of [
      down,
      { status: 200, body: "<html>ok</html>" },
      { status: 200, body: { ok: true } },
    ]) {
      answers = [answer];
      const [one] = await outcome();
      expect(one).to.deep.include({ ...where, verified: false });
      expect(asked.length).to.be.at.least(3);
    }
  });

  it("names every contract of a launch, with what it was created with", () => {
    const { terms, sale, token, modules } = deploymentOf(demo);
    const record = { chainId: 31337, sale: sale.address, token, terms, registry: modules.registry.address };
    const sources = sourcesOf(record as unknown as LaunchRecord);
    expect(sources.map(({ contract: name }) => name.split(":")[1])).to.deep.equal([
      ...["Sale", "LaunchToken", "VenueV4", "Vesting", "LaunchRegistry"],
    ]);
    expect(sources[0]?.constructorArgs).to.deep.equal([terms]);
    const onV3 = sourcesOf({ ...record, token: zeroAddress } as unknown as LaunchRecord);
    expect(onV3.some(({ contract: name }) => name.endsWith(":LaunchToken"))).to.equal(false);
  });
});
