import { expect } from "chai";
import { network } from "hardhat";
import { getCreate2Address, zeroHash } from "viem";
import { bringKeylessDeployer, KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";

describe("bringKeylessDeployer", () => {
  it("creates a deployer that deploys by CREATE2, and does nothing the second time", async () => {
    const { provider } = await network.create();
    await bringKeylessDeployer(provider);
    const before: unknown = await provider.request({ method: "eth_blockNumber" });
    await bringKeylessDeployer(provider);
    expect(await provider.request({ method: "eth_blockNumber" })).to.equal(before);

    // Init code that returns one byte, 0x00.
    const bytecode = "0x60016000f3";
    const [from] = (await provider.request({ method: "eth_accounts" })) as string[];
    const data = `${zeroHash}${bytecode.slice(2)}`;
    await provider.request({ method: "eth_sendTransaction", params: [{ from, to: KEYLESS_DEPLOYER, data }] });
    const address = getCreate2Address({ from: KEYLESS_DEPLOYER, salt: zeroHash, bytecode });
    expect(await provider.request({ method: "eth_getCode", params: [address, "latest"] })).to.equal("0x00");
  });

  it("refuses other code at its address", async () => {
    const { provider } = await network.create();
    await provider.request({ method: "hardhat_setCode", params: [KEYLESS_DEPLOYER, "0x00"] });
    const error = await bringKeylessDeployer(provider).catch((e: unknown) => e as { code: string });
    expect(error?.code).to.equal("keyless-deployer-wrong");
  });
});
