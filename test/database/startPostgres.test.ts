import { expect } from "chai";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { PostgresCluster } from "../../src/database/startPostgres.ts";
import { startPostgres } from "../../src/database/startPostgres.ts";
import { temporaryDirectory, testCluster } from "../support/postgres.ts";
import { codeOf } from "./codeOf.ts";

describe("startPostgres", () => {
  let directory: string;
  const running: PostgresCluster[] = [];
  const holders: ChildProcess[] = [];

  beforeEach(() => {
    directory = temporaryDirectory();
  });

  afterEach(async () => {
    for (const holder of holders.splice(0)) holder.kill("SIGKILL");
    for (const cluster of running.splice(0)) await cluster.stop();
    await until(() => !serverRuns(directory));
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(path = directory): Promise<PostgresCluster> {
    const cluster = await startPostgres({ directory: path });
    running.push(cluster);
    return cluster;
  }

  /** A server held by another process; returns that process and the URL of its database. */
  async function startElsewhere(): Promise<{ holder: ChildProcess; url: string }> {
    const script = fileURLToPath(new URL("./holdServer.ts", import.meta.url));
    const holder = spawn(process.execPath, ["--import", "tsx", script, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    holders.push(holder);
    const [url] = (await once(createInterface({ input: holder.stdout }), "line")) as [string];
    return { holder, url };
  }

  describe("refuses", () => {
    it("a directory that this process uses already", async () => {
      await start();

      expect(await codeOf(start())).to.equal("DATABASE_DIRECTORY_BUSY");
    });

    it("a directory that another process uses", async () => {
      await startElsewhere();

      expect(await codeOf(start())).to.equal("DATABASE_DIRECTORY_BUSY");
    });

    it("a directory that cannot be made", async () => {
      writeFileSync(join(directory, "file"), "");

      expect(await codeOf(start(join(directory, "file", "below")))).to.equal("DATABASE_DIRECTORY");
    });

    it("data of another major version, and leaves it alone", async () => {
      await (await start()).stop();
      const version = join(directory, "server", "data", "PG_VERSION");
      writeFileSync(version, "17\n");

      expect(await codeOf(start())).to.equal("DATABASE_VERSION");
      expect(readFileSync(version, "utf8")).to.equal("17\n");
    });

    it("data whose password file is gone", async () => {
      await (await start()).stop();
      rmSync(join(directory, "secret"));

      expect(await codeOf(start())).to.equal("DATABASE_DIRECTORY");
    });
  });

  it("is durable: fsync, synchronous commit and checksums are on", async () => {
    const { adminUrl } = await testCluster();

    for (const setting of ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"]) {
      expect(await query(adminUrl, `SHOW ${setting}`)).to.deep.equal([{ [setting]: "on" }]);
    }
  });

  it("listens on a socket that only its user can reach, and on no port", async () => {
    const { adminUrl } = await testCluster();
    const folder = new URL(adminUrl).searchParams.get("host") ?? "";

    expect(await query(adminUrl, "SHOW listen_addresses")).to.deep.equal([{ listen_addresses: "" }]);
    expect(statSync(folder).mode & 0o077).to.equal(0);
  });

  it("works where the path is too long for a socket", async () => {
    const { adminUrl } = await start(join(directory, "long".repeat(40)));

    expect(await query(adminUrl, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
  });

  it("works where only we may enter, and begins anew when the directory was removed", async () => {
    const closed = join(directory, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const first = await start(join(closed, "postgres"));
    const url = await first.createDatabase({ name: "orders", role: "signer" });
    await query(url, "CREATE TABLE kept ()");
    await first.stop();

    const second = await start(join(closed, "postgres"));
    expect(await second.createDatabase({ name: "orders", role: "signer" })).to.equal(url);
    expect(await tables(url)).to.deep.equal(["kept"]);
    await second.stop();

    rmSync(closed, { recursive: true });
    mkdirSync(closed, { mode: 0o700 });
    const third = await start(join(closed, "postgres"));
    expect(await tables(await third.createDatabase({ name: "orders", role: "signer" }))).to.deep.equal([]);

    const [settings] = await query(third.adminUrl, "SHOW data_directory");
    await third.stop();
    rmSync(dirname(String(settings?.["data_directory"])), { recursive: true, force: true });
  });

  it("keeps committed data, roles and URLs over a stop", async () => {
    const first = await start();
    const url = await first.createDatabase({ name: "orders", role: "signer" });
    await query(url, "CREATE TABLE kept AS SELECT 7 AS n");
    await first.stop();

    const second = await start();

    expect(await second.createDatabase({ name: "orders", role: "signer" })).to.equal(url);
    expect(await query(url, "SELECT n FROM kept")).to.deep.equal([{ n: 7 }]);
  });

  it("stops when the process that started it is killed, and its directory is used again", async () => {
    const { holder, url } = await startElsewhere();
    await query(url, "CREATE TABLE kept AS SELECT 7 AS n");

    holder.kill("SIGKILL");
    await once(holder, "exit");
    const again = await start(); // at once, while the old server may still be stopping

    expect(
      await query(await again.createDatabase({ name: "held", role: "held" }), "SELECT n FROM kept"),
    ).to.deep.equal([{ n: 7 }]);
  });

  it("leaves no server behind when the process that started it is killed", async () => {
    const { holder } = await startElsewhere();
    expect(serverRuns(directory)).to.equal(true);

    holder.kill("SIGKILL");

    await until(() => !serverRuns(directory));
  });

  it("begins again where a first start was killed half-way", async () => {
    mkdirSync(join(directory, "server", "data.draft", "base"), { recursive: true });
    mkdirSync(join(directory, "server", "postgres-18.4.0-beta.17.draft"));
    writeFileSync(join(directory, "server", "password"), "old");
    writeFileSync(join(directory, "lock"), `${process.pid} long ago 0123456789abcdef`);

    const { adminUrl } = await start();

    expect(await query(adminUrl, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
  });

  it("is not held up by a postmaster.pid whose number belongs to another program now", async () => {
    await (await start()).stop();
    const pidFile = join(directory, "server", "data", "postmaster.pid");
    writeFileSync(pidFile, `${process.pid}\n${join(directory, "server", "data")}\n`);

    const { adminUrl } = await start();

    expect(await query(adminUrl, "SELECT 1 AS one")).to.deep.equal([{ one: 1 }]);
  });

  it("removes a temporary directory when it stops", async () => {
    const temporary = mkdtempSync(join(directory, "temporary-"));
    const cluster = await startPostgres({ directory: temporary, temporary: true });

    await cluster.stop();

    expect(existsSync(temporary)).to.equal(false);
  });
});

describe("createDatabase", () => {
  it("refuses names that are no plain identifiers", async () => {
    const cluster = await testCluster();

    for (const name of ["", "Signer", "a b", 'a"b', "1a", "a".repeat(64)]) {
      expect(await codeOf(cluster.createDatabase({ name, role: "fine" }))).to.equal("DATABASE_NAME");
      expect(await codeOf(cluster.createDatabase({ name: "fine", role: name }))).to.equal("DATABASE_NAME");
    }
  });

  it("gives each role its own database and no other", async () => {
    const cluster = await testCluster();
    const one = await cluster.createDatabase({ name: "one_data", role: "one" });
    await cluster.createDatabase({ name: "two_data", role: "two" });

    expect(await query(one, "SELECT current_user AS role, current_database() AS name")).to.deep.equal([
      { role: "one", name: "one_data" },
    ]);
    for (const other of ["two_data", "postgres", "template1"]) {
      expect(await sqlState(one.replace("/one_data?", `/${other}?`), "SELECT 1")).to.equal("42501");
    }
    for (const statement of [
      "CREATE DATABASE three",
      "CREATE ROLE three",
      "SET ROLE two",
      "SET ROLE postgres",
    ]) {
      expect(await sqlState(one, statement)).to.equal("42501");
    }
  });

  it("asks for the password", async () => {
    const cluster = await testCluster();
    const url = new URL(await cluster.createDatabase({ name: "guarded", role: "guarded" }));
    url.password = "wrong";

    expect(await sqlState(url.href, "SELECT 1")).to.equal("28P01");
  });

  it("keeps what is there, and empties it when told so", async () => {
    const cluster = await testCluster();
    const url = await cluster.createDatabase({ name: "again", role: "again" });
    await query(url, "CREATE TABLE kept ()");

    expect(await cluster.createDatabase({ name: "again", role: "again" })).to.equal(url);
    expect(await tables(url)).to.deep.equal(["kept"]);

    expect(await cluster.createDatabase({ name: "again", role: "again", fresh: true })).to.equal(url);
    expect(await tables(url)).to.deep.equal([]);
  });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function tables(url: string): Promise<unknown[]> {
  return (await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).map(
    (row) => row["tablename"],
  );
}

/** The SQLSTATE that connecting or the statement ends with, "none" without an error. */
async function sqlState(url: string, sql: string): Promise<string> {
  try {
    await query(url, sql);
  } catch (error) {
    return (error as { code?: string }).code ?? "none";
  }
  return "none";
}

function serverRuns(directory: string): boolean {
  return readdirSync("/proc").some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(join(directory, "server"));
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("not in 20 s");
    await wait(20);
  }
}
