import { AbiCoder, concat, dataSlice, keccak256, TypedDataEncoder, ZeroHash } from "ethers";

// The hashes of the vectors, by ethers and from types written down once more: no line of src/sdk is used.

type Types = Record<string, { name: string; type: string }[]>;

/** EIP-712 types from their canonical text: `A(uint256 x,B b)B(string s)`. */
function parseTypes(text: string): Types {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name, fields]) => [
      name!,
      fields!.split(",").map((field) => {
        const [type, name] = field.split(" ");
        return { name: name!, type: type! };
      }),
    ]),
  );
}

const VOUCHER = parseTypes(
  "Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)",
);
const POLICY = parseTypes(
  "Policy(uint256 version,PolicyTier[] tiers,string[] deniedCountries,uint256 walletsPerPerson,uint256 decisionMaxAgeSeconds,uint256 requestsPerMinute)" +
    "PolicyTier(string id,uint256 personCap,uint256 opensAt,uint256 closesAt,uint256 voucherSeconds)",
);
const TERMS = parseTypes(
  "Terms(uint256 chainId,TokenTerms token,SaleTerms sale,ListingTerms listing,PayoutTerms payout,VestingTerms vesting,DocumentTerms document,RoleTerms roles)" +
    "TokenTerms(string name,string symbol,uint8 decimals,uint256 maxSupply,address existing)" +
    "Price(uint256 currencyUnits,uint256 tokenUnits)" +
    "SaleTerms(address currency,Price price,uint64 opensAt,uint64 closesAt,uint64 coolingOff,uint256 softCap,uint256 hardCap,uint256 minPurchase,bool voucherRequired,bool ejectable)" +
    "ListingTerms(uint64 delay,uint64 deadline,uint16 liquidityBps,Price price,address venue,uint24 feeTier,int24 tickSpacing,uint64 lockSeconds)" +
    "PayoutTerms(uint16 feeBps,uint256 feeFixed,address feeRecipient,address treasury,uint64 streamSeconds,bool burnUnsold)" +
    "Schedule(uint16 initialBps,uint64 cliffSeconds,uint64 durationSeconds,uint32 steps)" +
    "VestingTerms(address vesting,Schedule buyers,bytes32 allocationsRoot,uint256 allocationsTotal)" +
    "DocumentTerms(bytes32 hash,string uri)" +
    "RoleTerms(address owner,address compliance,address guardian,address signer,uint256 signerMaxCap,uint64 signerMaxWindow)",
);

const coder = AbiCoder.defaultAbiCoder();
export const KINDS = ["purchase", "withdraw", "invalidate", "eject"];

/** Numbers are decimal strings, as JSON has no others that are exact. */
export type Fields = { [name: string]: string | boolean | Fields | Fields[] | string[] };
export type OfSale = { chainId: string; sale: string };
export type Entry = { kind: string; buyer: string; nonce: string; amount: string; orderId: string };

function domainOf({ chainId, sale }: OfSale) {
  return { name: "Slipway Sale", version: "1", chainId, verifyingContract: sale };
}

export function voucherDigest(of: OfSale, buyer: string, voucher: Fields): string {
  return TypedDataEncoder.hash(domainOf(of), VOUCHER, { buyer, ...voucher });
}

export function termsHash(terms: Fields): string {
  return TypedDataEncoder.hashStruct("Terms", TERMS, terms);
}

/** abi.encode(terms), as Solidity decodes it. */
export function encodeTerms(terms: Fields): string {
  const tuple = (name: string): string =>
    `tuple(${TERMS[name]!.map(({ name: field, type }) => `${type in TERMS ? tuple(type) : type} ${field}`).join(",")})`;
  return coder.encode([tuple("Terms")], [terms]);
}

export function policyHash(policy: Fields): string {
  return TypedDataEncoder.hashStruct("Policy", POLICY, policy);
}

export function historyStart(of: OfSale, termsHash: string): string {
  return dataSlice(
    keccak256(concat(["0x1901", TypedDataEncoder.hashDomain(domainOf(of)), termsHash])),
    0,
    19,
  );
}

export function historyNext(history: string, entry: Entry): string {
  const { kind, buyer, nonce, amount, orderId } = entry;
  const words = coder.encode(
    ["bytes19", "uint8", "address", "uint256", "uint256", "bytes32"],
    [history, KINDS.indexOf(kind), buyer, nonce, amount, kind === "purchase" ? orderId : ZeroHash],
  );
  return dataSlice(keccak256(words), 0, 19);
}
