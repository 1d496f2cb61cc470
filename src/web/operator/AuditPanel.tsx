import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { formatTime } from "../text/formatTime.ts";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";

/** The newest rows of the audit log, the first of which is its head: its hash fixes all before it. */
export function AuditPanel() {
  const operator = useOperator();
  return (
    <Panel name="audit" title={t`Audit log`} ask={() => operator.newestAudit()} everyMs={30_000}>
      {({ rows }) => (
        <>
          {rows[0] === undefined ? (
            <p className="quiet">{t`No row yet.`}</p>
          ) : (
            <p data-testid="audit-head">
              <Trans>
                Head: row {rows[0].seq}, <code>{rows[0].hash}</code>
              </Trans>
            </p>
          )}
          <p className="quiet">
            <Trans>
              Write the head down outside the signer: <code>audit verify</code> then shows whether a row
              before it was changed.
            </Trans>
          </p>
          <ol className="orders" reversed>
            {rows.map(({ seq, at, actor, action, detail }) => (
              <li key={seq} value={Number(seq)}>
                <strong>{action}</strong> <bdi>{actor}</bdi>{" "}
                <span className="quiet">{formatTime(BigInt(Math.floor(Date.parse(at) / 1_000)))}</span>
                <br />
                <code>{JSON.stringify(detail)}</code>
              </li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}
