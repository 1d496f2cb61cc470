import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAbi, type Address, type Hex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { stringifyRecord } from "../../src/sdk/json.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { policyHash, type Policy } from "../../src/sdk/policy.ts";
import type { OrderWithVoucher } from "../../src/sdk/signerApi.ts";
import type { SaleTerms } from "../../src/sdk/terms.ts";
import { voucherTypedData } from "../../src/sdk/voucher.ts";
import { startIndexerChain } from "./indexerChain.ts";

export const UNIT = 10n ** 6n;
export const DAY = 86_400n;
export const PAGE = "http://127.0.0.1:7400";
export const WEBHOOK_SECRETS = ["w".repeat(40), "v".repeat(40)] as const;
export const EXPORT_KEY = "e".repeat(40);
export const SANCTIONED: Address = "0x00000000000000000000000000000000000BAD00";
const mockAbi = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
]);

export type SignerLaunch = Awaited<ReturnType<typeof startSignerLaunch>>;

/** A sale that is open on a chain of its own, with the files its signer starts from. */
export async function startSignerLaunch(
  change: {
    policy?: Partial<Policy>;
    sale?: (opened: bigint) => Partial<SaleTerms>;
    personCap?: bigint;
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-signer-"));
  const chain = await startIndexerChain();
  const signerKey: Hex = `0x${randomBytes(32).toString("hex")}`;
  const signer = privateKeyToAccount(signerKey);
  const opened = await chain.now();
  const deployed = await chain.deploySale((terms) => ({
    ...terms,
    sale: {
      ...terms.sale,
      voucherRequired: true,
      closesAt: opened + 60n * DAY,
      coolingOff: 14n * DAY,
      ...change.sale?.(opened),
    },
    listing: { ...terms.listing, deadline: opened + 90n * DAY },
    roles: { ...terms.roles, signer: signer.address, signerMaxCap: 250_000n * UNIT, signerMaxWindow: 3_600n },
  }));
  const policy: Policy = {
    version: 1n,
    tiers: [
      {
        id: "public",
        personCap: change.personCap ?? 10_000n * UNIT,
        opensAt: opened - DAY,
        closesAt: opened + 60n * DAY,
        voucherSeconds: 600n,
      },
      {
        id: "later",
        personCap: change.personCap ?? 10_000n * UNIT,
        opensAt: opened + 50n * DAY,
        closesAt: opened + 60n * DAY,
        voucherSeconds: 600n,
      },
      {
        id: "early",
        personCap: change.personCap ?? 10_000n * UNIT,
        opensAt: opened - DAY,
        closesAt: opened + 55n * DAY,
        voucherSeconds: 600n,
      },
    ],
    deniedCountries: ["KP", "UA-43"],
    walletsPerPerson: 3n,
    decisionMaxAgeSeconds: 365n * DAY,
    requestsPerMinute: 6_000n,
    ...change.policy,
  };
  const record: LaunchRecord = { ...deployed.record, policy, policyHash: policyHash(policy) };

  const write = (name: string, text: string, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode });
    return path;
  };
  const env = {
    RPC_URL: chain.url,
    LAUNCH_RECORD: write("launch.json", stringifyRecord(record)),
    PORT: "0",
    FINALITY_DEPTH: "8",
    SIGNER_KEY_FILE: write("signer.key", `${signerKey}\n`),
    SANCTIONS_FILE: write("sanctions.txt", `# test\n${SANCTIONED}\n`),
    EXPORT_KEY_FILE: write("export.key", `${EXPORT_KEY}\n`),
    KYC_WEBHOOK_SECRET_FILE: write("webhook.secret", `${WEBHOOK_SECRETS.join("\n")}\n`),
    SIWE_DOMAIN: new URL(PAGE).host,
    CORS_ORIGIN: PAGE,
  };

  async function fund(account: PrivateKeyAccount, amount: bigint): Promise<void> {
    await chain.client.setBalance({ address: account.address, value: 10n ** 18n });
    const money = { address: chain.currency, abi: mockAbi };
    await mined(
      await chain.client.writeContract({
        ...money,
        functionName: "mint",
        args: [account.address, amount],
        account: chain.deployer,
      }),
    );
    await mined(
      await chain.client.writeContract({
        ...money,
        functionName: "approve",
        args: [record.sale, amount],
        account,
      }),
    );
  }
  async function mined(hash: Hex): Promise<void> {
    const receipt = await chain.client.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error("reverted");
  }

  return {
    ...{ chain, record, env, signer, folder, write, opened, fund },
    /** Buys with an order's voucher on the real sale; throws what the sale says. */
    async buy(account: PrivateKeyAccount, order: OrderWithVoucher, amount: bigint): Promise<void> {
      await fund(account, amount);
      const { nonce, cumulativeCap, validFrom, validUntil, orderId } = order.voucher;
      const voucher = {
        ...{ nonce: BigInt(nonce), cumulativeCap: BigInt(cumulativeCap), orderId },
        ...{ validFrom: BigInt(validFrom), validUntil: BigInt(validUntil) },
      };
      const args = [amount, amount, voucher, order.signature] as const;
      await mined(
        await chain.client.writeContract({
          address: record.sale,
          abi: saleAbi,
          functionName: "purchase",
          args,
          account,
        }),
      );
    },
    /** A voucher at nonce 0 by the same key, as a signer with another database would give it. */
    async signElsewhere(buyer: Address, cumulativeCap: bigint): Promise<OrderWithVoucher> {
      const { chainId, sale } = record;
      const now = await chain.now();
      const orderId: Hex = `0x${randomBytes(32).toString("hex")}`;
      const voucher = { nonce: 0n, cumulativeCap, validFrom: now, validUntil: now + 600n, orderId };
      const signature = await signer.signTypedData(voucherTypedData({ chainId, sale, buyer, voucher }));
      const json = {
        nonce: "0",
        cumulativeCap: String(cumulativeCap),
        validFrom: String(now),
        validUntil: String(now + 600n),
      };
      return {
        orderId,
        chainId,
        sale,
        voucher: { buyer, orderId, ...json },
        signature,
        signer: signer.address,
      };
    },
    async withdraw(account: PrivateKeyAccount): Promise<void> {
      const call = { address: record.sale, abi: saleAbi, functionName: "withdraw", account } as const;
      await mined(await chain.client.writeContract(call));
    },
    /** By the owner: admits `next` with the same bounds, then strikes the first one off. */
    async rotateSigner(next: Address): Promise<void> {
      const { signerMaxCap, signerMaxWindow } = record.terms.roles;
      await deployed.send(chain.deployer, "addSigner", [next, signerMaxCap, signerMaxWindow]);
      await deployed.send(chain.deployer, "strikeOffSigner", [signer.address]);
    },
    /** By compliance. */
    async invalidate(buyer: Address, nonce: bigint): Promise<void> {
      const account = chain.deployer;
      const call = {
        address: record.sale,
        abi: saleAbi,
        functionName: "invalidate",
        args: [buyer, nonce],
        account,
      } as const;
      await mined(await chain.client.writeContract(call));
    },
    async nonceOf(buyer: Address): Promise<bigint> {
      return (await deployed.positionOf(buyer))[2];
    },
    async close() {
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
