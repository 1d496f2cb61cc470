import hre from "hardhat";
import { report } from "./Counts.ts";

type Summary = { passed: number; failed: number; skipped: number; failureOutput?: string };
type Outcome =
  { success: true; value: { summary: Summary } } | { success: false; error: { summary: Summary } };

const outcome = (await hre.tasks
  .getTask(["test", "solidity"])
  .run({ testFiles: process.argv.slice(2), noCompile: true })) as Outcome;

const { passed, failed, skipped, failureOutput } = outcome.success
  ? outcome.value.summary
  : outcome.error.summary;
if (failureOutput !== undefined && failureOutput !== "") console.log(failureOutput);
report({ passed, failed: outcome.success ? failed : Math.max(failed, 1), skipped });
