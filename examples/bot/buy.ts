// node --import tsx examples/bot/buy.ts --page <url> --amount <currency> (--key-file <file> | --persona <name>)
//   [--state <file>] [--login-origin <url>]: buys once for the amount, however often it is run with the same state file.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  erc20Abi,
  formatUnits,
  http,
  parseUnits,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
// In a project of your own: from "@slipway/sdk".
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { contractErrorOf } from "../../src/sdk/contractErrors.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import { orderIdOf } from "../../src/sdk/orderId.ts";
import { permitOf } from "../../src/sdk/permitOf.ts";
import { newOrderKey, placeOrder } from "../../src/sdk/placeOrder.ts";
import { explain, SlipwayError } from "../../src/sdk/problem.ts";
import { createSignerClient } from "../../src/sdk/signerClient.ts";

/** Of what the page says of its launch, what a buyer needs. */
type Page = {
  chainId: number;
  rpcUrl: string;
  signerUrl: string;
  indexerUrl: string;
  sale: Address;
  termsHash: Hex;
  launch: { currencyDecimals: number; currencySymbol: string };
  personas?: { name: string; privateKey: Hex }[];
};
/** Written before the first request: with it a second run is the same order. */
type State = { key: string; nonce: string; paid: string; amount: string };

try {
  await buy(readOptions());
} catch (error) {
  const known = error instanceof SlipwayError ? error : contractErrorOf(error);
  console.error(known === undefined ? (error instanceof Error ? error.message : error) : explain(known));
  process.exitCode = 1;
}

async function buy(options: ReturnType<typeof readOptions>): Promise<void> {
  const page = (await (await fetch(new URL("/config.json", options.page))).json()) as Page;
  const { chainId, launch } = page;
  const account = privateKeyToAccount(keyOf(page, options));
  const buyer = account.address;

  const chain = defineChain({
    id: chainId,
    name: "the launch's chain",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [page.rpcUrl] } },
  });
  const reader = createPublicClient({ chain, transport: http(), pollingInterval: 500 });
  const wallet = createWalletClient({ chain, account, transport: http() });
  const signer = createSignerClient({ url: page.signerUrl, retry: {} });
  const indexer = createIndexerClient({ url: page.indexerUrl, retry: {} });
  const sale = { address: page.sale, abi: saleAbi } as const;
  const money = (units: bigint) => `${formatUnits(units, launch.currencyDecimals)} ${launch.currencySymbol}`;

  // Chain, signer and page must speak of the same sale; a page alone can say anything.
  const termsHash = await reader.readContract({ ...sale, functionName: "termsHash" });
  const served = await signer.launch();
  if (termsHash !== page.termsHash || served.termsHash !== termsHash || served.chainId !== chainId) {
    throw new Error("Chain, signer and page do not agree on the sale: nothing was sent.");
  }

  const [paid, , nonce] = await reader.readContract({ ...sale, functionName: "positionOf", args: [buyer] });
  const state = readState(options.state) ?? {
    ...{ key: newOrderKey(), nonce: String(nonce), paid: String(paid) },
    amount: String(parseUnits(options.amount, launch.currencyDecimals)),
  };
  writeFileSync(options.state, JSON.stringify(state), { mode: 0o600 });
  const order = orderIdOf({ chainId, sale: page.sale, principal: buyer.toLowerCase(), key: state.key });

  if (nonce === BigInt(state.nonce)) {
    const session = await signer.login({
      ...{ wallet: buyer, chainId, origin: options.origin },
      signMessage: (message) => account.signMessage({ message }),
    });
    const answer = await placeOrder(session, {
      ...{ key: state.key, nonce, cumulativeCap: BigInt(state.paid) + BigInt(state.amount) },
    });
    const { voucher, signature } = permitOf(answer.order);

    const fill = await reader.readContract({
      ...{ ...sale, functionName: "previewPurchase" },
      args: [buyer, BigInt(state.amount), 0n, voucher, signature],
    });
    const currency = await reader.readContract({ ...sale, functionName: "currency" });
    if (currency !== zeroAddress) await approve(currency, fill);
    const { request } = await reader.simulateContract({
      ...{ ...sale, functionName: "purchase", account, value: currency === zeroAddress ? fill : 0n },
      args: [fill, fill, voucher, signature],
    });
    const hash = await wallet.writeContract(request);
    await reader.waitForTransactionReceipt({ hash });
  }

  const entry = await entryOf();
  console.log(`Bought for ${money(BigInt(entry.amount))} in ${entry.transaction}: entry ${entry.sequence}`);

  /** Exactly what is paid, so that nothing is left of it. */
  async function approve(token: Address, amount: bigint): Promise<void> {
    const call = { address: token, abi: erc20Abi } as const;
    const allowance = await reader.readContract({
      ...{ ...call, functionName: "allowance", args: [buyer, page.sale] },
    });
    if (allowance >= amount) return;
    const { request } = await reader.simulateContract({
      ...{ ...call, functionName: "approve", args: [page.sale, amount], account },
    });
    await reader.waitForTransactionReceipt({ hash: await wallet.writeContract(request) });
  }

  /** As the indexer has it: a purchase counts once it is in the history. */
  async function entryOf() {
    for (let looks = 0; looks < 60; looks++) {
      const { entries } = await indexer.entries(page.sale, { order });
      if (entries[0] !== undefined) return entries[0];
      await new Promise((later) => setTimeout(later, 500));
    }
    throw new Error(
      `Order ${order} is not in the history. If the wallet bought otherwise meanwhile, remove ${options.state}.`,
    );
  }
}

function keyOf({ personas = [] }: Page, { keyFile, persona }: ReturnType<typeof readOptions>): Hex {
  if (keyFile !== undefined) return readFileSync(keyFile, "utf8").trim() as Hex;
  const known = personas.find(({ name }) => name === persona);
  if (known === undefined)
    throw new Error("Name --key-file, or one of the page's test wallets with --persona.");
  return known.privateKey;
}

function readState(file: string): State | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as State) : undefined;
}

function readOptions() {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      page: { ...text, default: "http://127.0.0.1:7400" },
      "login-origin": text,
      ...{ amount: text, persona: text, "key-file": text },
      state: { ...text, default: "bot-order.json" },
    },
  });
  const { page, amount, persona, state, "key-file": keyFile } = values;
  // The site that the login names, where it is not the page's own.
  const origin = values["login-origin"] ?? new URL(page).origin;
  if (amount === undefined) throw new Error("Name --amount, in units of the currency: --amount 250");
  return { page, origin, amount, persona, state, keyFile };
}
