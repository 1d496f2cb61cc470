import { formatEther, formatUnits, size } from "viem";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { Plan } from "./Plan.ts";
import type { Scenario } from "./raiseScenarios.ts";

/** Months of which the table shows what circulates. */
const SHOWN_MONTHS = [0, 1, 3, 6, 12, 24, 36, 48, 60];

/** A plan for a person to read and approve. */
export function describePlan(plan: Plan, launch: Launch): string {
  const { transactions, balance, powers, warnings, scenarios } = plan;
  const gas = transactions.reduce((sum, each) => sum + each.gas, 0n);
  const cost = transactions.reduce((sum, each) => sum + each.cost, 0n);
  return [
    `${launch.token.name} (${launch.token.symbol}) on chain ${plan.chainId}, sent by ${plan.sender}`,
    `Sale  ${plan.sale}\nToken ${plan.token}\nTerms ${plan.termsHash}`,
    "",
    "Transactions",
    ...transactions.map(({ words, to, value, data, gas: each, done }, index) => {
      const what = `${String(index + 1).padStart(3)}  ${words}`;
      if (done) return `${what}\n       done already`;
      const sent = `${value === 0n ? "" : `${formatEther(value)} ETH, `}${size(data)} bytes`;
      return `${what}\n       to ${to ?? "nobody (creation)"}, ${sent}, ${each.toLocaleString("en-US")} gas`;
    }),
    `     in all ${gas.toLocaleString("en-US")} gas, ${formatEther(cost)} ETH; the sender has ${formatEther(balance.before)} ETH, then ${formatEther(balance.after)}`,
    "",
    ...describeScenarios(scenarios, launch),
    "",
    "Powers",
    ...powers.map(({ role, holder, may }) => `  ${role} (${holder}) may ${may}`),
    "  anybody may finalise, list after the delay, refund after a failure, claim and release to those named",
    ...(warnings.length === 0 ? [] : ["", "Warnings", ...warnings.map((each) => `  ! ${each}`)]),
    "",
    `Nothing was sent. Plan hash ${plan.hash}`,
  ].join("\n");
}

function describeScenarios(scenarios: readonly Scenario[], { token, currency }: Launch): string[] {
  const money = (units: bigint) => `${short(formatUnits(units, currency.decimals))} ${currency.symbol}`;
  const tokens = (units: bigint) => short(formatUnits(units, token.decimals));
  const row = (name: string, of: (each: Scenario) => string) =>
    `  ${name.padEnd(22)}${scenarios.map((each) => (each.fails ? "refunded" : of(each)).padStart(24)).join("")}`;
  const months = SHOWN_MONTHS.filter((month) => scenarios[0]?.circulating[month] !== undefined);
  return [
    `Raise${" ".repeat(19)}${scenarios.map(({ name }) => name.padStart(24)).join("")}`,
    `  ${"raised".padEnd(22)}${scenarios.map(({ raised }) => money(raised).padStart(24)).join("")}`,
    row("sale price", ({ salePrice }) => `${salePrice} ${currency.symbol}`),
    row("listing price", ({ listingPrice }) => `${listingPrice} ${currency.symbol}`),
    row(`sold, ${token.symbol}`, ({ sold }) => tokens(sold)),
    row("fee", ({ fee }) => money(fee)),
    row("pool, currency", ({ pool }) => money(pool.currency)),
    row(`pool, ${token.symbol}`, ({ pool }) => tokens(pool.tokens)),
    row("treasury", ({ treasury }) => money(treasury)),
    row(`unsold, ${token.symbol}`, ({ unsold }) => tokens(unsold)),
    row("fully diluted value", ({ valuation }) => money(valuation.fullyDiluted)),
    row("value at listing", ({ valuation }) => money(valuation.atListing)),
    ...months.map((month) =>
      row(`circulating, month ${month}`, ({ circulating }) => tokens(circulating[month]?.tokens ?? 0n)),
    ),
  ];
}

/** With thousands apart, at most two decimals of what is large. */
function short(decimal: string): string {
  return Number(decimal).toLocaleString("en-US", { maximumFractionDigits: 2 });
}
