import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { operatorScopes } from "../../sdk/signerApi.ts";
import { formatTime } from "../text/formatTime.ts";
import { Confirmed } from "./Confirmed.tsx";
import { useOperator } from "./OperatorContext.tsx";
import { Panel } from "./Panel.tsx";
import { TextField } from "./TextField.tsx";

/** Operators' keys: made, and revoked. */
export function KeysPanel() {
  const operator = useOperator();
  const [note, setNote] = useState("");
  const [scopes, setScopes] = useState<readonly string[]>(["subjects:read"]);
  const [made, setMade] = useState<string>();
  return (
    <Panel name="keys" title={t`Operators’ keys`} ask={() => operator.keys()}>
      {({ keys }) => (
        <>
          {keys.map(({ id: keyId, note: whose, scopes: may, createdAt, revokedAt }) => (
            <article key={keyId} className="person" data-testid="key">
              <p>
                <bdi>
                  <strong>{whose}</strong>
                </bdi>{" "}
                <code>{keyId}</code>{" "}
                <span className="quiet">
                  {may.join(", ")} · {formatTime(BigInt(createdAt))}
                </span>
              </p>
              {revokedAt === null ? (
                <div className="actions">
                  <Confirmed
                    label={t`Revoke`}
                    title={t`Revoke the key of “${whose}”?`}
                    what={
                      <p>
                        <Trans>
                          It is refused on every replica at once, and for good. Whoever uses it needs a new
                          one. If it is the key you came in with, you are out as well.
                        </Trans>
                      </p>
                    }
                    act={() => operator.revokeKey(keyId)}
                  />
                </div>
              ) : (
                <p className="quiet">{t`revoked on ${formatTime(BigInt(revokedAt))}`}</p>
              )}
            </article>
          ))}
          <h3>{t`A new key`}</h3>
          <TextField label={t`Whose it is`} maxLength={500} value={note} onValue={setNote} />
          <fieldset>
            <legend>{t`What it may do`}</legend>
            {operatorScopes.map((scope) => (
              <label key={scope} className="check">
                <input
                  type="checkbox"
                  checked={scopes.includes(scope)}
                  onChange={({ target }) => {
                    setScopes(
                      target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope),
                    );
                  }}
                />
                <code>{scope}</code>
              </label>
            ))}
          </fieldset>
          <Confirmed
            label={t`Make the key`}
            title={t`Make a key for “${note}”?`}
            what={
              <p>
                {t`Whoever has it may do this, until it is revoked:`} <code>{scopes.join(", ")}</code>
              </p>
            }
            isDisabled={note.trim() === "" || scopes.length === 0}
            act={async () => {
              const { key } = await operator.createKey({ note: note.trim(), scopes: [...scopes] });
              setMade(key);
              setNote("");
            }}
          />
          <div role="status">
            {made !== undefined && (
              <div className="notice">
                <p>{t`The key, shown this once:`}</p>
                <p>
                  <code data-testid="new-key">{made}</code>
                </p>
              </div>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}
