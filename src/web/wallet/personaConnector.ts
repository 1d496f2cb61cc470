import { createClient, custom, type Chain } from "viem";
import { privateKeyToAccount } from "viem/accounts";
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
  const account = privateKeyToAccount(persona.privateKey);
  const wallet = createClient({
    account,
    chain,
    transport: custom({ request: (request) => client.request(request as never) }),
    pollingInterval: 200,
  });

  return createConnector(({ storage, emitter }) => ({
    id: `persona-${persona.address.toLowerCase()}`,
    name: persona.name,
    type: PERSONA,
    connect: async () => {
      await storage?.setItem(LAST_PERSONA, account.address);
      return { accounts: [account.address] as never, chainId: chain.id };
    },
    disconnect: async () => {
      await storage?.removeItem(LAST_PERSONA);
    },
    getAccounts: async () => [account.address],
    getChainId: async () => chain.id,
    getProvider: async () => wallet,
    getClient: async () => wallet,
    isAuthorized: async () => (await storage?.getItem(LAST_PERSONA)) === account.address,
    onAccountsChanged: () => undefined,
    onChainChanged: () => undefined,
    onDisconnect: () => {
      emitter.emit("disconnect");
    },
  }));
}
