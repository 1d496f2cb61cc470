import { expect } from "chai";
import { readFileSync } from "node:fs";
import {
  concat,
  encodeDeployData,
  getContractAddress,
  serializeErc6492Signature,
  zeroHash,
  type Abi,
  type Hex,
} from "viem";
import { createSiweMessage, type SiweMessage } from "viem/siwe";
import type { PrivateKeyAccount } from "viem/accounts";
import { startRpcProxy } from "../support/rpcProxy.ts";
import { PAGE, startSignerLaunch, type SignerLaunch } from "../support/signerLaunch.ts";
import { newAccount, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

describe("sessions", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;
  let account: PrivateKeyAccount;

  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
  });
  beforeEach(() => {
    account = newAccount();
    signer.clock.shift = 0;
    signer.clock.still = undefined;
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  async function message(change: Partial<SiweMessage> = {}): Promise<string> {
    const { json } = await signer.ask("POST", "/v1/sessions/nonce");
    return createSiweMessage({
      ...{ address: account.address, chainId: 31337, domain: new URL(PAGE).host, uri: PAGE, version: "1" },
      ...{ nonce: String(json["nonce"]), issuedAt: new Date((await signer.databaseNow()) * 1000), ...change },
    });
  }
  const open = async (text: string, by = account) =>
    signer.ask("POST", "/v1/sessions", {
      body: { message: text, signature: await by.signMessage({ message: text }) },
    });
  const eligibility = (token: string) => signer.ask("GET", "/v1/eligibility", { token });
  const at = async (seconds: number) => new Date(((await signer.databaseNow()) + seconds) * 1000);

  it("open for the wallet that signed, for an hour", async () => {
    const now = Math.floor(await signer.databaseNow());
    signer.clock.still = now;
    const { status, json } = await open(await message());
    expect(status).to.equal(201);
    expect(json["wallet"]).to.equal(account.address);
    const token = String(json["token"]);
    expect((await eligibility(token)).status).to.equal(200);
    signer.clock.still = now + 3_599;
    expect((await eligibility(token)).status).to.equal(200);
    signer.clock.still = now + 3_600;
    expect((await eligibility(token)).json.code).to.equal("session-invalid");
  });

  it("keep neither token nor nonce in the database", async () => {
    const text = await message();
    const token = String((await open(text)).json["token"]);
    const { rows } = await signer.pool.query<{ all: string }>(
      "SELECT coalesce(string_agg(s::text, ' '), '') AS all FROM (SELECT * FROM sessions) s",
    );
    expect(rows[0]?.all).not.to.contain(token);
    expect(rows[0]?.all).not.to.contain(Buffer.from(token).toString("hex"));
  });

  const changes: [string, () => Partial<SiweMessage> | Promise<Partial<SiweMessage>>][] = [
    ["another domain", () => ({ domain: "evil.example", uri: "https://evil.example" })],
    ["a URI on another host", () => ({ uri: "https://evil.example" })],
    ["a URI on another port", () => ({ uri: "http://127.0.0.1:7401" })],
    ["another chain", () => ({ chainId: 1 })],
    ["a nonce that was never given", () => ({ nonce: "0123456789abcdef0123456789abcdef" })],
    [
      "a nonce in the statement only",
      () => ({ nonce: "aaaaaaaaaaaaaaaa", statement: "Nonce: 0123456789abcdef" }),
    ],
    ["an expiry that is over", async () => ({ expirationTime: await at(-1) })],
    ["a beginning that is to come", async () => ({ notBefore: await at(60) })],
    ["an issue time 20 minutes old", async () => ({ issuedAt: await at(-1_200) })],
    ["an issue time 10 minutes ahead", async () => ({ issuedAt: await at(600) })],
  ];
  for (const [what, change] of changes) {
    it(`refuse ${what}`, async () => {
      const { status, json } = await open(await message(await change()));
      expect(status).to.equal(401);
      expect(json.code).to.equal("login-refused");
    });
  }

  it("refuse another wallet's signature", async () => {
    expect((await open(await message(), newAccount())).json.code).to.equal("login-refused");
  });

  describe("of a contract wallet", () => {
    const { abi, bytecode } = JSON.parse(
      readFileSync(
        new URL("../../artifacts/contracts/mocks/ContractSigner.sol/ContractSigner.json", import.meta.url),
        "utf8",
      ),
    ) as { abi: Abi; bytecode: Hex };
    const KEYLESS = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
    const creation = () => encodeDeployData({ abi, bytecode, args: [account.address] });
    const place = () =>
      getContractAddress({ opcode: "CREATE2", from: KEYLESS, salt: zeroHash, bytecode: creation() });
    const deploy = async () => {
      const { client, deployer } = launch.chain;
      const hash = await client.sendTransaction({
        account: deployer,
        to: KEYLESS,
        data: concat([zeroHash, creation()]),
      });
      await client.waitForTransactionReceipt({ hash });
    };
    /** Signed by `by`, in the name of the wallet, as one that is not deployed where `wrapped`. */
    async function login(by: PrivateKeyAccount, { wrapped = false } = {}) {
      const text = await message({ address: place() });
      const signature = await by.signMessage({ message: text });
      const data = concat([zeroHash, creation()]);
      return signer.ask("POST", "/v1/sessions", {
        body: {
          message: text,
          signature: wrapped ? serializeErc6492Signature({ address: KEYLESS, data, signature }) : signature,
        },
      });
    }

    it("open by what the contract says", async () => {
      await deploy();
      const { status, json } = await login(account);
      expect([status, json["wallet"]]).to.deep.equal([201, place()]);
      expect((await login(newAccount())).json.code).to.equal("login-refused");
    });

    it("ask the chain a few at once and only with a nonce that there is; readiness does not wait for them", async () => {
      const [held, enough] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
      let [running, most, busy] = [0, 0, 0];
      const node = await startRpcProxy(launch.chain.url, async ({ method, params }) => {
        const isLogin = method === "eth_call" && (params[0] as { to?: Hex }).to === undefined;
        if (!isLogin) return undefined;
        running += 1;
        most = Math.max(most, running);
        if (running === 8) held.resolve(true);
        await enough.promise;
        running -= 1;
        return undefined;
      });
      const slow = await startSigner(launch, { databaseUrl: signer.databaseUrl, env: { RPC_URL: node.url } });
      const attempt = async (change: Partial<SiweMessage> = {}) => {
        const text = await message({ address: place(), ...change });
        const signature = await newAccount().signMessage({ message: text });
        const { json } = await slow.ask("POST", "/v1/sessions", { body: { message: text, signature } });
        if (json.code === "busy") busy += 1;
        if (busy === 20) enough.resolve(true);
        return json.code;
      };
      try {
        expect(await attempt({ nonce: "0123456789abcdef0123456789abcdef" })).to.equal("login-refused");
        expect(most).to.equal(0);

        const attempts = Promise.all(Array.from({ length: 60 }, () => attempt()));
        await held.promise;
        expect((await slow.ask("GET", "/readyz")).json["ready"]).to.equal(true);
        const codes = await attempts;
        expect(most).to.equal(8);
        expect(codes.filter((code) => code === "login-refused")).to.have.length(60 - busy);
      } finally {
        enough.resolve(true);
        await slow.close();
        await node.close();
      }
    });

    it("open before it is deployed, and leave it undeployed", async () => {
      expect((await login(account)).json.code, "nothing there to ask").to.equal("login-refused");
      expect((await login(newAccount(), { wrapped: true })).json.code).to.equal("login-refused");
      const { status, json } = await login(account, { wrapped: true });
      expect([status, json["wallet"]]).to.deep.equal([201, place()]);
      expect(await launch.chain.client.getCode({ address: place() })).to.equal(undefined);
    });
  });

  it("refuse a message that is not in canonical form", async () => {
    const text = await message();
    for (const odd of [
      `${text}\n`,
      ` ${text}`,
      text.replace("Version: 1", "Version: 1 "),
      text.replace(/Issued At: .*/, "Issued At: 2026-01-01"),
      "hello",
    ]) {
      expect((await open(odd)).json.code).to.equal("login-refused");
    }
  });

  it("use a nonce once, also when it is offered twice at once", async () => {
    const text = await message();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open(text)));
    expect(answers.filter(({ status }) => status === 201)).to.have.lengthOf(1);
    expect(answers.filter(({ json }) => json.code === "login-refused")).to.have.lengthOf(7);
  });

  it("refuse a nonce after ten minutes", async () => {
    const text = await message();
    signer.clock.shift = 601;
    expect((await open(text)).json.code).to.equal("login-refused");
  });

  it("are needed, and no other token passes", async () => {
    expect((await signer.ask("GET", "/v1/eligibility")).json.code).to.equal("session-required");
    for (const token of ["x", "A".repeat(43), ""])
      expect((await eligibility(token)).json.code).to.equal("session-invalid");
  });

  it("do not let one wallet order for another", async () => {
    const token = String((await open(await message())).json["token"]);
    const body = { sale: launch.record.sale, buyer: newAccount().address, nonce: "0", cumulativeCap: "1" };
    const { json } = await signer.ask("POST", "/v1/orders", {
      token,
      body,
      headers: { "idempotency-key": "k".repeat(32) },
    });
    expect(json.code).to.equal("buyer-foreign");
  });

  it("are removed when they are over", async () => {
    await open(await message());
    signer.clock.shift = 100_000;
    await signer.purge();
    const { rows } = await signer.pool.query("SELECT FROM sessions UNION ALL SELECT FROM login_nonces");
    expect(rows).to.have.lengthOf(0);
  });
});
