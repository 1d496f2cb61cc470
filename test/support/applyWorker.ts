// Applies a plan over HTTP, and kills itself as -9 does at a named moment: "journalled 7".
import { readFileSync } from "node:fs";
import { createPublicClient, http } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { systemClock } from "../../src/chain/clock.ts";
import { applyPlan } from "../../src/launch/apply/applyPlan.ts";
import { openJournal } from "../../src/launch/apply/openJournal.ts";
import { parsePlan } from "../../src/launch/apply/parsePlan.ts";
import type { Plan } from "../../src/launch/plan/Plan.ts";

const [url, planFile = "", killAt] = process.argv.slice(2);
const plan = parsePlan(readFileSync(planFile, "utf8")) as Plan;
await applyPlan({
  plan,
  chain: createPublicClient({ transport: http(url, { retryCount: 0 }), cacheTime: 0 }),
  account: mnemonicToAccount("test test test test test test test test test test test junk"),
  journal: await openJournal(`${planFile}.journal`, plan.hash),
  ...{ clock: systemClock, pollMs: 20 },
  on: ({ what, step }) => {
    if (`${what} ${String(step)}` === killAt) process.kill(process.pid, "SIGKILL");
  },
});
