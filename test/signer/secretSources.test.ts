import { expect } from "chai";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { SecretFailure, type Network, type SecretSource } from "../../src/signer/secrets/SecretSource.ts";
import { sourceOf } from "../../src/signer/secrets/sourceOf.ts";
import { pointAwsAt, startFakeStore, type Behaviour, type FakeStore } from "../support/fakeStore.ts";

const SECRET = "8mWn0xFh2cQe7RzLd5TkVb9uYp3sAg6J";
const NEXT = "Zr4Hq8vN1tXy6BwCk0MfPd7jEs2GuL9a";

type Kept = { text: string; version?: string; createdAt?: Date };
type World = {
  source: SecretSource;
  /** Undefined takes it away. */
  keep: (text: string | undefined) => void;
  /** Of what the store itself says about its secrets. */
  says?: Omit<Kept, "text">;
  store?: FakeStore;
  close: () => void;
};

const nowhere: Network = { deadline: () => AbortSignal.timeout(0), wait: async () => undefined };
const kindOf = async (source: SecretSource): Promise<string> => {
  try {
    await source.read();
    return "read";
  } catch (error) {
    expect(error).to.be.instanceOf(SecretFailure);
    const { kind, message } = error as SecretFailure;
    for (const text of [message, inspect(error, { depth: 0 })]) expect(text).not.to.contain(SECRET);
    return kind;
  }
};

function storeOf({ store }: World): FakeStore {
  if (store === undefined) throw new Error("a store over the network has its fake");
  return store;
}

/** What every adapter promises; those over the network also how they bear a vendor at its worst. */
function shouldBehaveLikeASecretSource(name: string, open: () => Promise<World>, overNetwork = false): void {
  describe(name, () => {
    let world: World;
    beforeEach(async () => {
      world = await open();
      world.keep(SECRET);
    });
    afterEach(() => world.close());

    it("gives what is kept, as it is now", async () => {
      const { text, ...more } = await world.source.read();
      expect(text).to.equal(SECRET);
      expect(more).to.deep.include(world.says ?? {});
      const stamp = world.source.stamp?.();
      world.keep(`${NEXT}\n${SECRET}`);
      expect((await world.source.read()).text).to.equal(`${NEXT}\n${SECRET}`);
      if (stamp !== undefined && stamp !== "") expect(world.source.stamp?.()).not.to.equal(stamp);
    });

    it("says what is missing", async () => {
      world.keep(undefined);
      expect(await kindOf(world.source)).to.equal("missing");
    });

    if (!overNetwork) return;
    const cases: [Behaviour, string, number][] = [
      ["denying", "denied", 1],
      ["throttling", "unreachable", 4],
      ["hanging", "unreachable", 4],
      ["cutting", "unreachable", 4],
      ["failing", "unreachable", 4],
      ["garbled", "malformed", 1],
      ["misshapen", "malformed", 1],
    ];
    for (const [behaviour, kind, asked] of cases) {
      it(`from a store that is ${behaviour}: ${kind}, asked ${String(asked)} times`, async () => {
        const store = storeOf(world);
        store.behave(behaviour);
        expect(await kindOf(world.source)).to.equal(kind);
        expect(store.asked()).to.equal(asked);
      });
    }

    it("waits ever longer for a store that throttles, and then reads", async () => {
      storeOf(world).behave("throttling-twice");
      expect((await world.source.read()).text).to.equal(SECRET);
      expect(storeOf(world).waited).to.deep.equal([100, 200]);
    });
  });
}

