import { expect } from "chai";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getAbiItem, parseAbiItem, toFunctionSelector, zeroAddress, type Address } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { descriptorsOf } from "../../src/web/clearSigning/descriptorsOf.ts";

type Format = {
  intent: string;
  fields: { path: string; label?: string; visible?: string; params?: object }[];
};
type Descriptor = { context: object; display: { formats: Record<string, Format> } };

/** As fastify has it: eslint's at the root is older than the schema's dialect. */
const fastify = createRequire(createRequire(import.meta.url).resolve("@fastify/ajv-compiler"));
const { Ajv2020 } = fastify("ajv/dist/2020.js") as { Ajv2020: new (options: object) => Ajv };
type Ajv = {
  compile: (schema: object) => ((value: unknown) => boolean) & { errors?: object[] | null };
  errorsText: (errors: object[] | null | undefined) => string;
};

const sale: Address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const currency: Address = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512";
const of = (money: Address) =>
  descriptorsOf({ chainId: 1, sale, currency: money, owner: "Acme Network" }) as {
    calls: Descriptor;
    voucher: Descriptor;
  };

describe("ERC-7730 descriptors", () => {
  const schema = JSON.parse(
    readFileSync(new URL("schemas/erc7730-v2.schema.json", import.meta.url), "utf8"),
  ) as object;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const fits = ajv.compile(schema);

  for (const [kind, money] of [
    ["a token", currency],
    ["ether", zeroAddress],
  ] as const) {
    it(`fit the published schema, paid in ${kind}`, () => {
      for (const descriptor of Object.values(of(money))) {
        expect(fits(descriptor), ajv.errorsText(fits.errors)).to.equal(true);
      }
    });
  }

  it("would not fit with a format or a member that the schema does not know", () => {
    const { calls } = of(currency);
    const [key = ""] = Object.keys(calls.display.formats);
    const withField = (field: object) => ({ ...calls, display: { formats: { [key]: { fields: [field] } } } });
    expect(fits(withField({ path: "amount", label: "Amount", format: "money" }))).to.equal(false);
    expect(fits({ ...calls, more: 1 })).to.equal(false);
  });

  it("are about every call that changes something, each by its selector", () => {
    const described = Object.keys(of(currency).calls.display.formats).map((key) =>
      toFunctionSelector(parseAbiItem(`function ${key}`) as never),
    );
    const wanted = saleAbi
      .filter((item) => item.type === "function")
      .filter(({ stateMutability }) => ["payable", "nonpayable"].includes(stateMutability))
      .map((item) => toFunctionSelector(item));
    expect([...described].sort()).to.deep.equal([...wanted].sort());
  });

  it("say for a purchase how much is paid at most, in the currency, and hide no amount", () => {
    const purchase = getAbiItem({ abi: saleAbi, name: "purchase" });
    const format = Object.entries(of(currency).calls.display.formats).find(([key]) =>
      key.startsWith(`${purchase.name}(`),
    )![1];
    expect(format.fields.filter(({ visible }) => visible !== "never")).to.deep.equal([
      ...[
        ["amount", "Pay at most"],
        ["leastFill", "Not less than"],
        ["voucher.cumulativeCap", "The buyer's position at most"],
      ].map(([path, label]) => ({ path, label, format: "tokenAmount", params: { token: currency } })),
      {
        ...{ path: "voucher.validUntil", label: "Valid until", format: "date" },
        params: { encoding: "timestamp" },
      },
      { path: "voucher.orderId", label: "Order", format: "raw" },
    ]);
  });

  it("bind the voucher by its domain, and name its type as the sale hashes it", () => {
    const { context, display } = of(currency).voucher;
    expect(context).to.deep.equal({
      eip712: {
        domain: { name: "Slipway Sale", version: "1" },
        deployments: [{ chainId: 1, address: sale }],
      },
    });
    // As contracts/interfaces/ISale.sol writes it.
    expect(Object.keys(display.formats)).to.deep.equal([
      "Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)",
    ]);
  });
});
