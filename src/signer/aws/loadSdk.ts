import { SecretFailure } from "../secrets/SecretSource.ts";

/** A cloud's SDK is loaded only where it is used, and installed only by who uses it. */
export async function loadSdk<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new SecretFailure("missing", `${name} is not installed: npm install ${name}`, { cause });
  }
}
