import { defineLaunch } from "./src/sdk/launchFile/defineLaunch.ts";

// The demo's launch: `npm start` runs it from here to the listed pool. Its dates lie far ahead, so that it does not go
// stale, and the local chain starts just before them. All addresses are accounts of Hardhat's published test mnemonic.
export default defineLaunch({
  chainId: 31337,
  token: { name: "Acme Network", symbol: "ACME", supply: "10_000_000 ACME" },
  sale: {
    currency: { symbol: "USDC", decimals: 6 },
    price: "0.05 USDC",
    opensAt: "2040-03-01T14:00Z",
    closesAt: "2040-03-15T14:00Z",
    coolingOff: "14 days",
    softCap: "100_000 USDC",
    hardCap: "250_000 USDC",
    minPurchase: "100 USDC",
  },
  listing: {
    venue: "uniswap-v4",
    liquidity: "40%",
    price: "0.05 USDC",
    delay: "24 hours",
    deadline: "2040-03-31T14:00Z",
    lock: "365 days",
  },
  payout: {
    fee: { share: "2%", recipient: "0x976EA74026E726554dB657fA54763abd0C3a0aa9" },
    treasury: "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
    unsold: "burn",
  },
  vesting: {
    buyers: { initial: "25%", over: "180 days" },
    allocations: [
      {
        label: "team",
        beneficiary: "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
        amount: "2_000_000 ACME",
        schedule: { cliff: "365 days", over: "1460 days" },
        revoker: "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
      },
      {
        label: "ecosystem",
        beneficiary: "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
        amount: "1_000_000 ACME",
        schedule: { initial: "10%", over: "720 days", steps: 24 },
      },
    ],
  },
  document: {
    hash: "0xbc1468e5e12c71948d78e506120a48367548a041112691a2339ddcb099dfea1a",
    uri: "https://example.org/acme-paper.md",
    file: "docs/acme-paper.md",
  },
  roles: {
    owner: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    compliance: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    guardian: "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    signer: {
      address: "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
      maxCap: "25_000 USDC",
      maxWindow: "1 hour",
    },
  },
  policy: {
    tiers: [{ id: "public", personCap: "25_000 USDC", voucherLife: "10 minutes" }],
    deniedCountries: ["KP", "IR", "SY", "UA-43"],
    walletsPerPerson: 1,
    decisionMaxAge: "365 days",
    requestsPerMinute: 600,
  },
});
