import { createTestClient, createWalletClient, http, toHex, walletActions, type Chain, type Hex } from "viem";
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
 * chain, and does not switch the first time it is asked. With `atomic` it takes batches (EIP-5792): at once, or after an upgrade of
 * the account, which its owner may not want. As the key of a contract it is the wallet of that `contract`;
 * `elsewhere` it is no extension, and announces nothing.
 */
export async function announceWallet(
  page: Page,
  {
    account,
    chain,
    rpcUrl,
    chainId = chain.id,
    atomic,
    upgrades = true,
    contract,
    elsewhere = false,
  }: {
    account: HDAccount;
    chain: Chain;
    rpcUrl: string;
    chainId?: number;
    atomic?: "supported" | "ready";
    upgrades?: boolean;
    contract?: Hex;
    elsewhere?: boolean;
  },
) {
  const asked: string[] = [];
  let refusals = 0;
  let connected = false;
  let current = chainId;
  let staysOnce = chainId !== chain.id;
  const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) });
  const address = contract ?? account.address;
  const batches = new Map<string, Hex[]>();

  async function answer({ method, params = [] }: Request): Promise<unknown> {
    switch (method) {
      case "eth_requestAccounts":
        connected = true;
        return [address];
      case "eth_accounts":
        return connected ? [address] : [];
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
      case "wallet_getCapabilities":
        if (atomic === undefined) throw Object.assign(new Error("Unknown method."), { code: -32_601 });
        return { [toHex(chain.id)]: { atomic: { status: atomic } } };
      case "wallet_sendCalls":
        asked.push(method);
        if (!upgrades) throw Object.assign(new Error("The upgrade was rejected."), { code: 5750 });
        return { id: await sendAll((params[0] as { calls: { to: Hex; data: Hex }[] }).calls) };
      case "wallet_getCallsStatus":
        return statusOf(params[0] as string);
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

  async function send({ to, data, value }: { to: Hex; data: Hex; value?: Hex }): Promise<Hex> {
    const call = { to, data, value: BigInt(value ?? "0x0") };
    if (contract === undefined) return wallet.sendTransaction(call);
    // Whatever its code is: it sends what its key wants.
    const node = createTestClient({ chain, mode: "hardhat", transport: http(rpcUrl) }).extend(walletActions);
    await node.impersonateAccount({ address: contract });
    await node.setBalance({ address: contract, value: 10n ** 18n });
    return node.sendTransaction({ ...call, account: contract, chain });
  }

  async function sendAll(calls: readonly { to: Hex; data: Hex }[]): Promise<string> {
    const sent: Hex[] = [];
    for (const call of calls) sent.push(await send(call));
    const id = toHex(batches.size + 1, { size: 32 });
    batches.set(id, sent);
    return id;
  }

  async function statusOf(id: string) {
    const receipts: unknown[] = await Promise.all(
      (batches.get(id) ?? []).map((hash) =>
        wallet.request({ method: "eth_getTransactionReceipt", params: [hash] } as never),
      ),
    );
    const status = receipts.includes(null) ? 100 : 200;
    return { version: "2.0.0", id, chainId: toHex(chain.id), atomic: true, status, receipts };
  }

  await page.exposeFunction("askTestWallet", async (request: Request) => {
    try {
      return { result: await answer(request) };
    } catch (error) {
      const { code = -32_603, message } = error as { code?: number; message: string };
      return { error: { code, message } };
    }
  });
  if (!elsewhere) await page.addInitScript({ content: provider });

  return {
    asked,
    refuse: () => {
      refusals += 1;
    },
  };
}
