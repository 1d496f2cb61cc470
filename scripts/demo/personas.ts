import type { HDAccount } from "viem/accounts";
import type { Part, Person } from "./people.ts";

const shown: readonly { part: Part; name: string; note: string }[] = [
  { part: "buys", name: "Ada", note: "approved: can buy" },
  { part: "fills-the-cap", name: "Bao", note: "approved: can buy" },
  { part: "not-known", name: "Cleo", note: "has not passed KYC" },
  { part: "denied-country", name: "Dan", note: "lives in a country the sale excludes" },
  { part: "sanctioned", name: "Eve", note: "is on the sanctions list" },
  { part: "over-cap", name: "Finn", note: "has bought all that one person may" },
];

/** The wallets that the local page offers, one of each kind. */
export function personasOf(people: readonly Person[]): { name: string; account: HDAccount; note: string }[] {
  return shown.flatMap(({ part, name, note }) => {
    const person = people.find((candidate) => candidate.part === part);
    return person === undefined ? [] : [{ name, account: person.account, note }];
  });
}