describe("secrets are read alike from every store", () => {
  const env: Record<string, string | undefined> = {};
  const open = (reference: string, network = nowhere): SecretSource => {
    const found = sourceOf(reference, env, network);
    if (found === undefined) throw new Error(reference);
    return found.source;
  };

  shouldBehaveLikeASecretSource("the environment", async () => ({
    source: open("env:WEBHOOK"),
    keep: (text) => (env["WEBHOOK"] = text),
    close: () => undefined,
  }));

  shouldBehaveLikeASecretSource("a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-secret-"));
    const path = join(folder, "secret");
    return {
      source: open(`file:${path}`),
      keep: (text) => {
        rmSync(path, { force: true });
        if (text !== undefined) writeFileSync(path, text, { mode: 0o640 });
      },
      close: () => rmSync(folder, { recursive: true }),
    };
  });

  shouldBehaveLikeASecretSource(
    "AWS Secrets Manager",
    async () => {
      let kept: string | undefined;
      const createdAt = new Date(1_700_000_000_000);
      const refusal = (type: string) => ({
        status: 400,
        body: { __type: type, Message: `no ${kept ?? ""}` },
      });
      const store = await startFakeStore({
        well: ({ headers }, body) => {
          const signed =
            /^AWS4-HMAC-SHA256 Credential=FAKEKEYID\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request/;
          if (!signed.test(headers.authorization ?? "")) return refusal("IncompleteSignature");
          if (headers["x-amz-target"] !== "secretsmanager.GetSecretValue")
            return refusal("UnknownOperationException");
          const { SecretId } = JSON.parse(body) as { SecretId: string };
          if (SecretId !== "prod/slipway" || kept === undefined) return refusal("ResourceNotFoundException");
          const about = { ARN: "arn:aws:secretsmanager:eu-central-1:1:secret:prod/slipway", Name: SecretId };
          const version = {
            VersionId: "v-1",
            VersionStages: ["AWSCURRENT"],
            CreatedDate: createdAt.getTime() / 1000,
          };
          return {
            status: 200,
            body: { ...about, ...version, SecretString: JSON.stringify({ webhook: kept }) },
          };
        },
        throttled: refusal("ThrottlingException"),
        denied: refusal("AccessDeniedException"),
        misshapen: { status: 200, body: { Name: "prod/slipway", SecretBinary: "AAAA" } },
      });
      const putBack = pointAwsAt("SECRETS_MANAGER", store.url);
      return {
        ...{
          source: open("aws:prod/slipway#webhook", store.network),
          store,
          says: { version: "v-1", createdAt },
        },
        keep: (text) => (kept = text),
        close: () => {
          putBack();
          store.close();
        },
      };
    },
    true,
  );

  shouldBehaveLikeASecretSource(
    "HashiCorp Vault",
    async () => {
      let kept: string | undefined;
      const created = "2026-01-31T12:00:00.000000000Z";
      const errors = (status: number) => ({
        status,
        body: { errors: kept === undefined ? [] : [`about ${kept}`] },
      });
      const store = await startFakeStore({
        well: ({ headers, method, url }) => {
          if (headers["x-vault-token"] !== "hvs.fake") return errors(403);
          if (method !== "GET" || url !== "/v1/secret/data/slipway" || kept === undefined) return errors(404);
          const metadata = { created_time: created, deletion_time: "", destroyed: false, version: 3 };
          return { status: 200, body: { data: { data: { webhook: kept }, metadata }, lease_duration: 0 } };
        },
        ...{ throttled: errors(429), denied: errors(403) },
        misshapen: { status: 200, body: { data: { data: [], metadata: { created_time: "soon" } } } },
      });
      const folder = mkdtempSync(join(tmpdir(), "slipway-vault-"));
      writeFileSync(join(folder, "token"), "hvs.fake\n", { mode: 0o600 });
      Object.assign(env, { VAULT_ADDR: store.url, VAULT_TOKEN_FILE: join(folder, "token") });
      return {
        ...{ source: open("vault:secret/data/slipway#webhook", store.network), store },
        says: { version: "3", createdAt: new Date(created) },
        keep: (text) => (kept = text),
        close: () => {
          store.close();
          rmSync(folder, { recursive: true });
        },
      };
    },
    true,
  );

  it("but not from a file that others may read or its group may write", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-secret-"));
    const path = join(folder, "secret");
    writeFileSync(path, SECRET);
    for (const [mode, kind] of [
      [0o644, "unsafe"],
      [0o660, "unsafe"],
      [0o600, "read"],
      [0o440, "read"],
    ] as const) {
      chmodSync(path, mode);
      expect(await kindOf(open(`file:${path}`)), mode.toString(8)).to.equal(kind);
    }
    rmSync(folder, { recursive: true });
  });

  for (const reference of [
    "",
    "env:",
    "env:A#b",
    "s3:x",
    "vault:secret/data/x",
    "vault:a#b#c",
    "aws:#x",
    "/etc/x",
  ]) {
    it(`and not by the reference ${JSON.stringify(reference)}`, () => {
      expect(sourceOf(reference, env, nowhere)).to.equal(undefined);
    });
  }
});
