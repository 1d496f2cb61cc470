import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useSwitchChain } from "wagmi";
import { explainError } from "../errors/explainError.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { Notice } from "./Notice.tsx";

/** The wallet is on another chain than the sale. */
export function WrongChain() {
  const { config, client } = useLaunch();
  const { mutate: switchChain, isPending, error } = useSwitchChain();
  return (
    <>
      <p>
        <Trans>
          Your wallet is on another network. This sale is on “{client.chain.name}”, chain id {config.chainId}.
          Switching moves no money.
        </Trans>
      </p>
      <button
        type="button"
        className="primary"
        disabled={isPending}
        onClick={() => {
          switchChain({ chainId: config.chainId });
        }}
      >
        {t`Switch the wallet`}
      </button>
      {error !== null && <Notice error={explainError(error)} />}
    </>
  );
}
