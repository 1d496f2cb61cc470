import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { SlipwayError } from "../../sdk/problem.ts";
import { focused } from "../components/focused.ts";
import { Notice } from "../components/Notice.tsx";
import { TopBar } from "../components/TopBar.tsx";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { AuditPanel } from "./AuditPanel.tsx";
import { createOperatorClient, type OperatorClient } from "./createOperatorClient.ts";
import { KeysPanel } from "./KeysPanel.tsx";
import { LimitsPanel } from "./LimitsPanel.tsx";
import { OperatorProvider } from "./OperatorContext.tsx";
import { OrdersPanel } from "./OrdersPanel.tsx";
import { PeoplePanel } from "./PeoplePanel.tsx";
import { RefusalsPanel } from "./RefusalsPanel.tsx";
import { StatePanel } from "./StatePanel.tsx";
import { StopPanel } from "./StopPanel.tsx";
import { TextField } from "./TextField.tsx";

/** For who runs the signer: behind a key of their own, which is kept in this tab's memory alone. */
export function OperatorView() {
  const { config } = useLaunch();
  const [client, setClient] = useState<OperatorClient>();
  const [key, setKey] = useState("");
  const login = useMutation({
    mutationFn: async (): Promise<OperatorClient> => {
      const candidate = createOperatorClient({ url: config.signerUrl, key: key.trim() });
      try {
        await candidate.review();
      } catch (error) {
        // Any key with a scope may come in; what it may not do each card says.
        if (!(error instanceof SlipwayError) || error.code !== "scope-missing") throw error;
      }
      return candidate;
    },
    onSuccess: (accepted) => {
      setKey("");
      setClient(accepted);
    },
  });

  return (
    <>
      <TopBar />
      <main className="page" data-testid="operator">
        <div className="row">
          <h1 ref={focused} tabIndex={-1}>{t`For operators`}</h1>
          <span className="row">
            {client !== undefined && (
              <button
                type="button"
                className="plain"
                onClick={() => {
                  setClient(undefined);
                }}
              >
                {t`Leave`}
              </button>
            )}
            <a href="#/">{t`Back to the sale`}</a>
          </span>
        </div>
        {client === undefined ? (
          <section className="card" aria-labelledby="login-title">
            <h2 id="login-title">{t`Come in with your key`}</h2>
            <p>
              <Trans>
                The signer gives each operator a key of their own, which says what they may do. It stays in
                this tab’s memory, is sent to the signer alone, and is gone when you leave or reload.
              </Trans>
            </p>
            <form
              onSubmit={(event) => {
                event.preventDefault();
                login.mutate();
              }}
            >
              <TextField label={t`Operator’s key`} type="password" value={key} onValue={setKey} />
              <button type="submit" className="primary" disabled={key.trim() === "" || login.isPending}>
                {t`Come in`}
              </button>
            </form>
            {login.error !== null && <Notice error={explainError(login.error)} />}
          </section>
        ) : (
          <OperatorProvider value={client}>
            <div className="columns even">
              <div className="stack">
                <StopPanel />
                <LimitsPanel />
                <PeoplePanel />
                <OrdersPanel />
              </div>
              <div className="stack">
                <StatePanel />
                <RefusalsPanel />
                <KeysPanel />
                <AuditPanel />
              </div>
            </div>
          </OperatorProvider>
        )}
      </main>
    </>
  );
}
