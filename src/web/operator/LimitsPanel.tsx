import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { formatTime } from "../text/formatTime.ts";
import { Confirmed } from "./Confirmed.tsx";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";
import { TextField } from "./TextField.tsx";

/** As the signer takes it. */
const MOST = 1_000_000;

/** How often a client may ask: raised for a crowd, lowered against a bot, put back. */
export function LimitsPanel() {
  const operator = useOperator();
  const [count, setCount] = useState("");
  const [reason, setReason] = useState("");
  const wanted = /^[0-9]{1,7}$/.test(count.trim()) ? Number(count) : 0;
  const isWanted = wanted >= 1 && wanted <= MOST;
  return (
    <Panel name="limits" title={t`How often a client may ask`} ask={() => operator.limits()}>
      {({ requestsPerMinute, policy, change }) => (
        <>
          <p role="status">
            {t`Requests a minute of a client: ${requestsPerMinute}; by the policy: ${policy}.`}{" "}
            {change !== null && (
              <span className="quiet">
                {formatTime(BigInt(change.at))} · <code>{change.by}</code> · <bdi>{change.reason}</bdi>
              </span>
            )}
          </p>
          <TextField
            label={t`Requests a minute from now on`}
            inputMode="numeric"
            value={count}
            onValue={setCount}
          />
          <TextField label={t`Why (for the audit log)`} maxLength={500} value={reason} onValue={setReason} />
          <div className="actions">
            <Confirmed
              label={t`Set the limit`}
              title={t`Let a client ask ${wanted} times a minute?`}
              what={
                <p>
                  <Trans>
                    It counts for every client on every replica within a second, until it is taken back.
                    Policy and caps stay as they are.
                  </Trans>
                </p>
              }
              isDisabled={!isWanted || reason.trim() === ""}
              act={() => operator.setLimits({ requestsPerMinute: wanted, reason: reason.trim() })}
            />
            {change !== null && (
              <Confirmed
                label={t`As the policy says`}
                title={t`Let the policy’s limit count again?`}
                what={<p>{t`A client may ask ${policy} times a minute again.`}</p>}
                isDisabled={reason.trim() === ""}
                act={() => operator.setLimits({ requestsPerMinute: null, reason: reason.trim() })}
              />
            )}
          </div>
        </>
      )}
    </Panel>
  );
}
