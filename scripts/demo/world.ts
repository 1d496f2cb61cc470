import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type PostgresCluster } from "../../src/database/startPostgres.ts";
import { buildAll } from "./buildAll.ts";
import { localChainAt, type LocalChain } from "./localChain.ts";
import type { DemoOptions } from "./options.ts";
import { portsFrom, requireFree, type Ports } from "./ports.ts";
import type { Processes, RunningProcess } from "./processes.ts";
import type { Screen } from "./screen.ts";

/** The outside world of one demo: a chain, a database server, a folder that is gone afterwards. */
export type World = {
  ports: Ports;
  urls: { page: string; signer: string; indexer: string; chain: string };
  directory: string;
  chain: LocalChain;
  database: PostgresCluster;
  processes: Processes;
};

export async function openWorld({
  options,
  screen,
  processes,
  atEnd,
}: {
  options: DemoOptions;
  screen: Screen;
  processes: Processes;
  /** Remembers what must be undone, the last first. */
  atEnd: (undo: () => Promise<void>) => void;
}): Promise<World> {
  const ports = portsFrom(options.basePort);
  await requireFree(ports);
  screen.line("Slipway · chain 31337 · local only · Ctrl-C stops everything");

  const directory = await mkdtemp(join(tmpdir(), "slipway-demo-"));
  atEnd(() => rm(directory, { recursive: true, force: true }));
  const url = (port: number): string => `http://127.0.0.1:${String(port)}`;
  const urls = {
    page: url(ports.page),
    signer: url(ports.signer),
    indexer: url(ports.indexer),
    chain: url(ports.chain),
  };

  const [database] = await Promise.all([
    screen.step(
      "database",
      async () => {
        const cluster = await startPostgres({ directory: join(directory, "postgres"), temporary: true });
        atEnd(() => cluster.stop());
        return cluster;
      },
      () => "PostgreSQL 18 from npm, a database and a role each",
    ),
    screen.step(
      "chain",
      () => startChain(processes, ports.chain),
      () => `Hardhat node :${String(ports.chain)}`,
    ),
    screen.step(
      "build",
      () => buildAll(processes),
      () => "contracts (solc 0.8.37 from npm), page",
    ),
  ]);

  return {
    ports,
    urls,
    directory,
    chain: localChainAt(urls.chain),
    database,
    processes,
  };
}

function startChain(processes: Processes, port: number): Promise<RunningProcess> {
  const node = ["node", "--network", "node", "--hostname", "127.0.0.1", "--port", String(port)];
  return processes.start({
    name: "local chain",
    args: ["node_modules/hardhat/dist/src/cli.js", ...node],
    ready: (line) => line.includes("Started HTTP"),
  });
}
