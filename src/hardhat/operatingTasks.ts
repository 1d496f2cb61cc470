import { emptyTask, task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import type * as Operate from "./tasks/operate.ts";

/** Commands on a launch that is on its chain; they differ in what they name, not in how they are run. */
export const operating: TaskDefinition[] = [
  reading("status", "Where the launch stands, and what comes next").setAction(action("status")).build(),
  reading("explain", "The whole story of a wallet, an order or a transaction")
    .addPositionalArgument({
      name: "subject",
      description: "An address, an order's id or a transaction's hash",
    })
    .addOption(rpc())
    .setAction(action("explain"))
    .build(),
  reading("doctor", "Looks at every seam: exits with 1 where something is red, 2 where something is unknown")
    .addOption({ name: "launch", description: "The launch file", defaultValue: "" })
    .addOption({ name: "signer", description: "URL of the signer", defaultValue: "" })
    .addOption({ name: "indexer", description: "URL of the indexer", defaultValue: "" })
    .addOption({ name: "page", description: "URL of the page", defaultValue: "" })
    .addOption({
      name: "safeService",
      description: "URL of a Safe Transaction Service, or a file of its answers",
      defaultValue: "",
    })
    .addOption({
      name: "crowd",
      description: "Requests a minute expected of the busiest client",
      type: ArgumentType.INT,
      defaultValue: 0,
    })
    .addOption({
      name: "accept",
      description: "Names of unknown findings that you have looked into",
      defaultValue: "",
    })
    .addOption({
      name: "watch",
      description: "Looks again every so many seconds and says what has changed; 0: once",
      type: ArgumentType.INT,
      defaultValue: 0,
    })
    .addOption({
      name: "canary",
      description:
        "An account of the network that passed KYC: a purchase is tried with a real voucher, never sent",
      defaultValue: "",
    })
    .setAction(() => import("./tasks/doctor.ts"))
    .build(),
  task(["launch", "drill"], "A crowd on the signer of your staging: so many vouchers a second")
    .addOption({ name: "signer", description: "URL of the signer", defaultValue: "" })
    .addOption({ name: "page", description: "Origin of the page that people sign in at", defaultValue: "" })
    .addOption({ name: "rps", description: "Vouchers a second", type: ArgumentType.INT, defaultValue: 200 })
    .addOption({ name: "seconds", description: "For how long", type: ArgumentType.INT, defaultValue: 30 })
    .addOption({ name: "tier", description: "Tier of the people that are made up", defaultValue: "" })
    .addOption({ name: "country", description: "Their country", defaultValue: "DE" })
    .addOption({ name: "seed", description: "File that their keys follow from", defaultValue: "drill.seed" })
    .addFlag({ name: "json", description: "One JSON object on the last line instead of words" })
    .setAction(() => import("./tasks/drill.ts"))
    .build(),
  reading(
    "report",
    "The dated state of a launch, recomputed from its chain, as JSON, CSV and a page, with a token list",
  )
    .addOption({ name: "out", description: "Folder that it is written to", defaultValue: "report" })
    .addOption(rpc())
    .setAction(async () => ({ default: (await import("./tasks/report.ts")).report as never }))
    .build(),
  reading("verify-source", "Has explorers show the sources of every contract of the launch")
    .addOption({
      name: "on",
      description: "sourcify, etherscan, blockscout; commas; one of your own: blockscout=https://…/api",
      defaultValue: "sourcify",
    })
    .addFlag({ name: "dryRun", description: "Say which contracts, and send nothing" })
    .setAction(async () => ({ default: (await import("./tasks/verifySource.ts")).verifySource as never }))
    .build(),
  acting("finalise", "Fixes success and freezes the history").setAction(action("finalise")).build(),
  comparing(reading("reconcile", "Compares copy, chain and orders; exits with 1 where something blocks"))
    .setAction(action("reconcile"))
    .build(),
  comparing(reading("acknowledge", "Keeps who has looked at a notice of reconcile, and why nothing follows"))
    .addPositionalArgument({ name: "code", description: "The notice's code: currency-surplus" })
    .addOption({ name: "by", description: "Who has looked at it", defaultValue: "" })
    .addOption({ name: "reason", description: "Why nothing follows from it", defaultValue: "" })
    .setAction(action("acknowledge"))
    .build(),
  comparing(acting("list", "Reconciles, then lists the token")).setAction(action("list")).build(),
  acting("release", "Pays what is owed to those named in the terms")
    .addPositionalArgument({ name: "what", description: "all, fee, treasury or unsold", defaultValue: "all" })
    .setAction(action("release"))
    .build(),
  acting("pause", "Guardian: no purchase passes for a while, once")
    .addPositionalArgument({ name: "duration", description: '"2 hours", at most 72 hours' })
    .setAction(action("pause"))
    .build(),
  acting("fail", "Guardian: declares the sale failed for good, so that everybody is refunded")
    .setAction(action("fail"))
    .build(),
  emptyTask(["launch", "signers"], "Admit and strike off signers of vouchers").build(),
  acting(["signers", "add"], "Owner: admits a signer with bounds that never change")
    .addPositionalArgument({ name: "signer", description: "Its address" })
    .addOption({
      name: "maxCap",
      description: 'Most a wallet may pay in all: "25000 USDC"',
      defaultValue: "",
    })
    .addOption({ name: "maxWindow", description: "Longest life of a voucher", defaultValue: "1 hour" })
    .setAction(action("addSigner"))
    .build(),
  acting(["signers", "strike"], "Owner: ends a signer for ever; its vouchers stop at once")
    .addPositionalArgument({ name: "signer", description: "Its address" })
    .setAction(action("strikeSigner"))
    .build(),
  acting("invalidate", "Compliance: voids a wallet's vouchers")
    .addPositionalArgument({ name: "wallet", description: "Its address" })
    .setAction(action("invalidate"))
    .build(),
];

function reading(id: string | string[], description: string) {
  return task(["launch", ...[id].flat()], description)
    .addOption({
      name: "record",
      description: "The launch's record; default: where the deployment left it",
      defaultValue: "",
    })
    .addFlag({ name: "json", description: "One JSON object on the last line instead of words" });
}

function acting(id: string | string[], description: string) {
  return reading(id, description)
    .addOption({
      name: "from",
      description: "Which of the network's accounts sends; default: the first",
      defaultValue: "",
    })
    .addFlag({ name: "dryRun", description: "Try it, say what a multisig would send, and send nothing" });
}

function comparing(command: ReturnType<typeof reading>) {
  return command
    .addOption(rpc())
    .addOption({ name: "indexer", description: "URL of the indexer", defaultValue: "" })
    .addOption({ name: "signer", description: "URL of the signer", defaultValue: "" })
    .addOption({ name: "exportKeyFile", description: "File with the signer's export key", defaultValue: "" })
    .addOption({
      name: "finalityDepth",
      description: "Blocks below the head that are final; default: what the chain says",
      type: ArgumentType.INT,
      defaultValue: 0,
    })
    .addOption({ name: "acknowledged", description: "File of acknowledged notices", defaultValue: "" });
}

function rpc() {
  return { name: "rpc", description: "URLs of nodes, with commas; default: the network's", defaultValue: "" };
}

/** Loaded when it runs: `hardhat --help` stays quick. */
function action(name: keyof typeof Operate) {
  return async () => ({ default: (await import("./tasks/operate.ts"))[name] as never });
}
