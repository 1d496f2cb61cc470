import type { Account, Chain, Client, Transport } from "viem";
import { createConnector } from "wagmi";
import type { PageClient } from "../chain/createChain.ts";
import type { Persona } from "../config/pageConfig.ts";
import { PERSONA } from "./PERSONA.ts";

const LAST_PERSONA = "persona";

/** A built-in test wallet of the local chain: signs without asking, sends through the page's own node. */
export function personaConnector({
  persona,
  client,
  chain,
}: {
  persona: Persona;
  client: PageClient;
  chain: Chain;
}) {
  let created: Promise<Client<Transport, Chain, Account>> | undefined;
  /** Keys and curves are loaded when a persona is chosen: nobody else pays for them. */
  const wallet = () =>
    (created ??= import("./personaWallet.ts").then(({ personaWallet }) =>
      personaWallet({ persona, client, chain }),
    ));

  return createConnector(({ storage, emitter }) => ({
    id: `persona-${persona.address.toLowerCase()}`,
    name: persona.name,
    type: PERSONA,
    connect: async () => {
      await storage?.setItem(LAST_PERSONA, persona.address);
      return { accounts: [persona.address] as never, chainId: chain.id };
    },
    disconnect: async () => {
      await storage?.removeItem(LAST_PERSONA);
    },
    getAccounts: async () => [persona.address],
    getChainId: async () => chain.id,
    getProvider: async () => client,
    getClient: wallet,
    isAuthorized: async () => (await storage?.getItem(LAST_PERSONA)) === persona.address,
    onAccountsChanged: () => undefined,
    onChainChanged: () => undefined,
    onDisconnect: () => {
      emitter.emit("disconnect");
    },
  }));
}
