import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import { ieo } from "../../src/sdk/launchFile/presets.ts";

// IEO-style: a platform sells to people that it has checked, for a share of the raise. All addresses are accounts of
// Hardhat's published test mnemonic. What the preset fills may be written here as well; then this wins.
export default defineLaunch(
  ieo({
    chainId: 31337,
    token: { name: "Harbour", symbol: "HRB", supply: "100_000_000 HRB" },
    sale: {
      currency: { symbol: "USDC", decimals: 6 },
      price: "0.02 USDC",
      opensAt: "2040-03-01T14:00Z",
      closesAt: "2040-03-15T14:00Z",
      softCap: "200_000 USDC",
      hardCap: "800_000 USDC",
      minPurchase: "50 USDC",
    },
    listing: { price: "0.02 USDC", deadline: "2040-03-31T14:00Z" },
    payout: {
      fee: { share: "4%", recipient: "0x976EA74026E726554dB657fA54763abd0C3a0aa9" },
      treasury: "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
    },
    vesting: {
      allocations: [
        {
          label: "team",
          beneficiary: "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f",
          amount: "20_000_000 HRB",
          schedule: { cliff: "365 days", over: "1460 days" },
        },
      ],
    },
    document: {
      hash: "0xbc1468e5e12c71948d78e506120a48367548a041112691a2339ddcb099dfea1a",
      uri: "https://example.org/acme-paper.md",
    },
    roles: {
      owner: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      compliance: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
      guardian: "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
      signer: {
        address: "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        maxCap: "20_000 USDC",
        maxWindow: "1 hour",
      },
    },
    insiders: [{ label: "founder", address: "0xBcd4042DE499D14e55001CcbB24a551F3b954096" }],
    policy: {
      tiers: [
        {
          id: "holders",
          personCap: "20_000 USDC",
          closesAt: "2040-03-03T14:00Z",
          voucherLife: "10 minutes",
        },
        {
          id: "public",
          personCap: "5_000 USDC",
          opensAt: "2040-03-03T14:00Z",
          voucherLife: "10 minutes",
        },
      ],
    },
  }),
);
