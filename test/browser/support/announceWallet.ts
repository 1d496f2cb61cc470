import { createWalletClient, http, type Chain, type Hex } from "viem";
import type { HDAccount } from "viem/accounts";
import type { Page } from "playwright-core";

/** As text: what compiles this file adds helpers to functions that the page does not have. */
const provider = `
  const icon =
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><rect width='8' height='8'/></svg>";
  const info = { uuid: crypto.randomUUID(), name: "Test Extension", icon, rdns: "test.extension" };
  const provider = {
    request: async (request) => {
      const { result, error } = await window.askTestWallet(request);
      if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    on: () => undefined,
    removeListener: () => undefined,
  };
  const detail = Object.freeze({ info, provider });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
`;

type Request = { method: string; params?: readonly unknown[] };

/**
 * A wallet extension as a page sees it (EIP-6963, EIP-1193), its keys here in Node. `asked` lists what it was asked to
 * sign or send; `refuse` makes it decline the next such request; with another `chainId` it is on that
 * chain, and does not switch the first time it is asked.
 */
export async function announceWallet(
  page: Page,
  {
    account,
    chain,
    rpcUrl,
    chainId = chain.id,
  }: { account: HDAccount; chain: Chain; rpcUrl: string; chainId?: number },
) {
  const asked: string[] = [];
  let refusals = 0;
  let connected = false;
  let current = chainId;
  let staysOnce = chainId !== chain.id;
  const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) });

  async function answer({ method, params = [] }: Request): Promise<unknown> {
    switch (method) {
      case "eth_requestAccounts":
        connected = true;
        return [account.address];
      case "eth_accounts":
        return connected ? [account.address] : [];
      case "eth_chainId":
        return `0x${current.toString(16)}`;
      case "personal_sign":
      case "eth_signTypedData_v4":
      case "eth_sendTransaction":
        asked.push(method);
        if (refusals > 0) {
          refusals -= 1;
          throw Object.assign(new Error("User rejected the request."), { code: 4001 });
        }
        if (method === "eth_signTypedData_v4") {
          return wallet.signTypedData(JSON.parse(params[1] as string) as never);
        }
        if (method === "personal_sign") return wallet.signMessage({ message: { raw: params[0] as Hex } });
        return send(params[0] as { to: Hex; data: Hex; value?: Hex });
      case "wallet_switchEthereumChain":
        if (staysOnce) {
          staysOnce = false;
          throw new Error("Switch by hand.");
        }
        current = Number((params[0] as { chainId: Hex }).chainId);
        return null;
      default:
        return wallet.request({ method, params } as never);
    }
  }

  function send({ to, data, value }: { to: Hex; data: Hex; value?: Hex }): Promise<Hex> {
    return wallet.sendTransaction({ to, data, value: BigInt(value ?? "0x0") });
  }

  await page.exposeFunction("askTestWallet", async (request: Request) => {
    try {
      return { result: await answer(request) };
    } catch (error) {
      const { code = -32_603, message } = error as { code?: number; message: string };
      return { error: { code, message } };
    }
  });
  await page.addInitScript({ content: provider });

  return {
    asked,
    refuse: () => {
      refusals += 1;
    },
  };
}
