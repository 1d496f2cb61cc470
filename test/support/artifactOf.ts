import hre from "hardhat";
import type { Artifact } from "../../deploy/artifacts.ts";

/** A contract of ours as the tests run it: changed by `prove -- mutate`, counted by `prove -- coverage`. */
export async function artifactOf(
  name: "ContractSigner" | "LaunchToken" | "PoolOpener" | "VenueV3" | "VenueV4",
): Promise<Artifact> {
  return (await hre.artifacts.readArtifact(name)) as Artifact;
}
