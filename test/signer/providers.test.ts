import { expect } from "chai";
import { createHmac, randomUUID } from "node:crypto";
import { createKey } from "../../src/signer/operators/operatorKeys.ts";
import { readAudit } from "../../src/signer/operators/audit.ts";
import { readConfig } from "../../src/signer/config.ts";
import { applyProviderEvent } from "../../src/signer/kyc/applyProviderEvent.ts";
import { sumsub } from "../../src/signer/kyc/providers/sumsub.ts";
import type { SignerError } from "../../src/sdk/signerErrors.ts";
import { startSignerLaunch, type SignerLaunch } from "../support/signerLaunch.ts";
import { newAccount, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

const [OLD, NEW] = ["o".repeat(40), "n".repeat(40)];
const hmac = (algorithm: string, secret: string, text: string) =>
  createHmac(algorithm, secret).update(text).digest("hex");

type Sent = { headers: Record<string, string>; body: string };
type Case = {
  path: string;
  /** An event as the provider documents it, with more in it than we take. */
  event: (what: { subject: string; type: string; at: Date; id: string; check?: string }) => object;
  /** The same event of a check that was begun with this. */
  begun: (sent: Sent, reference: string) => Sent;
  /** One that decides about everybody, one for the tier `early` alone, one that is not named. */
  checks: readonly [string, string, string];
  /** Configuration: variable of the secret, and of the checks. */
  variables: readonly [string, string];
  sign: (body: string, secret?: string, time?: number) => Record<string, string>;
  approved: string;
  rejected: string;
  pending: string;
  neither: string;
};

const sumsubCase: Case = {
  path: "/v1/webhooks/sumsub",
  begun: ({ body }, reference) =>
    signed(sumsubCase, { ...(JSON.parse(body) as object), externalUserId: reference }),
  checks: ["basic-kyc-level", "Early buyers", "newsletter"],
  variables: ["SUMSUB_SECRET_FILE", "SUMSUB_LEVELS"],
  event: ({ subject, type, at, id, check = "basic-kyc-level" }) => {
    const [name, answer, reject] = type.split(" ");
    return {
      ...{ applicantId: newKey(), inspectionId: newKey(), applicantType: "individual", correlationId: id },
      ...{ levelName: check, sandboxMode: false, externalUserId: subject, type: name },
      ...(answer === undefined
        ? {}
        : {
            reviewResult: {
              reviewAnswer: answer,
              ...(reject === undefined ? {} : { reviewRejectType: reject }),
            },
          }),
      ...{ reviewStatus: "completed", createdAtMs: at.toISOString().replace("T", " ").replace("Z", "") },
      clientId: "acme",
    };
  },
  sign: (body, secret = NEW) => ({
    "x-payload-digest": hmac("sha256", secret, body),
    "x-payload-digest-alg": "HMAC_SHA256_HEX",
  }),
  approved: "applicantReviewed GREEN",
  rejected: "applicantReviewed RED FINAL",
  pending: "applicantReviewed RED RETRY",
  neither: "applicantPersonalInfoChanged",
};

const personaCase: Case = {
  path: "/v1/webhooks/persona",
  begun: ({ body }, reference) =>
    signed(
      personaCase,
      JSON.parse(body.replace('"reference-id": null', `"reference-id": "${reference}"`)) as object,
    ),
  checks: ["itmpl_kyc", "itmpl_early", "itmpl_newsletter"],
  variables: ["PERSONA_SECRET_FILE", "PERSONA_TEMPLATES"],
  event: ({ subject, type, at, id, check = "itmpl_kyc" }) => ({
    data: {
      ...{ type: "event", id: `evt_${id}` },
      attributes: {
        ...{ name: type, "created-at": at.toISOString(), "redacted-at": null },
        payload: {
          data: {
            ...{ type: "inquiry", id: subject },
            attributes: {
              status: "approved",
              "reference-id": null,
              "name-first": "Jane",
              "name-last": "Doe",
            },
            relationships: {
              template: { data: null },
              "inquiry-template": { data: { type: "inquiry-template", id: check } },
            },
          },
          included: [],
        },
      },
    },
  }),
  sign: (body, secret = NEW, time = Math.floor(Date.now() / 1000)) => ({
    "persona-signature": `t=${String(time)},v1=${hmac("sha256", secret, `${String(time)}.${body}`)}`,
  }),
  approved: "inquiry.approved",
  rejected: "inquiry.declined",
  pending: "inquiry.completed",
  neither: "inquiry.transitioned",
};

function signed({ sign }: Case, event: object): Sent {
  const body = JSON.stringify(event, null, 1);
  return { body, headers: sign(body) };
}

const levels = ({ checks: [all, early] }: Case) => `${all}, early=${early}`;

for (const provider of [sumsubCase, personaCase]) {
  describe(`webhooks at ${provider.path}`, () => {
    let launch: SignerLaunch;
    let signer: SignerUnderTest;

    before(async () => {
      launch = await startSignerLaunch();
      const secrets = launch.write("provider.secret", `${OLD}\n${NEW}\n`);
      signer = await startSigner(launch, {
        env: {
          ...{ SUMSUB_SECRET_FILE: secrets, PERSONA_SECRET_FILE: secrets },
          ...{ SUMSUB_LEVELS: levels(sumsubCase), PERSONA_TEMPLATES: levels(personaCase) },
        },
      });
    });
    after(async () => {
      await signer.close();
      await launch.close();
    });

    const send = ({ headers, body }: Sent) => signer.ask("POST", provider.path, { headers, body });
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
    function told(subject: string, type: string, at = ago(10), id = newKey(), check?: string): Sent {
      const what = { subject, type, at, id, ...(check === undefined ? {} : { check }) };
      return signed(provider, provider.event(what));
    }
    async function known(tier = "public") {
      const { address } = newAccount();
      const subject = newKey();
      await signer.decide(address, { subject, tier, decision: "pending", decidedAt: ago(1_000) });
      return subject;
    }
    const decisionOf = async (subject: string) =>
      (
        await signer.pool.query<{ decision: string; country: string; tier: string }>(
          "SELECT decision, country, tier FROM subjects WHERE subject = $1",
          [subject],
        )
      ).rows[0];

    it("decide about somebody known, whose country and tier stay", async () => {
      const subject = await known();
      for (const wanted of ["approved", "pending", "rejected"] as const) {
        const at = ago({ approved: 30, pending: 20, rejected: 10 }[wanted]);
        expect((await send(told(subject, provider[wanted], at))).json["outcome"]).to.equal("applied");
        expect(await decisionOf(subject)).to.deep.equal({ decision: wanted, country: "DE", tier: "public" });
      }
    });

    it("decide by the reference that the service tells a wallet of the person, and nobody else", async () => {
      const account = newAccount();
      const subject = newKey();
      await signer.decide(account.address, { subject, decision: "pending", decidedAt: ago(1_000) });
      const referenceOf = async (one: typeof account) =>
        signer.ask("GET", "/v1/kyc/reference", { token: (await signer.login(one)).session.token });
      const { reference } = (await referenceOf(account)).json as { reference: string };
      expect((await referenceOf(account)).json, "the same each time").to.deep.equal({ reference });
      expect((await referenceOf(newAccount())).json.code).to.equal("kyc-missing");

      const begun = (by: string, type: string, at: Date) =>
        send(provider.begun(told(newKey(), type, at), by));
      expect((await begun(randomUUID(), provider.rejected, ago(30))).json["outcome"]).to.equal("ignored");
      expect((await begun(reference, provider.approved, ago(20))).json["outcome"]).to.equal("applied");
      expect(await decisionOf(subject)).to.deep.equal({
        decision: "approved",
        country: "DE",
        tier: "public",
      });
    });

    it("leave whom an operator refused or revoked so, and put the person into the review queue", async () => {
      const { key } = await createKey(signer.pool, "test", {
        ...{ note: "test", scopes: ["subjects:read", "subjects:decide"], networks: [] },
      });
      const admin = async (path: string, body?: object) =>
        (await signer.ask(body === undefined ? "GET" : "POST", `/v1/admin/${path}`, { token: key, body }))
          .json;
      const claimOf = async (subject: string) => {
        const queue = (await admin("review"))["subjects"] as { subject: string; claim?: string }[];
        return queue.find((one) => one.subject === subject)?.claim;
      };
      const now = Math.floor(await signer.databaseNow());
      signer.clock.still = now - 100;
      for (const closed of ["revoked", "rejected"] as const) {
        const account = newAccount();
        const subject = newKey();
        const person = { subject, decision: "approved", decidedAt: ago(1_000) } as const;
        await signer.decide(account.address, person);
        signer.clock.still = now - 100;
        await admin(`subjects/${subject}/decision`, { decision: closed, reason: "forged" });
        const [same, later] = [provider.rejected, provider.approved];
        signer.clock.still = now;
        expect((await send(told(subject, later, ago(200)))).json["outcome"], "from before").to.equal("older");
        expect((await send(told(subject, later, ago(50)))).json["outcome"]).to.equal("held");
        expect((await decisionOf(subject))?.decision).to.equal(closed);
        expect(await claimOf(subject)).to.equal("approved");
        expect((await send(told(subject, same, ago(60)))).json["outcome"], "before the claim").to.equal(
          "older",
        );
        // A file that was exported since is no operator either.
        await signer.decide(account.address, { ...person, decidedAt: ago(40) });
        expect((await decisionOf(subject))?.decision).to.equal(closed);

        await admin(`subjects/${subject}/decision`, { decision: "approved", reason: "seen again" });
        expect(await claimOf(subject)).to.equal(undefined);
        expect((await decisionOf(subject))?.decision).to.equal("approved");
        signer.clock.still = now + 100;
        const last = told(subject, same, new Date((now + 50) * 1000));
        expect(
          (await send({ ...last, headers: provider.sign(last.body, NEW, now + 100) })).json["outcome"],
        ).to.equal("applied");
      }
      signer.clock.still = undefined;
      const held = (await readAudit(signer.pool, 0n, 1_000)).filter(
        ({ action }) => action === "decision-held",
      );
      expect(held.map(({ actor }) => actor).filter((actor) => actor !== "import")).to.have.length(2);
    });

    it("count once, and in the order of their own times", async () => {
      const subject = await known();
      const latest = told(subject, provider.rejected, ago(10));
      expect((await send(latest)).json["outcome"]).to.equal("applied");
      expect((await send(latest)).json["outcome"]).to.equal("duplicate");
      expect((await send(told(subject, provider.approved, ago(20)))).json["outcome"]).to.equal("older");
      expect((await decisionOf(subject))?.decision).to.equal("rejected");
    });

    it("about nobody known, or that decide nothing, are ignored and noted, without what was in them", async () => {
      const stranger = newKey();
      const ignored = [told(stranger, provider.approved), told(await known(), provider.neither)];
      for (const one of ignored) expect((await send(one)).json["outcome"]).to.equal("ignored");
      expect(await decisionOf(stranger)).to.equal(undefined);
      const rows = (await readAudit(signer.pool, 0n, 1_000)).filter(
        ({ action }) => action === "event-ignored",
      );
      const why = rows.slice(-2).map(({ detail }) => detail["why"]);
      expect(why).to.deep.equal(["unknown person", "no decision"]);
      expect(JSON.stringify(rows)).not.to.match(/Jane|Doe/);
    });

    it("of a check that nobody named, or named for another tier, decide nothing and are noted", async () => {
      const [all, early, other] = provider.checks;
      const outcomeOf = async (tier: string, check: string) => {
        const subject = await known(tier);
        const sent = told(subject, provider.approved, ago(10), newKey(), check);
        const { status, json } = await send(sent);
        expect(status, "or the provider would send it again and again").to.equal(200);
        expect((await send(sent)).json["outcome"]).to.equal("duplicate");
        const decision = json["outcome"] === "applied" ? "approved" : "pending";
        expect((await decisionOf(subject))?.decision).to.equal(decision);
        return json["outcome"];
      };
      expect(await outcomeOf("public", all)).to.equal("applied");
      expect(await outcomeOf("early", early)).to.equal("applied");
      expect(await outcomeOf("early", all)).to.equal("applied");
      expect(await outcomeOf("public", early)).to.equal("ignored");
      expect(await outcomeOf("public", other)).to.equal("ignored");
      const rows = await readAudit(signer.pool, 0n, 1_000);
      const why = rows
        .filter(({ action }) => action === "event-ignored")
        .map(({ detail }) => String(detail["why"]));
      expect(why.slice(-2)).to.deep.equal([early, other].map((one) => `not a check of tier public: ${one}`));
      const { text } = await signer.ask("GET", "/metrics");
      const name = provider === sumsubCase ? "sumsub" : "persona";
      expect(text).to.match(new RegExp(`kyc_events_total{provider="${name}",outcome="ignored"} [1-9]`));
    });

    it("are not taken where no check is named", async () => {
      const [secret, checks] = provider.variables;
      const env = { [secret]: launch.write("alone.secret", `${NEW}\n`) };
      const [all, early] = provider.checks;
      for (const wrong of ["", " , ", `gone=${all}`, `${early},public=`]) {
        const refused = await readConfig({ ...launch.env, ...env, [checks]: wrong }).catch(
          (error: unknown) => error as SignerError,
        );
        expect(refused).to.include({ code: "config-invalid" });
        expect("problems" in refused && refused.problems.map(({ field }) => field)).to.deep.equal([checks]);
      }
    });

    it("are accepted with the old and the new secret, and no other", async () => {
      for (const [secret, status] of [
        [OLD, 200],
        [NEW, 200],
        ["z".repeat(40), 401],
      ] as const) {
        const { body } = told(await known(), provider.approved);
        expect((await send({ body, headers: provider.sign(body, secret) })).status, secret).to.equal(status);
      }
    });

    it("are refused over a body that was written again, and without a signature", async () => {
      const subject = await known();
      const { body, headers } = told(subject, provider.approved);
      const again = JSON.stringify(JSON.parse(body));
      for (const one of [
        { body: again, headers },
        { body, headers: {} },
      ]) {
        const { status, json } = await send(one);
        expect([status, json.code]).to.deep.equal([401, "webhook-signature-invalid"]);
      }
      expect((await decisionOf(subject))?.decision).to.equal("pending");
    });

    it("from the future are refused", async () => {
      const { status, json } = await send(told(await known(), provider.approved, ago(-600)));
      expect([status, json.code]).to.deep.equal([422, "field-invalid"]);
    });

    if (provider === personaCase) {
      it("decide nothing about whom a browser named", async () => {
        const subject = await known();
        const sent = provider.begun(told(newKey(), provider.rejected), subject);
        expect((await send(sent)).json["outcome"]).to.equal("ignored");
        expect((await decisionOf(subject))?.decision).to.equal("pending");
      });
    }

    if (provider === sumsubCase) {
      it("by SHA-512 pass, by SHA-1, MD5 or none do not", async () => {
        const { body } = told(await known(), provider.approved);
        const by = (algorithm: string, name?: string): Record<string, string> => ({
          "x-payload-digest": hmac(algorithm, NEW, body),
          ...(name === undefined ? {} : { "x-payload-digest-alg": name }),
        });
        expect((await send({ body, headers: by("sha512", "HMAC_SHA512_HEX") })).status).to.equal(200);
        const wrong = [
          by("sha1", "HMAC_SHA1_HEX"),
          by("md5", "MD5"),
          by("sha256"),
          by("sha512", "HMAC_SHA256_HEX"),
        ];
        for (const headers of wrong) expect((await send({ body, headers })).status).to.equal(401);
      });

      it("of the sandbox count on the local chain alone", async () => {
        const subject = await known();
        const read = sumsub.read({
          ...provider.event({ subject, type: provider.approved, at: ago(5), id: newKey() }),
          sandboxMode: true,
        });
        const checks = [{ name: provider.checks[0], tier: undefined }];
        const elsewhere = { ...launch.record, chainId: 1 };
        const apply = async (record: typeof elsewhere) =>
          (await applyProviderEvent(signer.pool, record, sumsub, checks, { ...read, id: newKey() })).outcome;
        expect(await apply(elsewhere)).to.equal("ignored");
        expect(await apply(launch.record)).to.equal("applied");
      });
    } else {
      it("with two signatures pass by either; 300 s pass, 301 do not", async () => {
        const now = Math.floor(await signer.databaseNow());
        signer.clock.still = now;
        const { body } = told(await known(), provider.approved);
        const pair = (secret: string, time = now) =>
          provider.sign(body, secret, time)["persona-signature"] ?? "";
        const statusOf = async (header: string) =>
          (await send({ body, headers: { "persona-signature": header } })).status;
        expect(await statusOf(`${pair("z".repeat(40))} ${pair(NEW)}`)).to.equal(200);
        expect(await statusOf(pair(NEW, now - 300))).to.equal(200);
        for (const header of [
          pair(NEW, now - 301),
          pair(NEW, now + 301),
          `${pair(NEW)},${pair(NEW)}`,
          "t=1,v1=00",
        ])
          expect(await statusOf(header), header).to.equal(401);
        signer.clock.still = undefined;
      });
    }
  });
}
