import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import { ido } from "../../src/sdk/launchFile/presets.ts";

// IDO: a day's sale to an allowlist, then a pool with most of the raise that nobody can ever take out. All addresses are
// accounts of Hardhat's published test mnemonic.
export default defineLaunch(
  ido({
    chainId: 31337,
    token: { name: "Skiff", symbol: "SKF", supply: "10_000_000 SKF" },
    sale: {
      currency: { symbol: "USDC", decimals: 6 },
      price: "0.04 USDC",
      opensAt: "2040-03-01T14:00Z",
      closesAt: "2040-03-02T14:00Z",
      softCap: "50_000 USDC",
      hardCap: "150_000 USDC",
    },
    listing: { price: "0.05 USDC", deadline: "2040-03-10T14:00Z" },
    payout: { treasury: "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955" },
    vesting: {},
    document: {
      hash: "0xbc1468e5e12c71948d78e506120a48367548a041112691a2339ddcb099dfea1a",
      uri: "https://example.org/acme-paper.md",
    },
    roles: {
      owner: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
      guardian: "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
      signer: {
        address: "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        maxCap: "1_000 USDC",
        maxWindow: "1 hour",
      },
    },
    policy: { tiers: [{ id: "allowlist", personCap: "1_000 USDC", voucherLife: "10 minutes" }] },
  }),
);
