import { zeroAddress, type Address } from "viem";
import { SlipwayError } from "../../sdk/problem.ts";
import { createSignerClient } from "../../sdk/signerClient.ts";
import type { Stage } from "./createStage.ts";
import { poison, requirePrice } from "./poison.ts";

type Play = {
  name: string;
  about: string;
  /** Why it cannot happen to this launch. */
  skip?: (stage: Stage) => string | undefined;
  play: (stage: Stage) => Promise<void>;
  ends: "listed" | "failed";
};

const PAUSE = 7_200n;

/** Every way that a launch may go. */
export const plays: readonly Play[] = [
  {
    name: "success",
    about: "The soft cap is reached, the token listed, and everybody takes what is theirs.",
    ends: "listed",
    play: async (stage) => {
      await sellToSoftCap(stage);
      if (stage.record.terms.sale.coolingOff > 0n) await changeOfMind(stage);
      await settleAndList(stage);
      await takeAll(stage);
    },
  },
  {
    name: "soft cap missed",
    about: "Too few buy; every buyer is paid back.",
    ends: "failed",
    skip: (stage) =>
      stage.buyersFor(stage.record.terms.sale.softCap) < 2 ? "one buyer reaches the soft cap" : undefined,
    play: async (stage) => {
      await stage.moveTo(stage.opensAt);
      await buy(stage, "Ada");
      await refundAfterClosing(stage, ["Ada"]);
    },
  },
  {
    name: "signer down",
    about:
      "The signer stops: who has a voucher can use it until it ends, nobody gets another, and no money is held up.",
    ends: "failed",
    skip: ({ record, buyersFor }) =>
      !record.terms.sale.voucherRequired
        ? "this sale takes no vouchers"
        : buyersFor(record.terms.sale.softCap) < 2
          ? "one buyer reaches the soft cap"
          : undefined,
    play: async (stage) => {
      await stage.moveTo(stage.opensAt);
      const given = await Promise.all(["Ada", "Ben"].map((name) => stage.permit(stage.person(name))));
      const signer = createSignerClient({
        url: "http://signer.invalid",
        fetch: () => Promise.reject(new Error("no answer")),
      });
      await stage.refused("signer-unreachable", "Cleo", "asks for a voucher", () => signer.launch());
      await stage.does("Ada", "buys with the voucher that she has", () =>
        stage.buy(stage.person("Ada"), given[0]),
      );
      await stage.moveTo((given[1]?.voucher.validUntil ?? 0n) + 1n);
      await stage.refused("Sale_VoucherExpired", "Ben", "buys with a voucher that is over", () =>
        stage.buy(stage.person("Ben"), given[1]),
      );
      await refundAfterClosing(stage, ["Ada"]);
    },
  },
  {
    name: "RPC down",
    about: "Nodes stop: with one of two left all goes on; with none, nothing is shown and nothing is lost.",
    ends: "failed",
    skip: (stage) =>
      stage.buyersFor(stage.record.terms.sale.softCap) < 2 ? "one buyer reaches the soft cap" : undefined,
    play: async (stage) => {
      await stage.moveTo(stage.opensAt);
      await buy(stage, "Ada");
      const look = { method: "eth_blockNumber", params: [] };
      await stage.does("a service", "asks two nodes, of which one is down", () =>
        stage.pool(["broken", "works"]).request(look),
      );
      await stage.refused("rpc-unreachable", "a service", "asks two nodes, both down", () =>
        stage.pool(["broken", "broken"]).request(look),
      );
      await refundAfterClosing(stage, ["Ada"]);
    },
  },
  {
    name: "pause",
    about:
      "The guardian stops purchases for a while; the cooling-off goes on, and after it people buy again.",
    ends: "listed",
    skip: ({ record }) => (record.terms.roles.guardian === zeroAddress ? "nobody may pause" : undefined),
    play: async (stage) => {
      const { terms } = stage.record;
      await stage.moveTo(stage.opensAt);
      await buy(stage, "Ada");
      await stage.does("the guardian", "pauses for two hours", () =>
        stage.act(terms.roles.guardian, "pause", [PAUSE]),
      );
      await stage.refused("Sale_Paused", "Ben", "buys", () => stage.buy(stage.person("Ben")));
      if (terms.sale.coolingOff > 0n) {
        await stage.does("Ada", "withdraws", () => stage.act(stage.person("Ada"), "withdraw"));
      }
      await stage.moveTo((await stage.now()) + PAUSE);
      await sellToSoftCap(stage);
      await settleAndList(stage);
      await takeAll(stage);
    },
  },
  {
    name: "eject",
    about: "Compliance puts a buyer out of the sale: paid back at once, and to nobody else.",
    ends: "listed",
    skip: ({ record: { terms } }) =>
      terms.sale.ejectable && terms.roles.compliance !== zeroAddress ? undefined : "nobody may eject",
    play: async (stage) => {
      const { compliance } = stage.record.terms.roles;
      await stage.moveTo(stage.opensAt);
      await buy(stage, "Mallory");
      const mallory = stage.person("Mallory");
      await stage.does("compliance", "ejects Mallory", () => stage.act(compliance, "eject", [mallory]));
      await stage.does("anybody", "has Mallory paid back", () =>
        stage.act(stage.person("Ada"), "releaseEjected", [mallory]),
      );
      await sellToSoftCap(stage);
      await settleAndList(stage);
      await takeAll(stage);
    },
  },
  {
    name: "poisoned pools",
    about: "A stranger gets at the pool before the listing; it lists at exactly the price of the terms.",
    ends: "listed",
    skip: ({ record }) =>
      record.terms.listing.venue === zeroAddress ? "this launch opens no pool" : undefined,
    play: async (stage) => {
      await sellToSoftCap(stage);
      await finalise(stage);
      await poison(stage);
      await listInTime(stage);
      await stage.does("anybody", "compares the pool's price with the terms", () => requirePrice(stage));
      await takeAll(stage);
    },
  },
  {
    name: "deadline passed",
    about: "The sale succeeds and nobody lists in time; every buyer is paid back.",
    ends: "failed",
    play: async (stage) => {
      await sellToSoftCap(stage);
      await finalise(stage);
      await stage.moveTo(stage.record.terms.listing.deadline);
      await stage.refused("Sale_WrongPhase", "anybody", "lists after the deadline", () =>
        stage.list(stage.person("Ada")),
      );
      await refundAll(stage, stage.buyers);
    },
  },
];

