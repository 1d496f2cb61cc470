import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";
import { readAuditHead } from "./readAuditHead.ts";

/** The newest rows of the audit log, and its head. */
export function AuditPanel() {
  const operator = useOperator();
  return (
    <Panel name="audit" title={t`Audit log`} ask={() => readAuditHead(operator)} everyMs={30_000}>
      {({ rows, isWhole }) => (
        <>
          {rows[0] === undefined ? (
            <p className="quiet">{t`No row yet.`}</p>
          ) : (
            <p data-testid="audit-head">
              {isWhole ? (
                <Trans>
                  Head: row {rows[0].seq}, <code>{rows[0].hash}</code>
                </Trans>
              ) : (
                t`The log is longer than this page reads; these are not its last rows.`
              )}
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
                <strong>{action}</strong> <bdi>{actor}</bdi> <span className="quiet">{at}</span>
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
