import type { Address } from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";
import type { Random } from "./random.ts";

/** Hardhat's published test mnemonic: worth nothing, on chain 31337 only. */
const LOCAL_MNEMONIC = "test test test test test test test test test test test junk";
/** Accounts below it are roles of the launch. */
const FIRST_PERSON = 100;

/** What a person does in the demo beyond, or instead of, simply buying. */
export type Part =
  | "buys"
  | "not-known"
  | "denied-country"
  | "sanctioned"
  | "over-cap"
  | "too-early"
  | "retries"
  | "changes-payload"
  | "uses-voucher-twice"
  | "takes-anothers-voucher"
  | "lets-voucher-expire"
  | "brings-foreign-voucher"
  | "orders-twice"
  | "withdraws-and-returns"
  | "fills-the-cap";

export type Person = {
  /** 1 for the first. */
  number: number;
  account: HDAccount;
  part: Part;
  country: string;
  /** Base units this person ends with; zero for who may not buy. */
  target: bigint;
};

/** Parts in the order they act; everybody else just buys. */
const cast: readonly Part[] = [
  "too-early",
  "retries",
  "changes-payload",
  "not-known",
  "denied-country",
  "sanctioned",
  "over-cap",
  "orders-twice",
  "uses-voucher-twice",
  "takes-anothers-voucher",
  "brings-foreign-voucher",
  "withdraws-and-returns",
  "lets-voucher-expire",
];
const refusedWholly: readonly Part[] = ["not-known", "denied-country", "sanctioned"];
const countries = ["DE", "FR", "CH", "PT", "JP", "BR", "KE", "NZ"] as const;

export function localAccount(index: number): HDAccount {
  return mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: index });
}

/** The local account with this address: roles are among the first ones. */
export function accountOf(address: Address): HDAccount {
  for (let index = 0; index < FIRST_PERSON; index++) {
    const account = localAccount(index);
    if (account.address === address) return account;
  }
  throw new RangeError(`${address} is no local account`);
}

/**
 * The people of one sale. Their targets sum to the hard cap exactly; the last one offers more than is left.
 * Amounts are whole hundredths of the currency.
 */
export function castOf({
  count,
  random,
  hardCap,
  deniedCountry,
  currencyDecimals,
}: {
  count: number;
  random: Random;
  hardCap: bigint;
  deniedCountry: string;
  currencyDecimals: number;
}): Person[] {
  const cent = 10n ** BigInt(currencyDecimals - 2);
  const people = Array.from({ length: count }, (_, i): Person => {
    const part = i === count - 1 ? "fills-the-cap" : (cast[i] ?? "buys");
    const country =
      part === "denied-country"
        ? deniedCountry
        : (countries[Math.floor(random.next() * countries.length)] ?? "DE");
    return { number: i + 1, account: localAccount(FIRST_PERSON + i), part, country, target: 0n };
  });

  const buying = people.filter((person) => !refusedWholly.includes(person.part));
  const last = buying.pop();
  if (last === undefined) throw new RangeError("A demo needs people.");
  const cents = hardCap / cent;
  const share = Number(cents) / (buying.length + 1);
  last.target = BigInt(Math.floor(share * (0.4 + 0.2 * random.next()))) * cent;

  const weights = buying.map(() => 0.6 + 0.8 * random.next());
  const sum = weights.reduce((a, b) => a + b, 0);
  let left = cents - last.target / cent;
  buying.forEach((person, i) => {
    const part =
      i === buying.length - 1
        ? left
        : BigInt(Math.floor((Number(cents - last.target / cent) * (weights[i] ?? 0)) / sum));
    person.target = part * cent;
    left -= part;
  });
  return people;
}
