import { t } from "@lingui/core/macro";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { formatAmount } from "../text/formatAmount.ts";
import { formatDays, formatSpan } from "../text/formatTime.ts";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";

/** Checks, head and lag, ages of keys and limits, as the signer tells them of itself. */
export function StatePanel() {
  const operator = useOperator();
  const { currencyDecimals, currencySymbol } = useLaunch().config.launch;
  return (
    <Panel
      name="state"
      title={t`How the signer is`}
      ask={async () => {
        const [ready, status, { policy }] = await Promise.all([
          operator.ready(),
          operator.status(),
          operator.launch(),
        ]);
        return { ready, status, policy };
      }}
      everyMs={10_000}
    >
      {({
        ready,
        status: { head, clock, keyAgesDays = {}, requestsPerMinute, quotasPerMinute = {} },
        policy,
      }) => (
        <>
          <ul className="checks">
            {ready.checks.map(({ name, ok, got, wanted, wayOut }) => (
              <li key={name} className={ok ? "good" : "bad"}>
                {/* Of all checks' names this one reads as the opposite of what is well. */}
                {ok ? "✓" : "✗"} <code>{ok && name === "stopped" ? t`not stopped` : name}</code>
                {!ok && (
                  <span lang="en" dir="ltr">
                    {" "}
                    {[got, wanted, wayOut].filter((part) => part !== undefined).join(" · ")}
                  </span>
                )}
              </li>
            ))}
          </ul>
          <dl className="lines">
            {head !== undefined && (
              <>
                <Line label={t`Latest block it has seen`} value={String(head.number)} />
                {clock !== undefined && (
                  <Line
                    label={t`The signer’s clock is ahead of that block by`}
                    value={formatSpan(BigInt(Math.max(0, clock - head.time)))}
                  />
                )}
              </>
            )}
            {Object.entries(keyAgesDays).map(([name, days]) => (
              <Line key={name} label={t`Age of ${name}`} value={formatDays(days)} isBad={days >= 75} />
            ))}
          </dl>
          <h3>{t`Limits`}</h3>
          <dl className="lines">
            {/* Over HTTP amounts are decimal strings. */}
            {policy.tiers.map(({ id, personCap }) => (
              <Line
                key={id}
                label={t`A person in tier “${id}”`}
                value={`${formatAmount(BigInt(String(personCap)), currencyDecimals)} ${currencySymbol}`}
              />
            ))}
            <Line label={t`Wallets of a person`} value={String(policy.walletsPerPerson)} />
            <Line label={t`Countries that are denied`} value={policy.deniedCountries.join(", ")} />
            {requestsPerMinute !== undefined && (
              <>
                <Line label={t`Requests a minute of a client`} value={String(requestsPerMinute.client)} />
                <Line label={t`Requests a minute of an address`} value={String(requestsPerMinute.address)} />
              </>
            )}
            {Object.entries(quotasPerMinute).map(([name, quota]) => (
              <Line key={name} label={t`Requests a minute that ${name} takes`} value={String(quota)} />
            ))}
          </dl>
          <p className="quiet">{t`Tiers and countries are the signed policy’s: a new version of it changes them, not this page.`}</p>
        </>
      )}
    </Panel>
  );
}

function Line({ label, value, isBad = false }: { label: string; value: string; isBad?: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={isBad ? "bad" : ""}>{value}</dd>
    </div>
  );
}
