import { expect } from "chai";
import { readFileSync } from "node:fs";
import {
  concat,
  createClient,
  custom,
  getAddress,
  zeroAddress,
  type Account,
  type Address,
  type Chain,
  type Client,
  type Hex,
  type Transport,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import type { OrderWithVoucher } from "../../src/sdk/signerApi.ts";
import type { PageClient } from "../../src/web/chain/createChain.ts";
import { createOrderStore } from "../../src/web/purchase/createOrderStore.ts";
import { createPurchaseChain } from "../../src/web/purchase/createPurchaseChain.ts";
import { createPurchaseWallet } from "../../src/web/purchase/createPurchaseWallet.ts";
import { newOrder } from "../../src/web/purchase/newOrder.ts";
import type { PurchaseStep } from "../../src/web/purchase/nextStep.ts";
import { readSignedPayments } from "../../src/web/purchase/readSignedPayments.ts";
import { runPurchase } from "../../src/web/purchase/runPurchase.ts";
import { startIndexerChain, type IndexerChain } from "../support/indexerChain.ts";
import { memoryStorage } from "./fakes.ts";

const AMOUNT = 100_000_000n;

/** Answers of a wallet to what it is asked beyond the node's own methods. */
type Methods = Record<string, (params: never) => unknown>;

describe("paying for a purchase, each way, on real contracts", () => {
  let chain: IndexerChain;
  let node: PageClient;
  let people = 0;
  before(async () => {
    chain = await startIndexerChain();
    node = chain.client;
  });
  after(() => chain.close());

  /** A person with money, never seen before. */
  async function person(currency: Address): Promise<Account> {
    people += 1;
    const account = mnemonicToAccount("test test test test test test test test test test test junk", {
      addressIndex: 500 + people,
    });
    await chain.client.setBalance({ address: account.address, value: 10n ** 20n });
    if (currency !== zeroAddress) await send(currency, "transfer", [account.address, AMOUNT]);
    return account;
  }

  function artifact(name: string): { abi: readonly unknown[]; bytecode: Hex } {
    const file = new URL(`../../artifacts/contracts/${name}.json`, import.meta.url);
    return JSON.parse(readFileSync(file, "utf8")) as { abi: readonly unknown[]; bytecode: Hex };
  }

  async function deploy(name: string, args: readonly unknown[] = []): Promise<Address> {
    const { abi, bytecode } = artifact(name);
    const hash = await chain.client.deployContract({ abi, bytecode, args, account: chain.deployer });
    const { contractAddress } = await chain.client.waitForTransactionReceipt({ hash });
    return getAddress(contractAddress!);
  }

  async function send(address: Address, functionName: string, args: readonly unknown[]): Promise<void> {
    const { abi } = artifact("mocks/MockUSDC.sol/MockUSDC");
    const call = { address, abi, functionName, args, account: chain.deployer };
    const hash = await chain.client.writeContract(call);
    await chain.client.waitForTransactionReceipt({ hash });
  }

  async function funded(currency: Address): Promise<Address> {
    await send(currency, "mint", [chain.deployer, 10n ** 30n]);
    return currency;
  }

  /** A purchase of `AMOUNT` in an open sale; the steps it took and what is left allowed. */
  async function buy(currency: Address, account: Account, methods: Methods = {}) {
    const { record, sale, positionOf } = await chain.deploySale((terms) => ({
      ...terms,
      sale: { ...terms.sale, currency },
    }));
    const wallet = createClient({
      ...{ account, chain: hardhat, pollingInterval: 10 },
      transport: custom({
        request: ({ method, params }: { method: string; params: never }) =>
          methods[method] === undefined
            ? chain.client.request({ method, params } as never)
            : Promise.resolve(methods[method](params)),
      }),
    }) as Client<Transport, Chain, Account>;
    const signedPayments = () => readSignedPayments(node, currency);
    const shared = { client: node, sale, currency, signedPayments };
    const voucherFor = async ({ orderId, nonce, cumulativeCap }: ReturnType<typeof newOrder>) =>
      ({
        ...{ orderId, chainId: 31_337, sale, signature: "0x", signer: zeroAddress },
        voucher: {
          ...{ buyer: account.address, orderId, nonce: String(nonce), cumulativeCap: String(cumulativeCap) },
          ...{ validFrom: "0", validUntil: String((await chain.now()) + 600n) },
        },
      }) satisfies OrderWithVoucher;

    const steps: PurchaseStep[] = [];
    const receipt = await runPurchase({
      order: newOrder({
        ...{ chainId: 31_337, sale, buyer: account.address },
        ...{ nonce: 0n, paid: 0n, amount: AMOUNT },
      }),
      store: createOrderStore({ storage: memoryStorage(), chainId: 31_337, sale }),
      signer: { order: voucherFor, renew: () => Promise.reject(new Error("no renewal here")) },
      chain: createPurchaseChain({ ...shared, startBlock: record.startBlock }),
      wallet: createPurchaseWallet({ ...shared, wallet }),
      report: (step) => steps.push(step),
    });
    const [paid] = await positionOf(account.address);
    expect(paid).to.equal(AMOUNT);
    expect(receipt.amount).to.equal(AMOUNT);
    // The node mines at once: whether a wait was seen is chance.
    const asked = steps.filter((step) => ["sign", "approve", "batch", "purchase"].includes(step));
    return { asked, steps, sale };
  }

  it("pays ether in one transaction", async () => {
    const { asked } = await buy(zeroAddress, await person(zeroAddress));
    expect(asked).to.deep.equal(["purchase"]);
  });

  it("pays USDC by an authorization (EIP-3009): one signature, one transaction", async () => {
    const usdc = await funded(chain.currency);
    const { asked } = await buy(usdc, await person(usdc));
    expect(asked).to.deep.equal(["sign", "purchase"]);
  });

  it("pays a token of OpenZeppelin's by a permit (ERC-2612)", async () => {
    const token = await deploy("LaunchToken.sol/LaunchToken", ["Dollar", "D", 6, 10n ** 30n]);
    const { asked } = await buy(token, await person(token));
    expect(asked).to.deep.equal(["sign", "purchase"]);
  });

  it("pays USDT by an exact approval", async () => {
    const usdt = await funded(await deploy("mocks/MockUSDT.sol/MockUSDT"));
    const { asked } = await buy(usdt, await person(usdt));
    expect(asked).to.deep.equal(["approve", "purchase"]);
  });

  it("approves where the account has delegated its code (EIP-7702), as a token may refuse its signature", async () => {
    const usdc = await funded(chain.currency);
    const account = await person(usdc);
    const delegate = await deploy("mocks/ContractSigner.sol/ContractSigner", [chain.deployer]);
    await chain.client.setCode({ address: account.address, bytecode: concat(["0xef0100", delegate]) });
    const { asked } = await buy(usdc, account);
    expect(asked).to.deep.equal(["approve", "purchase"]);
  });

  it("approves where the wallet signs as another key than the account's", async () => {
    const usdc = await funded(chain.currency);
    const account = await person(usdc);
    const other = await person(usdc);
    const { asked } = await buy(usdc, { ...account, signTypedData: other.signTypedData } as Account);
    expect(asked).to.deep.equal(["sign", "purchase", "approve", "purchase"]);
  });

  it("approves and buys at once where the wallet batches (EIP-5792), for exactly the amount", async () => {
    const usdc = await funded(chain.currency);
    const account = await person(usdc);
    const batches: { atomicRequired: boolean; calls: { to: Address; data: Hex }[] }[] = [];
    let hash: Hex | undefined;
    /** The wallet takes its time: it sends when it is asked how far it is. */
    async function sendBatch(): Promise<void> {
      await chain.client.impersonateAccount({ address: account.address });
      for (const { to, data } of batches[0]?.calls ?? []) {
        const call = { account: account.address, to, data, chain: null };
        hash = await chain.client.sendTransaction(call);
      }
    }
    const { steps, sale } = await buy(usdc, account, {
      wallet_getCapabilities: () => ({ "0x7a69": { atomic: { status: "supported" } } }),
      wallet_sendCalls: ([batch]: typeof batches) => {
        batches.push(batch!);
        return { id: "0xb1" };
      },
      wallet_getCallsStatus: async () => {
        if (hash === undefined) await sendBatch();
        const receipt = {
          transactionHash: hash,
          logs: [],
          status: "0x1",
          gasUsed: "0x1",
          blockNumber: "0x1",
        };
        return {
          ...{ version: "2.0.0", id: "0xb1", chainId: "0x7a69", atomic: true, status: 200 },
          receipts: [{ ...receipt, blockHash: `0x${"00".repeat(32)}` }],
        };
      },
    });
    expect(steps).to.deep.equal(["order", "batch", "await-batch", "finish"]);
    expect(batches.map(({ atomicRequired }) => atomicRequired)).to.deep.equal([true]);
    expect(batches[0]?.calls.map(({ to }) => getAddress(to))).to.deep.equal([usdc, getAddress(sale)]);
    const { abi } = artifact("mocks/MockUSDC.sol/MockUSDC");
    const left = { address: usdc, abi, functionName: "allowance", args: [account.address, sale] };
    expect(await chain.client.readContract(left)).to.equal(0n);
  });
});
