import { t } from "@lingui/core/macro";
import type { SaleState } from "../chain/readSale.ts";
import type { Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { tokensOf } from "../purchase/tokensOf.ts";
import { groupsOf } from "../watch/groupsOf.ts";
import type { Funds } from "../watch/readFunds.ts";
import type { Group } from "./vestingSeries.ts";
import { VestingChart } from "./VestingChart.tsx";

const AT_ONCE = { initialBps: 10_000, cliffSeconds: 0n, durationSeconds: 0n, steps: 0 };

/** When which tokens can move, by whose they are: buyers', the pool's, and each allocation's. */
export function UnlocksCard({ state, terms, funds }: { state: SaleState; terms: Terms; funds: Funds }) {
  const { config } = useLaunch();
  const { allocations, isProved } = groupsOf(config.allocations, terms);
  const pool = funds.listed?.poolTokens ?? 0n;
  const groups: Group[] = [
    // Allocations first: a colour goes by its place, and buyers and pool come later.
    ...allocations.map(({ label, amount, schedule }) => ({ name: label, amount, schedule })),
    { name: t`Buyers`, amount: tokensOf(state.raised, terms.sale.price), schedule: terms.vesting.buyers },
    ...(pool > 0n ? [{ name: t`Pool`, amount: pool, schedule: AT_ONCE }] : []),
  ].filter(({ amount }) => amount > 0n);
  if (groups.length === 0 || state.phase === "failed") return null;

  return (
    <section className="card" aria-labelledby="unlocks-title" data-testid="unlocks">
      <h2 id="unlocks-title">{t`When tokens come free`}</h2>
      <p className="quiet">
        {state.listedAt === 0n
          ? t`From the listing on, as things stand: what is sold until then is added.`
          : t`From the listing on. The upright line is now.`}
      </p>
      <VestingChart
        label={t`Tokens that are free, by group, over time`}
        groups={groups}
        listedAt={state.listedAt}
        time={state.time}
      />
      {!isProved && terms.vesting.allocationsTotal > 0n && (
        <p className="bad" data-testid="allocations-unknown">
          {t`Team and others get tokens as well. Whoever serves this page gave no list of them that fits the terms, so when those come free is not shown here.`}
        </p>
      )}
    </section>
  );
}
