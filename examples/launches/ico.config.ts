import { defineLaunch } from "../../src/sdk/launchFile/defineLaunch.ts";
import { ico } from "../../src/sdk/launchFile/presets.ts";

// Open ICO: anybody buys, in the chain's coin, without KYC. All addresses are accounts of Hardhat's published test mnemonic.
export default defineLaunch(
  ico({
    chainId: 31337,
    token: { name: "Lantern", symbol: "LNT", supply: "10_000_000 LNT" },
    sale: {
      currency: "ETH",
      price: "0.0001 ETH",
      opensAt: "2040-03-01T14:00Z",
      closesAt: "2040-03-15T14:00Z",
      softCap: "100 ETH",
      hardCap: "500 ETH",
    },
    listing: { price: "0.0001 ETH", deadline: "2040-03-31T14:00Z" },
    payout: { treasury: "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955" },
    document: {
      hash: "0xbc1468e5e12c71948d78e506120a48367548a041112691a2339ddcb099dfea1a",
      uri: "https://example.org/acme-paper.md",
    },
    roles: { guardian: "0x90F79bf6EB2c4f870365E785982E1f101E93b906" },
  }),
);
