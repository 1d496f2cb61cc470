import { SecretFailure, type Environment, type SecretSource } from "./SecretSource.ts";

/** A variable of the environment, injected by whatever runs the service. */
export function environmentSecret(env: Environment, name: string): SecretSource {
  return {
    read: async () => {
      const text = env[name];
      if (text === undefined || text === "") throw new SecretFailure("missing", `${name} is not set`);
      return { text };
    },
    stamp: () => "",
  };
}
