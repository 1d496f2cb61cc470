import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { decodeAbiParameters, zeroAddress, type Hex } from "viem";
import demo from "../../launch.config.ts";
import { contractArtifact } from "../../deploy/artifacts.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { readRecord } from "../../deploy/readRecord.ts";
import { verifySource } from "../../src/hardhat/tasks/verifySource.ts";
import { createEtherscan, createSourcify, type Explorer } from "../../src/launch/verifySource/explorers.ts";
import { standardInput } from "../../src/launch/verifySource/standardInput.ts";
import { sourcesOf, verifySources } from "../../src/launch/verifySource/verifySources.ts";
import { stringifyRecord } from "../../src/sdk/json.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { instantClock } from "../support/indexerUnderTest.ts";
import { planOn, startNode } from "../support/planWorld.ts";
import { answerOf, runtimeAt } from "../support/taskAnswer.ts";

type Answer = { status?: number; body?: unknown; location?: string };
type Asked = { path: string; query: URLSearchParams; body: string };

const artifact = "LaunchRegistry.sol/LaunchRegistry";
const address = "0x00000000000000000000000000000000000000Aa";
const KEY = "K3YTHATNOBODYMAYSEE";

describe("verifying sources at explorers", () => {
  let server: Server;
  let url: string;
  /** What the fake explorer answers. */
  let answer: (asked: Asked) => Answer;
  let asked: Asked[];
  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const { pathname, searchParams } = new URL(request.url ?? "", url);
        const one = { path: pathname, query: searchParams, body };
        asked.push(one);
        const { status = 200, body: told, location } = answer(one);
        const isText = typeof told === "string";
        response.writeHead(status, {
          "content-type": isText ? "text/html" : "application/json",
          ...(location === undefined ? {} : { location }),
        });
        response.end(isText ? told : JSON.stringify(told));
      });
    }).listen(0, "127.0.0.1");
    await new Promise((listening) => server.once("listening", listening));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  after(() => server.close());
  beforeEach(() => (asked = []));

  /** One after the other, the last for ever. */
  function inTurn(...answers: Answer[]): void {
    answer = () => (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
  }
  const clock = instantClock();
  const explorers = (): Explorer[] => [
    createSourcify({ url, clock }),
    createEtherscan({ name: "etherscan", url: `${url}/v2/api`, key: KEY, clock }),
    createEtherscan({ name: "blockscout", url: `${url}/api`, key: undefined, clock }),
  ];
  async function outcome(explorer: Explorer) {
    const sources = [{ artifact, chainId: 11_155_111, address, constructorArgs: [] }] as const;
    const [one] = await verifySources({ sources, on: [explorer], clock });
    return one;
  }
  const [sourcify, etherscan, blockscout] = [0, 1, 2].map((at) => () => explorers()[at] as Explorer) as [
    () => Explorer,
    () => Explorer,
    () => Explorer,
  ];

  const down: Answer = { status: 502, body: "<html>Bad gateway</html>" };
  const unknown: Answer = { status: 404, body: { match: null, chainId: "11155111", address } };
  const job = { verificationId: "7", jobStartTime: "now" };
  const queued: Answer = { status: 202, body: { verificationId: "7" } };
  const ok = (result: string): Answer => ({ body: { status: "1", message: "OK", result } });
  const no = (result: string): Answer => ({ body: { status: "0", message: "NOTOK", result } });

  describe("on Sourcify", () => {
    it("goes on past one that is down and busy, waits in its queue, and sends what was compiled", async () => {
      const busy: Answer = { status: 429, body: { customCode: "too_many", message: "slow down" } };
      inTurn(
        ...[down, unknown, busy, unknown, queued],
        { body: { ...job, isJobCompleted: false } },
        { body: { ...job, isJobCompleted: true, contract: { match: "exact_match" } } },
      );
      expect(await outcome(sourcify())).to.deep.equal({
        artifact,
        address,
        explorer: "sourcify",
        verified: true,
      });
      const sent = asked.filter(({ body }) => body !== "").at(-1);
      expect(sent?.path).to.equal(`/v2/verify/11155111/${address}`);
      expect(JSON.parse(sent?.body ?? "{}")).to.deep.equal({
        stdJsonInput: standardInput(artifact).input,
        contractIdentifier: "project/contracts/LaunchRegistry.sol:LaunchRegistry",
        compilerVersion: "v0.8.37+commit.f401782d",
      });
    });

    it("asks nothing more where the source is shown already, however that is said", async () => {
      const known = { customCode: "already_verified", message: "known" };
      const turns: Answer[][] = [
        [{ body: { match: "match" } }],
        [unknown, { status: 409, body: known }],
        [unknown, queued, { body: { ...job, isJobCompleted: true, error: known } }],
      ];
      for (const turn of turns) {
        asked = [];
        inTurn(...turn);
        expect(await outcome(sourcify())).to.have.property("verified", true);
        expect(asked).to.have.length(turn.length);
      }
    });

    it("takes no for an answer once, and another form of answer never for a yes", async () => {
      const differs = { customCode: "no_match", message: "The bytecodes differ" };
      inTurn(unknown, queued, {
        body: { ...job, isJobCompleted: true, contract: { match: null }, error: differs },
      });
      expect(await outcome(sourcify())).to.include({ verified: false, why: "The bytecodes differ" });
      expect(asked).to.have.length(3);

      for (const odd of [
        down,
        { body: "<html>ok</html>" },
        { body: { ok: true } },
        { body: null },
        { body: [] },
      ]) {
        asked = [];
        inTurn(odd);
        expect(await outcome(sourcify())).to.have.property("verified", false);
        expect(asked.length, JSON.stringify(odd)).to.be.at.least(3);
      }
    });

    it("gives up a queue that never moves", async () => {
      inTurn(unknown, queued, { body: { ...job, isJobCompleted: false } });
      expect(await outcome(sourcify())).to.include({ verified: false });
      expect(asked.length).to.be.below(300);
    });
  });

  for (const [name, explorer] of [
    ["Etherscan", etherscan],
    ["Blockscout", blockscout],
  ] as const) {
    describe(`on ${name}`, () => {
      it("goes on past rate limits and a node that has not seen the contract, and waits for its turn", async () => {
        inTurn(
          ...[
            no("Max calls per sec rate limit reached (3/sec)"),
            no(`Unable to locate ContractCode at ${address}`),
          ],
          ...[ok("guid-1"), no("Pending in queue"), no("In progress"), ok("Pass - Verified")],
        );
        expect(await outcome(explorer())).to.have.property("verified", true);
        const [, , sent, polled] = asked;
        expect(Object.fromEntries(sent?.query ?? [])).to.deep.equal({
          ...{ chainid: "11155111", module: "contract", action: "verifysourcecode" },
          ...(name === "Etherscan" ? { apikey: KEY } : {}),
        });
        const form = new URLSearchParams(sent?.body);
        expect(JSON.parse(form.get("sourceCode") ?? "")).to.deep.equal(standardInput(artifact).input);
        expect(form.get("contractaddress")).to.equal(address);
        expect(polled?.query.get("guid")).to.equal("guid-1");
      });

      it("takes what is shown already for a yes", async () => {
        for (const turn of [
          [no("Contract source code already verified")],
          [no("Smart-contract already verified.")],
          [ok("guid-1"), no("Already Verified")],
        ]) {
          inTurn(...turn);
          expect(await outcome(explorer())).to.have.property("verified", true);
        }
      });

      it("takes no for an answer once, and another form of answer never for a yes", async () => {
        inTurn(ok("guid-1"), no("Fail - Unable to verify"));
        expect(await outcome(explorer())).to.include({ verified: false, why: "Fail - Unable to verify" });
        expect(asked).to.have.length(2);

        for (const odd of [
          down,
          { body: "<html>ok</html>" },
          { body: { status: "1", result: [] } },
          no("Later"),
        ]) {
          asked = [];
          inTurn(odd);
          expect(await outcome(explorer())).to.have.property("verified", false);
          expect(asked).to.have.length(3);
        }
      });
    });
  }

  it("shows a key to nobody: not in a message, nor to where an explorer points", async () => {
    inTurn(no(`Invalid API Key ${KEY}`));
    expect(await outcome(etherscan())).to.include({ why: "Invalid API Key …" });
    expect(asked).to.have.length(1);

    asked = [];
    inTurn({ status: 307, location: `${url}/elsewhere` });
    expect(await outcome(etherscan())).to.include({ verified: false, why: "does not answer" });
    expect(asked.some(({ path }) => path === "/elsewhere")).to.equal(false);
  });

  it("sends sources that compile to the artifact", () => {
    const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };
    const { contract, input } = standardInput(artifact);
    const [file = "", name = ""] = contract.split(":");
    const { contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as {
      contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
    };
    const { bytecode } = contractArtifact(artifact);
    expect(`0x${contracts[file]?.[name]?.evm.bytecode.object ?? ""}`).to.equal(bytecode);
  });

  it("names every contract of a launch, with what it was created with", () => {
    const { terms, sale, token, modules } = deploymentOf(demo);
    const record = { chainId: 31337, sale: sale.address, token, terms, registry: modules.registry.address };
    const sources = sourcesOf(record as unknown as LaunchRecord);
    expect(sources.map(({ artifact: name }) => name.split("/").at(-1))).to.deep.equal([
      ...["Sale", "LaunchToken", "VenueV4", "Vesting", "LaunchRegistry"],
    ]);
    expect(sources[0]?.constructorArgs).to.deep.equal([terms]);
    const onV3 = sourcesOf({ ...record, token: zeroAddress } as unknown as LaunchRecord);
    expect(onV3.some(({ artifact: name }) => name.startsWith("LaunchToken"))).to.equal(false);
  });

  describe("as a command", () => {
    let node: Awaited<ReturnType<typeof startNode>>;
    let folder: string;
    let record: LaunchRecord;
    before(async () => {
      node = await startNode();
      await planOn(node.chain); // carries it out
      record = await readRecord({ launch: demo, client: node.chain });
      folder = mkdtempSync(join(tmpdir(), "slipway-sources-"));
      writeFileSync(join(folder, "launch.json"), stringifyRecord(record));
    });
    after(async () => {
      await node.close();
      rmSync(folder, { recursive: true });
    });
    const run = (on: string, dryRun = false) =>
      answerOf(() =>
        verifySource({ record: join(folder, "launch.json"), on, dryRun, json: true }, runtimeAt(node.url)),
      );

    it("has each explorer named show each contract, with the arguments that are on chain", async () => {
      process.env["ETHERSCAN_API_KEY"] = KEY;
      try {
        answer = ({ path, query, body }) => {
          if (path.startsWith("/v2/contract")) return unknown;
          if (path.startsWith("/v2/verify"))
            return body === ""
              ? { body: { ...job, isJobCompleted: true, contract: { match: "match" } } }
              : queued;
          return ok(query.get("action") === "checkverifystatus" ? "Pass - Verified" : "guid-1");
        };
        const on = `sourcify=${url},etherscan=${url}/v2/api,blockscout=${url}/api`;
        const [{ outcomes }, exitCode] = await run(on);
        expect(exitCode).to.equal(0);
        expect((outcomes as { verified: boolean }[]).map(({ verified }) => verified)).to.deep.equal(
          Array.from({ length: 15 }, () => true),
        );
      } finally {
        delete process.env["ETHERSCAN_API_KEY"];
      }

      const sent = asked.map(({ body }) => new URLSearchParams(body));
      const token = sent.find((form) => form.get("contractaddress") === record.token);
      const args: Hex = `0x${token?.get("constructorArguments") ?? ""}`;
      const words = ["string", "string", "uint8", "uint256"].map((type) => ({ type }));
      const { name, symbol, decimals, maxSupply } = demo.token;
      expect(decodeAbiParameters(words, args)).to.deep.equal([name, symbol, decimals, maxSupply]);
    });

    it("exits with 1 where one did not pass, and refuses what it cannot ask", async () => {
      answer = () => ok("Fail - Unable to verify");
      const [{ outcomes }, exitCode] = await run(`blockscout=${url}/api`);
      expect(exitCode).to.equal(1);
      expect(outcomes).to.have.length(5);

      for (const on of ["etherscam", "sourcify=elsewhere", "blockscout", "etherscan"]) {
        const [{ error }, code] = await run(on);
        expect([on, error?.code, code]).to.deep.equal([on, "usage", 1]);
      }
    });

    it("says beforehand what it would send, and sends nothing", async () => {
      asked = [];
      const [{ sources }] = await run(`sourcify=${url}`, true);
      expect(sources).to.have.length(5);
      expect(asked).to.deep.equal([]);
    });
  });
});
