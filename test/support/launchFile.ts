import type { LaunchFile } from "../../src/sdk/launchFile/LaunchFile.ts";

const account = (digit: string) => `0x${digit.repeat(40)}` as const;

/** A sound launch file for tests to break; every address is made up. */
export function launchFile(): LaunchFile {
  return {
    chainId: 31337,
    token: { name: "Harbour", symbol: "HRB", decimals: 18, supply: "10_000_000" },
    sale: {
      currency: { symbol: "USDC", decimals: 6 },
      price: "0.05 USDC",
      opensAt: "2040-03-01T14:00Z",
      closesAt: "2040-03-15T14:00Z",
      coolingOff: "14 days",
      softCap: "100000 USDC",
      hardCap: "250000 USDC",
      minPurchase: "100",
    },
    listing: {
      venue: "uniswap-v2",
      liquidity: "40%",
      price: "0.06 USDC",
      delay: "24 hours",
      deadline: "2040-03-31T14:00Z",
      lock: "365 days",
    },
    payout: {
      fee: { share: "2%", fixed: "10", recipient: account("1") },
      treasury: account("2"),
      unsold: "burn",
    },
    vesting: {
      buyers: { initial: "25%", cliff: "30 days", over: "180 days", steps: 6 },
      allocations: [
        { label: "team", beneficiary: account("3"), amount: "1000000", schedule: { over: "1460 days" } },
      ],
    },
    document: { hash: `0x${"ab".repeat(32)}`, uri: "https://example.org/paper.pdf" },
    roles: {
      owner: account("4"),
      guardian: account("5"),
      signer: { address: account("6"), maxCap: "25000 USDC", maxWindow: "1 hour" },
    },
    policy: {
      tiers: [{ id: "public", personCap: "20000 USDC", voucherLife: "10 minutes" }],
      deniedCountries: ["UA-43", "KP", "KP"],
      decisionMaxAge: "365 days",
      requestsPerMinute: 600,
    },
  };
}
