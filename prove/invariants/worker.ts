// Runs the campaign's test, or that of CAMPAIGN_FILE, once for each message, which is an environment, and answers with what
// the contract said.
import hre from "hardhat";
import { campaignFile } from "./campaignFile.ts";

type Result = { suiteResults: { testResults: { decodedLogs: string[] }[] }[] };
type Outcome = { success: true; value: Result } | { success: false; error: Result };

process.on("message", (environment: Record<string, string>) => {
  void answer(environment);
});
// The leash lets go of the channel; here it is what the process lives for.
process.channel?.ref();

async function answer(environment: Record<string, string>): Promise<void> {
  Object.assign(process.env, environment);
  const { CAMPAIGN_FILE: file = campaignFile } = environment;
  const outcome = (await hre.tasks
    .getTask(["test", "solidity"])
    .run({ testFiles: [file], noCompile: true })) as Outcome;
  const { suiteResults } = outcome.success ? outcome.value : outcome.error;

  const lines = suiteResults.flatMap(({ testResults }) =>
    testResults.flatMap(({ decodedLogs }) => decodedLogs),
  );
  process.send!(lines);
}
