import type { PublicClient } from "viem";
import { readRecord } from "../../../deploy/readRecord.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import { createStage, type Stage } from "./createStage.ts";
import type { Rehearsal, Scene } from "./Rehearsal.ts";
import { plays } from "./scenes.ts";

/**
 * Plays the whole life of a launch that was just planned, on the chain that the plan was carried out on. Nothing is sent to any
 * other chain. Throws where it cannot be played at all; what a scene shows is the result.
 */
export async function rehearse({
  launch,
  chain,
  only = plays.map(({ name }) => name),
}: {
  launch: Launch;
  /** A fork, or a chain in process, of this process alone; it is put back after each scene. */
  chain: PublicClient;
  /** Names of scenes. */
  only?: readonly string[];
}): Promise<Rehearsal> {
  const record = await readRecord({ launch, client: chain });
  const stage = await createStage(chain, record);
  const scenes: Scene[] = [];
  for (const play of plays.filter(({ name }) => only.includes(name))) {
    const before = await stage.rpc("evm_snapshot");
    scenes.push(await playScene(stage, play));
    await stage.rpc("evm_revert", [before]);
  }

  const { softCap, hardCap } = record.terms.sale;
  const people = { softCap: stage.peopleFor(softCap), hardCap: stage.peopleFor(hardCap) };
  const notes = [
    "On the fork the owner admits a signer of the rehearsal's own, with the bounds of the terms.",
    ...(stage.share > stage.byPolicy
      ? [
          `Each buyer pays more than the policy lets one, so that ${String(stage.buyersFor(softCap))} are enough.`,
        ]
      : []),
  ];
  const { chainId, sale, termsHash, policyHash } = record;
  const ok = scenes.every((scene) => scene.ok);
  return { ok, chainId, sale, termsHash, policyHash, people, notes, scenes };
}

async function playScene(
  stage: Stage,
  { name, about, skip, play, ends }: (typeof plays)[number],
): Promise<Scene> {
  const skipped = skip?.(stage);
  if (skipped !== undefined) return { name, about, skipped, seen: [], ok: true };
  stage.seen.length = 0;
  await play(stage);
  const seen = [...stage.seen];
  const [ended, books] = [await stage.phase(), await stage.books()];
  const ok = ended === ends && books.ok && seen.every(({ expected }) => expected);
  return { name, about, seen, ended, books, ok };
}
