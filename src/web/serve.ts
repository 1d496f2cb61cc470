// The page as a process: PORT, HOST, CONFIG_FILE (served as /config.json) and WEB_ROOT (the built page).
import type { Server } from "node:http";
import { explain, SlipwayError } from "../sdk/problem.ts";
import { createPageServer } from "./server/createPageServer.ts";
import { readFiles } from "./server/readFiles.ts";
import { readSettings } from "./server/readSettings.ts";
import { serverError } from "./server/serverErrors.ts";

try {
  const { host, port, configFile, webRoot } = readSettings(process.env);
  const server = createPageServer({ files: readFiles(webRoot), configFile });
  const bound = await listen(server, { host, port });
  process.stdout.write(`${JSON.stringify({ event: "listening", port: bound })}\n`);

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => process.exit(0));
      server.closeAllConnections();
    });
  }
} catch (error) {
  console.error(error instanceof SlipwayError ? explain(error) : error);
  process.exit(1);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      fail(
        cause.code === "EADDRINUSE" ? serverError("port-busy", `${host}:${String(port)}`, { cause }) : cause,
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
