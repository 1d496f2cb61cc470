import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Confirmed } from "./Confirmed.tsx";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";
import { TextField } from "./TextField.tsx";

/** Stops and resumes selling. */
export function StopPanel() {
  const operator = useOperator();
  const [words, setWords] = useState("");
  return (
    <Panel name="stop" title={t`Stop switch`} ask={() => operator.launch()} everyMs={5_000}>
      {({ stopped }) => (
        <>
          <div role="status">
            {stopped === undefined ? (
              <p className="good">✓ {t`Selling: who may buy gets a voucher.`}</p>
            ) : (
              <div className="notice">
                <p>
                  <strong>{t`Stopped: nobody gets a voucher.`}</strong>
                </p>
                <p>
                  {t`Buyers read:`} “<bdi>{stopped}</bdi>”
                </p>
              </div>
            )}
          </div>
          {stopped === undefined ? (
            <>
              <TextField
                label={t`What buyers read while it is stopped (needed to stop)`}
                maxLength={500}
                value={words}
                onValue={setWords}
              />
              <Confirmed
                label={t`Stop selling`}
                title={t`Stop selling?`}
                what={
                  <>
                    <p>
                      <Trans>
                        Within two seconds no replica gives a voucher any more, to nobody. Vouchers given
                        before still work on chain until they end; to stop those, the guardian pauses the
                        sale. Positions and their exits are not touched. It can be undone here.
                      </Trans>
                    </p>
                    <p>
                      {t`Buyers read:`} “<bdi>{words}</bdi>”
                    </p>
                  </>
                }
                isDisabled={words.trim() === ""}
                act={() => operator.stop(words.trim())}
              />
            </>
          ) : (
            <Confirmed
              label={t`Sell again`}
              title={t`Sell again?`}
              what={
                <p>
                  <Trans>
                    Every replica gives vouchers again within two seconds, by the same policy as before.
                  </Trans>
                </p>
              }
              act={() => operator.resume()}
            />
          )}
        </>
      )}
    </Panel>
  );
}
