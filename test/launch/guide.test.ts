import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { ArgumentType } from "hardhat/types/arguments";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { encodeFunctionData, parseAbi, type Abi, type Address, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import demo from "../../launch.config.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { slipway as plugin } from "../../src/hardhat/plugin.ts";
import { slipway } from "../../src/hardhat/slipway.ts";
import { projectFiles } from "../../src/launch/projectFiles.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { voucherTypedData } from "../../src/sdk/voucher.ts";
import { OTHER_SENDER, startNode } from "../support/planWorld.ts";
import { answerOf } from "../support/taskAnswer.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const MNEMONIC = "test test test test test test test test test test test junk";
const UNIT = 10n ** 6n;
const moneyAbi = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
]);

/** What needs more than a chain, and where it is run. */
const RUN_ELSEWHERE: [command: RegExp, by: string][] = [
  [/create-slipway|^npm start/, "bench/fresh.ts"],
  [/--safe /, "test/launch/safe.test.ts"],
  [/launch rehearse/, "test/launch/rehearse.test.ts"],
  [/launch doctor .*--canary/, "test/launch/canary.test.ts"],
  [/launch doctor/, "test/launch/doctor.test.ts"],
  [/launch verify-source/, "test/launch/verifySource.test.ts"],
  [/launch fail/, "test/launch/operate.test.ts"],
  [/launch (reconcile|list)/, "test/launch/list.test.ts"],
];

type Command = { line: string; words: string[]; comment: string };

