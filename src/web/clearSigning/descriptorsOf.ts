import { zeroAddress, type AbiParameter, type Address } from "viem";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { voucherTypedData, voucherTypes } from "../../sdk/voucher.ts";

/**
 * ERC-7730 descriptors: in which words a wallet shows what it is asked to sign. `calls` is about transactions to the sale,
 * `voucher` about what a signer or its multisig signs.
 */
export type Descriptors = { calls: object; voucher: object };

const SCHEMA = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json";

type SaleCall = Exclude<Extract<(typeof saleAbi)[number], { type: "function" }>, { stateMutability: "view" }>;
type Field = { label: string; format: string; params?: object } | "hidden";

const intents: Record<SaleCall["name"], string> = {
  purchase: "Buy in the token sale",
  purchaseWithPermit: "Buy in the token sale",
  purchaseWithAuthorization: "Buy in the token sale",
  withdraw: "Take all your money back out of the token sale",
  refund: "Pay a buyer of the failed token sale back",
  releaseEjected: "Pay back a buyer whom compliance took out of the token sale",
  claim: "Send a buyer the tokens that have vested",
  fund: "Escrow the tokens to be sold",
  finalise: "Fix that the token sale succeeded",
  list: "List the token and lock its liquidity",
  listWithSalt: "List the token and lock its liquidity",
  releaseFee: "Pay the fee to its recipient",
  releaseTreasury: "Pay the treasury what is due",
  releaseUnsold: "Burn or return the unsold tokens, as the terms say",
  addSigner: "Admit a signer, for ever within these bounds",
  strikeOffSigner: "End a signer for ever",
  invalidate: "Void a buyer's unused vouchers",
  eject: "Take a buyer out of the token sale and make their money refundable",
  pause: "Pause purchases, once and for all",
  declareFailed: "Call the token sale off for good: every buyer is refunded",
  transferOwnership: "Offer the ownership of the token sale",
  acceptOwnership: "Take over the ownership of the token sale",
  renounceOwnership: "Give up the ownership of the token sale",
};

export function descriptorsOf({
  chainId,
  sale,
  currency,
  owner,
}: {
  chainId: number;
  sale: Address;
  /** Zero: ether. */
  currency: Address;
  /** Whose sale it is, as a wallet shows it. */
  owner: string;
}): Descriptors {
  const money = (label: string): Field =>
    currency === zeroAddress
      ? { label, format: "amount" }
      : { label, format: "tokenAmount", params: { token: currency } };
  const date = (label: string): Field => ({ label, format: "date", params: { encoding: "timestamp" } });
  const name = (label: string): Field => ({ label, format: "addressName" });
  const raw = (label: string): Field => ({ label, format: "raw" });
  const voucher: Record<string, Field> = {
    buyer: name("Buyer"),
    cumulativeCap: money("The buyer's position at most"),
    validFrom: "hidden",
    validUntil: date("Valid until"),
    orderId: raw("Order"),
  };
  /** By path, whatever the call: the same thing has the same name everywhere. */
  const fields: Record<string, Field> = {
    amount: money("Pay at most"),
    leastFill: money("Not less than"),
    "voucher.nonce": "hidden",
    ...Object.fromEntries(Object.entries(voucher).map(([path, field]) => [`voucher.${path}`, field])),
    ...{ signature: "hidden", v: "hidden", r: "hidden", s: "hidden", salt: "hidden" },
    deadline: date("The payment's signature is valid until"),
    ...{ buyer: name("Buyer"), signer: name("Signer"), newOwner: name("New owner") },
    history_: raw("History of the sale"),
    maxCap: money("Vouchers up to"),
    maxWindow: { label: "Vouchers valid for at most", format: "duration" },
    seconds_: { label: "For", format: "duration" },
    nonce: raw("Vouchers with a number below"),
  };
  const head = (context: object) => ({
    $schema: SCHEMA,
    context,
    metadata: { owner, contractName: "Slipway Sale" },
  });
  const deployments = [{ chainId, address: sale }];

  const calls = saleAbi.filter((item): item is SaleCall => item.type === "function" && !isView(item));
  const { domain } = voucherTypedData({ chainId, sale, buyer: sale, voucher: {} as never });
  return {
    calls: {
      ...head({ contract: { deployments } }),
      display: {
        formats: Object.fromEntries(
          calls.map((call) => [
            fragmentOf(call),
            {
              intent: intents[call.name],
              fields: [
                ...(call.stateMutability === "payable" && currency === zeroAddress
                  ? [{ path: "@.value", label: "Sent along", format: "amount" }]
                  : []),
                ...pathsOf(call.inputs).map((path) => shown(path, fields)),
              ],
            },
          ]),
        ),
      },
    },
    voucher: {
      ...head({ eip712: { domain: { name: domain.name, version: domain.version }, deployments } }),
      display: {
        formats: {
          [`Voucher(${voucherTypes.Voucher.map(parameterOf).join(",")})`]: {
            intent: "Let a wallet buy in the token sale",
            fields: voucherTypes.Voucher.map(({ name: path }) =>
              shown(path, { ...voucher, nonce: raw("Number") }),
            ),
          },
        },
      },
    },
  };
}

function isView({ stateMutability }: { stateMutability: string }): boolean {
  return stateMutability === "view" || stateMutability === "pure";
}

function shown(path: string, fields: Record<string, Field>): object {
  const field = fields[path];
  if (field === undefined) throw new RangeError(`No words for ${path}`);
  return field === "hidden" ? { path, visible: "never" } : { path, ...field };
}

/** The function with its parameters' names, structs spelled out: by it a wallet finds the selector and the paths. */
function fragmentOf({ name, inputs }: SaleCall): string {
  return `${name}(${inputs.map(parameterOf).join(",")})`;
}

function parameterOf(parameter: AbiParameter): string {
  const type =
    "components" in parameter ? `(${parameter.components.map(parameterOf).join(",")})` : parameter.type;
  return `${type} ${parameter.name ?? ""}`;
}

function pathsOf(inputs: readonly AbiParameter[]): string[] {
  return inputs.flatMap((input) =>
    "components" in input
      ? pathsOf(input.components).map((path) => `${input.name ?? ""}.${path}`)
      : [input.name ?? ""],
  );
}
