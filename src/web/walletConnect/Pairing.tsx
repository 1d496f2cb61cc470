import { lazy, Suspense, useEffect, useState } from "react";
import type { Connector } from "wagmi";
import { loadWalletConnectTexts } from "./loadWalletConnectTexts.ts";

const PairingLink = /* @__PURE__ */ lazy(async () => {
  const [{ PairingLink: view }] = await Promise.all([import("./PairingLink.tsx"), loadWalletConnectTexts()]);
  return { default: view };
});

/** The way to a wallet elsewhere, once WalletConnect tells one. */
export function Pairing({ connectors, pending }: { connectors: readonly Connector[]; pending: boolean }) {
  const connector = connectors.find(({ type }) => type === "walletConnect");
  const [uri, setUri] = useState("");
  useEffect(() => {
    const told = ({ type, data }: { type: string; data?: unknown }) => {
      if (type === "display_uri" && typeof data === "string" && data.startsWith("wc:")) setUri(data);
    };
    connector?.emitter.on("message", told);
    return () => {
      connector?.emitter.off("message", told);
    };
  }, [connector]);
  useEffect(() => {
    // Declined or run out: the next try has a way of its own.
    if (!pending) setUri("");
  }, [pending]);

  if (uri === "") return null;
  return (
    <Suspense fallback={null}>
      <PairingLink uri={uri} />
    </Suspense>
  );
}