function buy(stage: Stage, name: string): Promise<void> {
  return stage.does(name, `buys for ${String(stage.share)} units`, () => stage.buy(stage.person(name)));
}

/** Whoever has bought already is left out. */
async function sellToSoftCap(stage: Stage): Promise<void> {
  await stage.moveTo(stage.opensAt);
  for (const name of stage.buyers) {
    const [paid] = await stage.read<readonly [bigint]>("positionOf", [stage.person(name)]);
    if (paid === 0n) await buy(stage, name);
  }
}

async function changeOfMind(stage: Stage): Promise<void> {
  await stage.does("Ada", "withdraws within the cooling-off", () =>
    stage.act(stage.person("Ada"), "withdraw"),
  );
  await buy(stage, "Ada");
}

async function finalise(stage: Stage): Promise<void> {
  await stage.moveTo(stage.record.terms.sale.closesAt);
  await stage.does("anybody", "finalises", () => stage.act(stage.person("Ada"), "finalise"));
}

async function settleAndList(stage: Stage): Promise<void> {
  await finalise(stage);
  await stage.refused("Sale_ListingTooEarly", "anybody", "lists at once", () =>
    stage.list(stage.person("Ada")),
  );
  await listInTime(stage);
}

async function listInTime(stage: Stage): Promise<void> {
  const settledAt = await stage.read<bigint>("settledAt");
  await stage.moveTo(settledAt + stage.record.terms.listing.delay);
  await stage.does("anybody", "lists", () => stage.list(stage.person("Ada")));
}

/** Once everything has vested and streamed. */
async function takeAll(stage: Stage): Promise<void> {
  const { vesting, payout } = stage.record.terms;
  const { durationSeconds, cliffSeconds } = vesting.buyers;
  const longest = [durationSeconds + cliffSeconds, payout.streamSeconds].reduce((a, b) => (a > b ? a : b));
  await stage.moveTo((await stage.now()) + longest + 1n);
  for (const name of stage.buyers) {
    await stage.does(name, "claims the tokens", () =>
      stage.act(stage.person(name), "claim", [stage.person(name)]),
    );
  }
  const by: Address = stage.person("Ada");
  const release = ["releaseFee", "releaseTreasury", "releaseUnsold"];
  await stage.does("anybody", "has fee, treasury and unsold tokens go where the terms say", async () => {
    for (const each of release) await stage.act(by, each).catch(whereNothing);
  });
}

function whereNothing(error: unknown): void {
  if (!(error instanceof SlipwayError) || error.code !== "Sale_NothingToRelease") throw error;
}

async function refundAfterClosing(stage: Stage, names: readonly string[]): Promise<void> {
  await stage.moveTo(stage.record.terms.sale.closesAt);
  await refundAll(stage, names);
}

async function refundAll(stage: Stage, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const buyer = stage.person(name);
    await stage.does(name, "takes the refund", () => stage.act(buyer, "refund", [buyer]));
  }
}
