// Runs the given mocha files. `--count` loads them without running and reports them all as skipped.
import hre from "hardhat";
import Mocha from "mocha";
import type { Counts } from "./Counts.ts";
import { report } from "./Counts.ts";

const countOnly = process.argv[2] === "--count";
const files = process.argv.slice(countOnly ? 3 : 2);
const counts: Counts = { passed: 0, failed: 0, skipped: 0 };

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/** Mocha's usual output, counting as it goes: hardhat's own total takes skipped tests for passed ones. */
class Counting extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_TEST_PASS, () => counts.passed++);
    runner.on(EVENT_TEST_FAIL, () => counts.failed++);
    runner.on(EVENT_TEST_PENDING, () => counts.skipped++);
  }
}

class Silent extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_TEST_PASS, () => counts.skipped++);
    runner.on(EVENT_TEST_PENDING, () => counts.skipped++);
    runner.on(EVENT_TEST_FAIL, () => counts.failed++);
  }
  override epilogue(): void {}
}

Object.assign(hre.config.test.mocha, {
  reporter: countOnly ? Silent : Counting,
  dryRun: countOnly,
  forbidOnly: true, // an .only left behind would silence all other tests
});

const outcome = (await hre.tasks.getTask(["test", "mocha"]).run({ testFiles: files, noCompile: true })) as {
  success: boolean;
};
report({ ...counts, failed: outcome.success ? counts.failed : Math.max(counts.failed, 1) });
