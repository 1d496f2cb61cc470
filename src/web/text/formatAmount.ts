import { formatUnits } from "viem";

/** Base units for reading: grouped, at most `places` decimals, rounded down so that nobody is shown more than there is. */
export function formatAmount(amount: bigint, decimals: number, places = 2): string {
  const [whole = "0", fraction = ""] = formatUnits(amount, decimals).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  const cut = fraction.slice(0, places).replace(/0+$/, "");
  return cut === "" ? grouped : `${grouped}.${cut.padEnd(Math.min(2, places), "0")}`;
}
