import { createClient, custom, type Account, type Chain, type Client, type Transport } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { PageClient } from "../chain/createChain.ts";
import type { Persona } from "../config/pageConfig.ts";

/** Signs with the persona's key and sends through the page's own node. */
export function personaWallet({
  persona,
  client,
  chain,
}: {
  persona: Persona;
  client: PageClient;
  chain: Chain;
}): Client<Transport, Chain, Account> {
  return createClient({
    account: privateKeyToAccount(persona.privateKey),
    chain,
    transport: custom({ request: (request) => client.request(request as never) }),
    pollingInterval: 200,
  });
}
