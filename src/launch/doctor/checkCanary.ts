import { keccak256, maxUint96, stringToHex, type Hex, type LocalAccount, type PublicClient } from "viem";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { contractErrorOf } from "../../sdk/contractErrors.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { permitOf, type Permit } from "../../sdk/permitOf.ts";
import { phaseOf } from "../../sdk/phase.ts";
import { SlipwayError } from "../../sdk/problem.ts";
import { createSignerClient, SignerProblem, type SignerSession } from "../../sdk/signerClient.ts";
import type { Ask } from "./checkServices.ts";
import type { Findings } from "./Finding.ts";
import { moneyFor } from "./moneyFor.ts";

/**
 * A buyer's whole way but the last step: signs in, gets a real voucher for the least purchase, and tries `purchase` by `eth_call`
 * with money that it is given for this one call. Nothing is sent, so the wallet never has a position.
 */
export async function checkCanary({
  canary,
  chain,
  record,
  signer,
  pageOrigin,
  ask,
  findings: { must, unknown },
}: {
  /** A wallet that passed KYC, used for nothing else. */
  canary: LocalAccount;
  chain: PublicClient;
  record: LaunchRecord;
  /** URL. */
  signer: string;
  pageOrigin: string;
  ask: Ask;
  findings: Findings;
}): Promise<void> {
  const { sale: terms } = record.terms;
  const buyer = canary.address;
  const sale = { address: record.sale, abi: saleAbi } as const;
  const { currencyUnits } = terms.price;
  const amount = terms.minPurchase > currencyUnits ? terms.minPurchase : currencyUnits;
  const [phase, [, , nonce], raised] = await Promise.all([
    chain.readContract({ ...sale, functionName: "phase" }),
    chain.readContract({ ...sale, functionName: "positionOf", args: [buyer] }),
    chain.readContract({ ...sale, functionName: "raised" }),
  ]);

  let session: SignerSession | undefined;
  if (terms.voucherRequired) {
    if (signer === "" || pageOrigin === "") {
      unknown("canary", "no signer or no page named", "Name them with --signer and --page.");
      return;
    }
    const client = createSignerClient({ url: signer, fetch: (url, init) => ask(url as string, init) });
    session = await tried("canary.login", "signed in", () =>
      client.login({
        ...{ wallet: buyer, chainId: record.chainId, origin: pageOrigin },
        signMessage: (message) => canary.signMessage({ message }),
      }),
    );
    if (session === undefined) return;
  }
  const now = phaseOf(phase);
  if (now !== "open" || raised >= terms.hardCap) {
    const why = now === "open" ? "the hard cap is reached" : `the sale is ${now}`;
    unknown("canary.purchase", why, "Look again while people can buy.");
    return;
  }
  const permit = session === undefined ? openPermit(nonce) : await askForVoucher(session);
  if (permit === undefined) return;

  const money = await moneyFor({
    chain,
    currency: terms.currency,
    owner: buyer,
    spender: record.sale,
    amount,
  });
  if (money === undefined) {
    const fix = `Give ${buyer} ${amount} units of the currency, and let it approve the sale.`;
    unknown("canary.purchase", "the currency keeps balances where a call cannot put one", fix);
    return;
  }
  await tried("canary.purchase", "would pass", async () => {
    const args = [amount, 1n, permit.voucher, permit.signature] as const;
    const call = { ...sale, functionName: "purchase", args, account: buyer, ...money } as const;
    await chain.simulateContract(call).catch((cause: unknown) => {
      throw contractErrorOf(cause) ?? cause;
    });
  });

  /** The same order each time, so that nothing piles up at the signer; a voucher that is over is renewed. */
  function askForVoucher(by: SignerSession): Promise<Permit | undefined> {
    const key = keccak256(stringToHex(`slipway canary ${record.sale} ${buyer} ${nonce}`));
    const order = { nonce, cumulativeCap: amount };
    return tried("canary.voucher", "given", async () => {
      const answer = await by.createOrder(key, order).catch((error: unknown) => {
        const id = error instanceof SignerProblem ? error.details.order : undefined;
        if (id === undefined || !(error instanceof SignerProblem)) throw error;
        if (error.code === "voucher-expired") return by.renew(id);
        if (error.code === "order-open") return by.createOrder(key, { ...order, supersedes: id });
        throw error;
      });
      return permitOf(answer.order);
    });
  }

  async function tried<T>(name: string, wanted: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      must(name, true, wanted, wanted, "");
      return result;
    } catch (error) {
      const [got, fix] =
        error instanceof SlipwayError
          ? [`${error.code}: ${error.message}`, error.wayOut]
          : [
              error instanceof Error ? error.name : "no answer",
              "See the signer's log, and ask another node.",
            ];
      must(name, false, got, wanted, fix || "See the signer's log.");
      return undefined;
    }
  }
}

/** In open mode the buyer says it all. */
function openPermit(nonce: bigint): Permit {
  const orderId: Hex = `0x${"ca".repeat(32)}`;
  return {
    voucher: { nonce, cumulativeCap: maxUint96, validFrom: 0n, validUntil: maxUint96, orderId },
    signature: "0x",
  };
}
