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
        Your wallet is on another network. This sale is on “{client.chain.name}”, chain id{" "}
        {String(config.chainId)}. Switching moves no money.
      </p>
      <button
        type="button"
        className="primary"
        disabled={isPending}
        onClick={() => {
          switchChain({ chainId: config.chainId });
        }}
      >
        Switch the wallet
      </button>
      {error !== null && <Notice error={explainError(error)} />}
    </>
  );
}
