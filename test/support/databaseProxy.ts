import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands between a service and PostgreSQL, and sees when an order is committed. */
export type DatabaseProxy = {
  url: string;
  /** Called in place of passing on the server's word that a transaction which wrote a voucher is committed. */
  onCommitted: (() => void) | undefined;
  close: () => Promise<void>;
};

/** ReadyForQuery outside of a transaction: what was written is committed. */
const IDLE = "Z\0\0\0\u0005I";

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const folder = target.searchParams.get("host");
  const folderOfProxy = mkdtempSync(join(tmpdir(), "slipway-proxy-"));
  const open = new Set<Socket>();
  const proxy: DatabaseProxy = { url: "", onCommitted: undefined, close };

  const server = createServer((client) => {
    const database =
      folder === null
        ? connect(Number(target.port || "5432"), target.hostname)
        : connect(join(folder, ".s.PGSQL.5432"));
    let writesVoucher = false;
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on("data", (data) => {
      // By the text of a statement, or by the name under which it was prepared.
      if (data.includes("INSERT INTO vouchers") || data.includes("commit-first-orders")) writesVoucher = true;
      database.write(data);
    });
    database.on("data", (data) => {
      if (writesVoucher && data.includes(IDLE) && proxy.onCommitted !== undefined) proxy.onCommitted();
      else client.write(data);
    });
  });
  await new Promise<void>((done) => server.listen(join(folderOfProxy, ".s.PGSQL.5432"), done));

  const url = new URL(databaseUrl);
  url.searchParams.set("host", folderOfProxy);
  proxy.url = url.href;
  return proxy;

  async function close(): Promise<void> {
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
    rmSync(folderOfProxy, { recursive: true, force: true });
  }
}
