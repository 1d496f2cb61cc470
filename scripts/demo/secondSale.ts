import { join } from "node:path";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { permitOf } from "../../src/sdk/permitOf.ts";
import { createBuyer, fundPeople } from "./buyer.ts";
import { deployDemoLaunch } from "./deployDemoLaunch.ts";
import type { Person } from "./people.ts";
import type { RunningDemo } from "./runLaunch.ts";
import type { Screen } from "./screen.ts";
import { importSubjects, signerEnvironment, startIndexer, startSigner, writePageConfig } from "./services.ts";
import type { World } from "./world.ts";

const DAY = 86_400n;

/** Of a tier of its own, so that its limit is used up by the smallest purchase there is. */
const atTheirCap = ({ part }: Person): boolean => part === "over-cap";
const SMALL = "small";

/**
 * The same launch once more under another name, open for a fortnight from `now`: this time nobody acts but the newcomer,
 * after one small purchase.
 */
export function secondLaunch(demo: Launch, now: bigint): Launch {
  const opensAt = now;
  const closesAt = now + 14n * DAY;
  const { minPurchase } = demo.sale;
  const tiers = demo.policy.tiers.map((tier) => ({ ...tier, opensAt, closesAt }));
  return {
    ...demo,
    token: { ...demo.token, name: "Bravo Network", symbol: "BRAVO" },
    sale: { ...demo.sale, opensAt, closesAt, softCap: 2n * minPurchase },
    listing: { ...demo.listing, deadline: closesAt + 14n * DAY },
    policy: {
      ...demo.policy,
      tiers: [...tiers, ...tiers.slice(0, 1).map((tier) => ({ ...tier, id: SMALL, personCap: minPurchase }))],
    },
  };
}

/** Opens a sale for whoever started the demo, served by the same programs at the same addresses. */
export async function openSecondSale({
  world,
  screen,
  running,
}: {
  world: World;
  screen: Screen;
  running: RunningDemo;
}): Promise<void> {
  const recordFile = join(world.directory, "second.json");
  await screen.step(
    "second",
    async () => {
      const launch = secondLaunch(running.launch, await world.chain.now());
      const record = await deployDemoLaunch({ world, launch, recordFile });
      const env = await signerEnvironment(world, {
        database: "signer2",
        recordFile,
        files: running.signerFiles,
      });
      await Promise.all([running.signer.stop(), running.indexer.stop()]);
      await Promise.all([
        startSigner(world, env).then(() =>
          importSubjects(world, env, running.people, (person) =>
            atTheirCap(person) ? SMALL : (record.policy.tiers[0]?.id ?? ""),
          ),
        ),
        startIndexer(world, [running.recordFile, recordFile]),
        fundPeople(world.chain, record, running.people),
      ]);
      for (const person of running.people.filter(atTheirCap)) await useUpCap(world, record, person);
      const { allocations } = launch.vesting;
      await writePageConfig(world, record, { allocations, personas: running.personas });
    },
    () => "another sale, open for you for 14 days of chain time",
  );
  screen.line();
  screen.line(`Your turn: ${world.urls.page}  (wallets are built in; nothing here is worth anything)`);
  screen.line("Ctrl-C stops everything.");
}

async function useUpCap({ chain, urls }: World, record: LaunchRecord, person: Person): Promise<void> {
  const buyer = createBuyer({ person, record, chain, signerUrl: urls.signer, siweOrigin: urls.page });
  const session = await buyer.session();
  const { order } = await session.createOrder(`${record.sale}-${String(person.number)}`, {
    nonce: await buyer.nonce(),
    cumulativeCap: record.terms.sale.minPurchase,
  });
  await buyer.purchase(permitOf(order), record.terms.sale.minPurchase);
}
