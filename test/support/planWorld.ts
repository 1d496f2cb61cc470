import hre from "hardhat";
import type { Address, PublicClient } from "viem";
import demo from "../../launch.config.ts";
import { clientOf, forkOf } from "../../src/hardhat/forkOf.ts";
import { makePlan } from "../../src/launch/plan/makePlan.ts";
import type { Plan } from "../../src/launch/plan/Plan.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { serveChain } from "./serveChain.ts";

/** The first two accounts of Hardhat's development mnemonic. */
export const SENDER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
export const OTHER_SENDER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

export async function emptyChain(): Promise<PublicClient> {
  return clientOf((await hre.network.create()).provider);
}

/** A node of our own over HTTP: what is planned against it is planned on a fork. */
export async function startNode() {
  const { url, close } = await serveChain();
  const connect = () => hre.network.create({ network: "localhost", override: { url } });
  const connection = await connect();
  return {
    url,
    chain: clientOf(connection.provider),
    fork: () =>
      forkOf({
        network: { create: (params) => (params === undefined ? connect() : hre.network.create(params)) },
      }),
    close: async () => {
      await connection.close();
      await close();
    },
  };
}

export async function planOn(
  chain: PublicClient,
  change: Partial<{ launch: Launch; sender: Address }> = {},
): Promise<Plan> {
  return makePlan({ launch: demo, file: "launch.config.ts", sender: SENDER, chain, ...change });
}
