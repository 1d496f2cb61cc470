import { createServer } from "node:net";
import { SlipwayError } from "../../src/sdk/problem.ts";

export type Ports = { page: number; signer: number; indexer: number; chain: number };

/** The demo's usual ports, or four from `base` on. */
export function portsFrom(base: number | undefined): Ports {
  return base === undefined
    ? { page: 7400, signer: 7410, indexer: 7420, chain: 8545 }
    : { page: base, signer: base + 1, indexer: base + 2, chain: base + 3 };
}

/** Throws `port-busy`, naming every port that something else holds. */
export async function requireFree(ports: Ports): Promise<void> {
  const busy: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (!(await isFree(port))) busy.push(`${String(port)} (${name})`);
  }
  if (busy.length === 0) return;

  throw new SlipwayError({
    code: "port-busy",
    message: `Ports are in use: ${busy.join(", ")}. Another \`npm start\` may be running.`,
    wayOut: `Stop it with Ctrl-C in its terminal, or start here on other ports: npm start -- --base-port ${String(elsewhere(ports))}`,
  });
}

function elsewhere({ page }: Ports): number {
  return page < 50_000 ? page + 10_000 : 17_400;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => {
      resolve(false);
    });
    probe.listen(port, "127.0.0.1", () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}
