import { t } from "@lingui/core/macro";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";

/** Why requests were refused, most often first. */
export function RefusalsPanel() {
  const operator = useOperator();
  return (
    <Panel name="refusals" title={t`Refused, by reason`} ask={() => operator.refusals()}>
      {({ days, refusals }) => (
        <>
          {refusals.length === 0 && <p className="quiet">{t`Nothing was refused.`}</p>}
          <dl className="lines">
            {refusals.map(({ code, count }) => (
              <div key={code}>
                <dt>
                  <code>{code}</code>
                </dt>
                <dd>{count}</dd>
              </div>
            ))}
          </dl>
          <p className="quiet">{t`Requests of buyers and partners that all replicas refused in the last ${days} days.`}</p>
        </>
      )}
    </Panel>
  );
}
