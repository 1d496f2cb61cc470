import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { indexerError } from "../sdk/indexerErrors.ts";
import { operations } from "./api/indexerApi.ts";

/** Query parameters of each route, as its description has them. */
const parameters = new Map(
  operations.map(({ path, query }) => [
    path.replaceAll(/\{(\w+)\}/g, ":$1"),
    query instanceof z.ZodObject ? Object.keys(query.shape) : [],
  ]),
);

/** A parameter that a path does not know is refused by its name: who misspells a filter must not be given everything. */
export function refuseUnknownParameters(app: FastifyInstance): void {
  app.addHook("preHandler", (request, _reply, done) => {
    const { url = "" } = request.routeOptions;
    const known = url.startsWith("/v1") ? parameters.get(url) : undefined;
    const unknown = Object.keys(request.query as object).filter((name) => known?.includes(name) === false);
    if (unknown.length === 0) {
      done();
      return;
    }
    const wanted = known?.length === 0 ? "no parameter" : `one of ${known?.join(", ") ?? ""}`;
    const problems = unknown.map((name) => ({
      ...{
        code: "input-invalid",
        field: name.slice(0, 100),
        got: "a parameter that this path does not know",
      },
      ...{ wanted, wayOut: "Leave it out, or correct its name." },
    }));
    throw indexerError("input-invalid", problems.map(({ field }) => field).join(", "), { problems });
  });
}
