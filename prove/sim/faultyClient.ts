import type { Client, ClientBase } from "pg";

export type DatabaseFault = "none" | "diesBefore" | "diesAfter" | "diskFull";

/**
 * A connection on which every statement may be the last: the process dies before or after it, as far as the database can
 * tell, or the disk is full. After a death nothing of this connection is used again.
 */
export function faultyClient(client: Client, next: () => DatabaseFault): ClientBase {
  const die = (): never => {
    (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();
    throw new Error("Connection terminated");
  };
  return new Proxy(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== "query") return typeof value === "function" ? (value.bind(target) as unknown) : value;
      return (...args: Parameters<Client["query"]>) => {
        const fault = next();
        // A COPY hands out its stream at once: there the fault comes before it.
        const isStream = typeof (args[0] as { submit?: unknown }).submit === "function";
        if (fault === "diskFull")
          throw Object.assign(new Error("No space left on device"), { code: "53100" });
        if (fault === "diesBefore" || (isStream && fault === "diesAfter")) die();
        const result = (target.query as (...all: unknown[]) => unknown)(...args);
        return fault === "diesAfter" ? (result as Promise<unknown>).then(die) : result;
      };
    },
  });
}
