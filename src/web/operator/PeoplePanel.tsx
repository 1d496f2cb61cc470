import { t } from "@lingui/core/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { decisions, type Decision, type Invalidation } from "../../sdk/signerApi.ts";
import { Notice } from "../components/Notice.tsx";
import { explainError } from "../errors/explainError.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";
import { Confirmed } from "./Confirmed.tsx";
import type { Subject } from "./createOperatorClient.ts";
import { useOperator } from "./OperatorContext.tsx";
import { Invalidations } from "./Invalidations.tsx";
import { Panel } from "./Panel.tsx";
import { TextField } from "./TextField.tsx";

/** The queue of pending decisions, and anybody by the id that the provider gave them. */
export function PeoplePanel() {
  const operator = useOperator();
  const id = useId();
  const [wanted, setWanted] = useState("");
  const [calls, setCalls] = useState<readonly Invalidation[]>([]);
  const found = useMutation({ mutationFn: () => operator.subject(wanted.trim()) });
  const decided = (invalidate: readonly Invalidation[]): void => {
    setCalls(invalidate);
    if (found.data !== undefined) found.mutate();
  };

  return (
    <>
      <Panel name="review" title={t`Waiting for a decision`} ask={() => operator.review()}>
        {({ subjects }) => (
          <>
            <p className="quiet" role="status">
              {subjects.length === 0 ? t`Nobody waits.` : t`Waiting: ${subjects.length}`}
            </p>
            {subjects.map((subject) => (
              <Person key={subject.subject} person={subject} onDecided={decided} />
            ))}
          </>
        )}
      </Panel>
      <section className="card" aria-labelledby={id} data-testid="operator-person">
        <h2 id={id}>{t`One person`}</h2>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            found.mutate();
          }}
        >
          <TextField label={t`The provider’s id of the person`} value={wanted} onValue={setWanted} />
          <button type="submit" disabled={wanted.trim() === ""}>
            {t`Look up`}
          </button>
        </form>
        {found.error !== null && <Notice error={explainError(found.error)} />}
        {found.data !== undefined && <Person person={found.data} onDecided={decided} />}
        <div role="status">
          {calls.length > 0 && (
            <div className="notice" data-testid="invalidate">
              <Invalidations calls={calls} />
            </div>
          )}
        </div>
      </section>
    </>
  );
}

function Person({
  person: { subject, country, tier, decision, decidedAt, wallets, claim },
  onDecided,
}: {
  person: Subject;
  onDecided: (invalidate: readonly Invalidation[]) => void;
}) {
  const operator = useOperator();
  const [reason, setReason] = useState("");
  return (
    <article className="person" data-testid="person" data-subject={subject}>
      <p>
        <bdi>
          <strong>{subject}</strong>
        </bdi>{" "}
        <span className="quiet">
          {country} · <bdi>{tier}</bdi> · {decisionWords(decision)}, {formatTime(BigInt(decidedAt))}
        </span>
      </p>
      <p>
        {wallets.map((wallet) => (
          <code key={wallet} title={wallet}>
            {shortHex(wallet)}{" "}
          </code>
        ))}
        {wallets.length === 0 && <span className="quiet">{t`no wallet`}</span>}
      </p>
      {claim !== undefined && (
        <p data-testid="claim">{t`Decided elsewhere since: ${decisionWords(claim)}. An operator’s decision stands until an operator lifts it.`}</p>
      )}
      <TextField
        label={t`Reason, for the audit log: no personal data`}
        maxLength={500}
        value={reason}
        onValue={setReason}
      />
      <div className="actions">
        {decisions
          .filter((other) => other !== decision || claim !== undefined)
          .map((other) => (
            <Confirmed
              key={other}
              label={actWords(other)}
              title={t`${actWords(other)}: ${subject}?`}
              what={
                <>
                  <p>
                    {country} · <bdi>{tier}</bdi> · {t`Reason:`} “<bdi>{reason.trim()}</bdi>”
                  </p>
                  <p>{effectWords(other)}</p>
                  <p>{t`It stands in the audit log under your key, with the reason, and can be followed by another decision.`}</p>
                </>
              }
              isDisabled={reason.trim() === ""}
              act={async () => {
                const { invalidate } = await operator.decide(subject, {
                  decision: other,
                  reason: reason.trim(),
                });
                onDecided(invalidate);
              }}
            />
          ))}
      </div>
    </article>
  );
}

const decisionWords = (decision: Decision): string =>
  ({ approved: t`approved`, pending: t`pending`, rejected: t`rejected`, revoked: t`revoked` })[decision];

const actWords = (decision: Decision): string =>
  ({ approved: t`Approve`, pending: t`Set back to pending`, rejected: t`Reject`, revoked: t`Revoke` })[
    decision
  ];

const effectWords = (decision: Decision): string =>
  ({
    approved: t`From now on this person’s wallets get vouchers, up to the limit of the tier, as far as country and sanctions allow.`,
    pending: t`This person’s wallets get no vouchers until another decision. Vouchers given before still work until they end.`,
    rejected: t`This person’s wallets get no vouchers, and their open orders are closed. Vouchers given before still work on chain until they end, unless compliance ends them: you get the calls for that.`,
    revoked: t`This person’s wallets get no vouchers any more, and their open orders are closed. What was bought stays theirs. Vouchers given before still work on chain until they end, unless compliance ends them: you get the calls for that.`,
  })[decision];
