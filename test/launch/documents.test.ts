import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encodeDeployData, getAddress, zeroAddress, type Address, type Hex } from "viem";
import demo from "../../launch.config.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import * as tasks from "../../src/hardhat/tasks/documents.ts";
import { checkDocuments } from "../../src/sdk/documents/checkDocuments.ts";
import { contractCallOf, createSignatureCheck } from "../../src/sdk/documents/checkSignature.ts";
import type { SignedDocument } from "../../src/sdk/documents/Document.ts";
import { parseDocumentFile } from "../../src/sdk/documents/parseDocument.ts";
import { stringifyRecord } from "../../src/sdk/json.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { termsHash } from "../../src/sdk/terms.ts";
import { artifactOf } from "../support/artifactOf.ts";
import { startNode } from "../support/planWorld.ts";
import { people } from "../support/signedDocuments.ts";
import { answerOf, runtimeAt, type Answer } from "../support/taskAnswer.ts";

describe("tasks that sign documents", () => {
  let node: Awaited<ReturnType<typeof startNode>>;
  let folder: string;
  let record: LaunchRecord;
  before(async () => {
    node = await startNode();
    const { abi, bytecode } = await artifactOf("ContractSigner");
    const data = encodeDeployData({ abi, bytecode, args: [people.treasury.address] });
    const hash: Hex = await node.chain.request({
      ...{ method: "eth_sendTransaction", params: [{ from: people.owner.address, data }] },
    } as never);
    const { contractAddress } = await node.chain.waitForTransactionReceipt({ hash });
    // The treasury is a contract wallet, whose key is that of `people.treasury`.
    const { terms: asPlanned, sale } = deploymentOf(demo);
    const terms = { ...asPlanned, payout: { ...asPlanned.payout, treasury: getAddress(contractAddress!) } };
    record = {
      ...{ chainId: 31337, sale: sale.address, token: zeroAddress, currency: zeroAddress },
      ...{
        venue: zeroAddress,
        vesting: zeroAddress,
        registry: zeroAddress,
        policyHash: "0x",
        startBlock: 1n,
      },
      ...{ terms, termsHash: termsHash(terms), policy: demo.policy },
    };
  });
  after(() => node.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-documents-"));
    writeFileSync(join(folder, "launch.json"), stringifyRecord(record));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const texts = [
    { language: "en", title: "We began", body: ["One line", "another"] },
    { language: "ar", title: "بدأنا", body: "<script>alert(1)</script>" },
  ];
  function run(
    kind: keyof typeof tasks,
    from: Address,
    {
      draft = { texts },
      ...more
    }: { draft?: unknown; dryRun?: boolean; signature?: string; issuedAt?: string } = {},
  ): Promise<[Answer, unknown]> {
    writeFileSync(join(folder, "draft.txt"), JSON.stringify(draft));
    const files = {
      ...{ draft: join(folder, "draft.txt"), folder: join(folder, "documents") },
      record: join(folder, "launch.json"),
    };
    const options = { ...files, from, signature: "", issuedAt: "", dryRun: false, json: true, ...more };
    return answerOf(() => tasks[kind](options, runtimeAt(node.url)));
  }
  const documentOf = ({ file }: Answer): SignedDocument => {
    const parsed = parseDocumentFile(readFileSync(file as string, "utf8"));
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    return parsed.document;
  };

  it("write each kind so that it counts, versions and chain by themselves", async () => {
    const { owner, platform, reviewer } = people;
    const links = [{ label: "Site", uri: "https://example.org/" }];
    const answers: Answer[] = [];
    for (const work of [
      () => run("profile", owner.address, { draft: { texts, links } }),
      () => run("profile", owner.address, { draft: { texts } }),
      () => run("update", owner.address),
      () => run("update", owner.address),
      () => run("criteria", platform.address, { draft: { texts, reviewers: [reviewer.address] } }),
      () => run("review", reviewer.address),
    ]) {
      const [answer, exitCode] = await work();
      expect(answer.error, JSON.stringify(answer)).to.equal(undefined);
      expect(exitCode).to.equal(0);
      answers.push(answer);
    }
    const documents = answers.map(documentOf);
    const subject = { ...record, platform: platform.address };
    const counted = await checkDocuments({
      documents,
      subject,
      isSigned: createSignatureCheck(contractCallOf(node.chain)),
    });
    expect(counted.refused).to.deep.equal([]);
    expect(counted.profile).to.deep.equal(documents[1]);
    expect(counted.updates).to.deep.equal(documents.slice(2, 4));
    expect(counted.criteria).to.deep.equal(documents[4]);
    expect(counted.reviews).to.deep.equal([documents[5]]);
    expect(documents[2]?.message.texts[0]?.body).to.equal("One line\nanother");
    expect(documents[2]?.message.issuedAt).to.equal(Number((await node.chain.getBlock()).timestamp));
  });

  it("take a contract wallet's signature of what the dry run printed, and write nothing before", async () => {
    const { treasury } = record.terms.payout;
    const [dry] = await run("update", treasury, { dryRun: true });
    expect(dry).not.to.have.property("file");
    const typedData = dry["typedData"] as Parameters<typeof people.treasury.signTypedData>[0];
    const issuedAt = String((typedData.message as { issuedAt: number }).issuedAt);
    const signature = await people.treasury.signTypedData(typedData);
    const strange = await people.stranger.signTypedData(typedData);
    const [refused, exitCode] = await run("update", treasury, { signature: strange, issuedAt });
    expect(refused.error).to.deep.include({ code: "document-refused" });
    expect(exitCode).to.equal(1);
    const [done] = await run("update", treasury, { signature, issuedAt });
    expect(done["hash"]).to.equal(dry["hash"]);
    expect(documentOf(done)).to.deep.include({ signer: treasury, signature });
  });

  it("write nothing that nobody would be shown, and say what is wrong", async () => {
    const codeOf = async (work: Promise<[Answer, unknown]>) => {
      const [{ error }, exitCode] = await work;
      expect(exitCode).to.equal(1);
      return error?.code;
    };
    const { stranger, owner } = people;
    for (const kind of ["profile", "update"] as const) {
      expect(await codeOf(run(kind, stranger.address))).to.equal("document-refused");
    }
    const long = [{ language: "en", title: "x", body: "x".repeat(20_001) }];
    const drafts = [{ texts: long }, { texts, unsigned: 1 }, { texts: [] }];
    for (const draft of drafts) {
      expect(await codeOf(run("update", owner.address, { draft }))).to.equal("document-refused");
    }
    expect(await codeOf(run("update", owner.address, { draft: 7 }))).to.equal("draft-unreadable");
    expect(await codeOf(run("update", zeroAddress, { signature: "0x" }))).to.equal("usage");

    // An update after one that was tampered with would never be shown.
    const [first] = await run("update", owner.address);
    const text = readFileSync(first["file"] as string, "utf8");
    writeFileSync(first["file"] as string, text.replace("another", "an other"));
    expect(await codeOf(run("update", owner.address))).to.equal("document-refused");
    writeFileSync(first["file"] as string, "{}");
    expect(await codeOf(run("update", owner.address))).to.equal("document-refused");
  });
});
