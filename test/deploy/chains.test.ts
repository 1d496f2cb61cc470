import { expect } from "chai";
import hre from "hardhat";
import { getAddress } from "viem";
import demo from "../../launch.config.ts";
import { chainIds, chainParameters, LOCAL_CHAIN_ID } from "../../deploy/chains.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { clientOf } from "../../src/hardhat/forkOf.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import type { SlipwayError } from "../../src/sdk/problem.ts";
import { planOn } from "../support/planWorld.ts";

describe("chains", () => {
  const far = chainIds.filter((id) => id !== LOCAL_CHAIN_ID);
  const on = (chainId: number): Launch => ({ ...demo, chainId });

  it("are Ethereum, Sepolia, Base, Arbitrum and BNB chain beside a local one", () => {
    expect([...far].sort((a, b) => a - b)).to.deep.equal([1, 56, 8_453, 42_161, 11_155_111]);
  });

  it("name pages as sources, and addresses with their checksum, none twice", () => {
    for (const id of far) {
      const { sources, name, ...parameters } = chainParameters(id);
      expect(
        sources.every((source) => source.startsWith("https://")),
        name,
      ).to.equal(true);
      const addresses = JSON.stringify(parameters).match(/0x[0-9a-fA-F]{40}/g) ?? [];
      expect(addresses).to.have.lengthOf(id === 56 ? 8 : 9);
      expect(addresses.map((each) => getAddress(each.toLowerCase()))).to.deep.equal(addresses);
      expect(new Set(addresses).size).to.equal(addresses.length);
    }
  });

  it("give a launch another address on each", () => {
    expect(deploymentOf(on(8_453)).sale.address).not.to.equal(deploymentOf(demo).sale.address);
  });

  it("are planned on only where each address has code, and every one that has none is told at once", async () => {
    const { provider } = await hre.network.create({ network: "default", override: { chainId: 8_453 } });
    const launch = on(8_453);
    const error = await planOn(clientOf(provider), { launch }).then(
      () => undefined,
      (caught: SlipwayError) => caught,
    );
    expect(error?.code).to.equal("code-missing");
    expect(error?.problems.map(({ field }) => field)).to.deep.equal([
      ...["uniswapV4.poolManager", "uniswapV4.universalRouter", "uniswapV4.permit2", "sale.currency"],
    ]);
  });
});
