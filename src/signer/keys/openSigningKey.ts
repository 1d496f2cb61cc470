import type { Problem } from "../../sdk/problem.ts";
import { SignerError, signerError } from "../../sdk/signerErrors.ts";
import type { Secrets } from "../secrets/createSecrets.ts";
import type { Environment, Network } from "../secrets/SecretSource.ts";
import { localKey } from "./localKey.ts";
import type { SigningKey } from "./SigningKey.ts";

const WANTED =
  "one of SIGNER_KEYSTORE_FILE with SIGNER_KEYSTORE_PASSWORD_FILE, and SIGNER_KMS_KEY; on chain 31337 also SIGNER_KEY_FILE";

/**
 * The signing key by the environment: an encrypted keystore, a key in AWS KMS, or on the local chain alone a bare key. Undefined
 * where it cannot be used; why is in `problems`.
 */
export async function openSigningKey({
  env,
  secrets,
  local,
  network,
  problems,
}: {
  env: Environment;
  secrets: Secrets;
  local: boolean;
  network: Network;
  problems: Problem[];
}): Promise<SigningKey | undefined> {
  const keyId = env["SIGNER_KMS_KEY"] === "" ? undefined : env["SIGNER_KMS_KEY"];
  const kept = {
    SIGNER_KMS_KEY: keyId,
    SIGNER_KEYSTORE: secrets.storeOf("SIGNER_KEYSTORE"),
    SIGNER_KEY: secrets.storeOf("SIGNER_KEY"),
  };
  const [field, ...others] = Object.entries(kept).flatMap(([name, where]) =>
    where === undefined ? [] : [name],
  );
  if (field === undefined || others.length > 0) {
    const got = field === undefined ? "nothing" : [field, ...others].join(" and ");
    problems.push({
      code: "config-invalid",
      field: "SIGNER_KEYSTORE",
      got,
      wanted: WANTED,
      wayOut: "Set one of them.",
    });
    return undefined;
  }
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    const { code, message: got, wayOut } = error;
    problems.push({ code, field, got, wanted: "a key that can sign", wayOut });
    return undefined;
  }

  async function open(): Promise<SigningKey | undefined> {
    if (keyId !== undefined) {
      const { kmsKey } = await import("./kmsKey.ts");
      return kmsKey({ keyId, network });
    }
    if (field === "SIGNER_KEYSTORE") {
      const json = await secrets.single("SIGNER_KEYSTORE", problems);
      const password = await secrets.single("SIGNER_KEYSTORE_PASSWORD", problems);
      if (json === undefined) return undefined;
      if (password === undefined) throw signerError("key-unusable", "SIGNER_KEYSTORE_PASSWORD is not there");
      const { openKeystore } = await import("./keystore.ts");
      return localKey({ privateKey: await openKeystore(json, password), local });
    }
    if (!local)
      throw signerError("key-unusable", `a key that is not encrypted, on a chain that is not local`);
    const privateKey = await secrets.single("SIGNER_KEY", problems);
    return privateKey === undefined ? undefined : localKey({ privateKey, local });
  }
}
