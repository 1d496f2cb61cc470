import { encodeDeployData } from "viem";
import { uniswapArtifact } from "../../deploy/artifacts.ts";
import { creationOf } from "../../deploy/creation.ts";
import { bringKeylessDeployer, KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";
import { HOOK_BITS, mineSalt } from "../../deploy/mineSalt.ts";
import type { VenueV4 } from "../../types/ethers-contracts/index.js";
import { artifactOf } from "./artifactOf.ts";
import { startLaunch } from "./saleOnUniswapV2.ts";

export type V4 = Awaited<ReturnType<typeof startV4>>;

/** As `startLaunch`, with the v4 manager and the venue at an address that names its one hook. */
export async function startV4() {
  const launch = await startLaunch();
  const { ethers, connection, deployer } = launch;
  await bringKeylessDeployer(connection.provider);
  const { abi, bytecode } = uniswapArtifact("v4-core/out/PoolManager.sol/PoolManager");
  const manager = await new ethers.ContractFactory(abi as never, bytecode, deployer).deploy(deployer.address);
  const managerAddress = await manager.getAddress();

  const artifact = await artifactOf("VenueV4");
  const initCode = encodeDeployData({
    abi: artifact.abi,
    bytecode: artifact.bytecode,
    args: [managerAddress],
  });
  const creation = creationOf(artifact, [managerAddress], mineSalt(initCode, HOOK_BITS));
  await (await deployer.sendTransaction({ to: KEYLESS_DEPLOYER, data: creation.call })).wait();
  const venue = (await ethers.getContractAt("VenueV4", creation.address)) as unknown as VenueV4;
  return { ...launch, manager: manager as unknown as Manager, venue, artifact };
}
type Manager = Record<string, (...args: unknown[]) => Promise<unknown>> & {
  getAddress: () => Promise<string>;
};