/** The commands of the guide's blocks, in order. */
function commandsOf(page: string): Command[] {
  return [...page.matchAll(/^```\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block
      .trim()
      .split("\n")
      .map((written) => {
        const [line = "", comment = ""] = written.split(/ +# /);
        const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
        // "…" alone: what was written above.
        return { line, words: words.filter((word) => word !== "…"), comment };
      }),
  );
}

/** As the command line reads it. Throws where there is no such task or option. */
function read(hre: HardhatRuntimeEnvironment, words: readonly string[]) {
  const path = ["launch"];
  for (const word of words.slice(words.indexOf("launch") + 1)) {
    try {
      hre.tasks.getTask([...path, word]);
      path.push(word);
    } catch {
      break;
    }
  }
  const task = hre.tasks.getTask(path);
  const args: Record<string, unknown> = {};
  const positional = [...task.positionalArguments];
  const rest = words.slice(words.indexOf("launch") + path.length);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("--")) {
      const named = positional.shift();
      if (named === undefined) throw new Error(`${path.join(" ")} takes no ${word}`);
      args[named.name] = word;
      continue;
    }
    const name = word.slice(2).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    if (name === "network") {
      rest.shift();
      continue;
    }
    const option = task.options.get(name);
    if (option === undefined) throw new Error(`${path.join(" ")} has no ${word}`);
    const value = option.type === ArgumentType.FLAG ? true : rest.shift();
    args[name] = option.type === ArgumentType.INT ? Number(value) : value;
  }
  return { task, args };
}

describe("docs/launch-guide.md", () => {
  const commands = commandsOf(readFileSync(join(root, "docs/launch-guide.md"), "utf8"));
  let node: Awaited<ReturnType<typeof startNode>>;
  let folder: string;
  let hre: HardhatRuntimeEnvironment;
  before(async () => {
    node = await startNode();
    folder = mkdtempSync(join(tmpdir(), "slipway-guide-"));
    for (const [file, text] of Object.entries(projectFiles({ name: "guide", versionOf: () => "0" }))) {
      const here = join(root, "src/sdk/launchFile/defineLaunch.ts");
      writeFileSync(join(folder, file), text.replace("@slipway/hardhat/launch", here));
    }
    const local = { type: "edr-simulated", chainType: "l1", allowBlocksWithSameTimestamp: true } as const;
    hre = await createHardhatRuntimeEnvironment(
      {
        plugins: [plugin],
        // The chain that the guide calls so is ours here.
        networks: { default: local, sepolia: { type: "http", chainType: "l1", url: node.url } },
      },
      { network: "sepolia" },
      folder,
    );
    process.chdir(folder);
  });
  after(async () => {
    process.chdir(root);
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("names no command and no option that is not there", () => {
    expect(commands.length).to.be.above(20);
    for (const { line, words } of commands.filter(({ words }) => words.includes("hardhat"))) {
      expect(() => read(hre, words), line).not.to.throw();
    }
    for (const [pattern, by] of RUN_ELSEWHERE) {
      expect(
        commands.some(({ line }) => pattern.test(line)),
        String(pattern),
      ).to.equal(true);
      expect(existsSync(join(root, by)), by).to.equal(true);
    }
  });

  it("says so where the port of a local chain is taken", async () => {
    const port = Number(new URL(node.url).port);
    const local = hre.tasks.getTask(["launch", "local"]);
    const [answer, exitCode] = await answerOf(() => local.run({ port, once: true, json: true }));
    expect([answer.error?.code, exitCode]).to.deep.equal(["port-busy", 1]);
  });

  it("leads from a launch file to a success, command by command", async () => {
    const { sale: creation, terms } = deploymentOf(demo);
    const sale = creation.address;
    const buyers = [10, 11, 12, 13].map((addressIndex) => mnemonicToAccount(MNEMONIC, { addressIndex }));
    const signer = mnemonicToAccount(MNEMONIC, { addressIndex: 5 });
    expect(signer.address).to.equal(terms.roles.signer);
    const rpc = (method: string, params: unknown[]) => node.chain.request({ method, params } as never);
    const send = async (from: Address, to: Address, abi: Abi, functionName: string, args: unknown[]) => {
      const data = encodeFunctionData({ abi, functionName, args });
      const hash = (await rpc("eth_sendTransaction", [{ from, to, data }])) as Hex;
      const { status } = await node.chain.waitForTransactionReceipt({ hash });
      expect(status, functionName).to.equal("success");
    };
    const moveTo = async (time: bigint) => {
      await rpc("evm_setNextBlockTimestamp", [Number(time)]);
      await rpc("evm_mine", []);
    };
    /** Four people reach the soft cap, each with a voucher. */
    async function sell(): Promise<void> {
      await moveTo(terms.sale.opensAt);
      const amount = 25_000n * UNIT;
      const [validFrom, validUntil] = [terms.sale.opensAt, terms.sale.opensAt + 600n];
      for (const [index, { address: buyer }] of buyers.entries()) {
        await send(buyer, terms.sale.currency, moneyAbi, "mint", [buyer, amount]);
        await send(buyer, terms.sale.currency, moneyAbi, "approve", [sale, amount]);
        const orderId: Hex = `0x${String(index).padStart(64, "0")}`;
        const voucher = { nonce: 0n, cumulativeCap: amount, validFrom, validUntil, orderId };
        const data = voucherTypedData({ chainId: demo.chainId, sale, buyer, voucher });
        await send(buyer, sale, saleAbi, "purchase", [
          amount,
          amount,
          voucher,
          await signer.signTypedData(data),
        ]);
      }
    }
    /** What the reader fills in. */
    function filled({ words, comment }: Command): string[] {
      const roles: Record<string, Address> = { ...terms.roles } as never;
      const actor = roles[comment.split(":")[0] ?? ""] ?? buyers[0]!.address;
      return words.map((word, index) => {
        if (word === "0x…") {
          if (words[index - 1] === "--from") return actor;
          return words.includes("signers") ? OTHER_SENDER : buyers[0]!.address;
        }
        if (word === "11155111:0x…") return `31337:${sale}`;
        return word === "https://…" ? node.url : word;
      });
    }

    const ran: string[] = [];
    for (const command of commands) {
      const { line } = command;
      if (RUN_ELSEWHERE.some(([pattern]) => pattern.test(line))) continue;
      if (line.includes("launch status")) await sell();
      if (line.includes("launch finalise")) await moveTo(terms.sale.closesAt);
      const words = filled(command);
      const [answer, exitCode] = await answerOf(() => {
        if (words[1] === "slipway") return slipway([...words.slice(2), "--json"]);
        const { task, args } = read(hre, words);
        return task.run({ ...args, json: true });
      });
      expect([line, answer.error, exitCode]).to.deep.equal([line, undefined, 0]);
      ran.push(line);
    }
    expect(ran).to.have.length.of.at.least(12);
    const phase = await node.chain.readContract({ address: sale, abi: saleAbi, functionName: "phase" });
    expect(phase).to.equal(4);
    for (const file of ["plan.json", "report/verify.html", "report/report.csv", "report/tokenlist.json"]) {
      expect(existsSync(join(folder, file)), file).to.equal(true);
    }
  });
});

describe("llms.txt", () => {
  it("points to every page of the documentation, and to nothing else that is not there", () => {
    const links = [...readFileSync(join(root, "llms.txt"), "utf8").matchAll(/\]\(([^)]+)\)/g)].map(
      ([, link = ""]) => link,
    );
    for (const link of links) expect(existsSync(join(root, link)), link).to.equal(true);
    // The paper belongs to the demo's launch.
    const pages = readdirSync(join(root, "docs")).filter(
      (file) => file.endsWith(".md") && file !== "acme-paper.md",
    );
    expect(links.filter((link) => dirname(link) === "docs")).to.have.members(
      pages.map((page) => `docs/${page}`),
    );
  });
});
