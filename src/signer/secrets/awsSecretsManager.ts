import { loadSdk } from "../aws/loadSdk.ts";
import { classifyAwsError } from "../aws/classifyAwsError.ts";
import { memberOf, SecretFailure, withRetries, type Network, type SecretSource } from "./SecretSource.ts";

/**
 * AWS Secrets Manager: a secret's name or ARN, and the member where it is a JSON object. Region, credentials and endpoint are
 * the SDK's own business (AWS_REGION, roles, AWS_ENDPOINT_URL_SECRETS_MANAGER).
 */
export function awsSecret(network: Network, id: string, member: string | undefined): SecretSource {
  let client: ReturnType<typeof createClient> | undefined;
  return {
    read: () =>
      withRetries(network, async () => {
        const { send, sdk } = await (client ??= createClient());
        const command = new sdk.GetSecretValueCommand({ SecretId: id });
        const answer = await send(command, network.deadline());
        if (typeof answer.SecretString !== "string") throw new SecretFailure("malformed", "no SecretString");
        return {
          text: memberOf(answer.SecretString, member),
          ...(answer.VersionId === undefined ? {} : { version: answer.VersionId }),
          ...(answer.CreatedDate === undefined ? {} : { createdAt: answer.CreatedDate }),
        };
      }),
  };
}

async function createClient() {
  const sdk = await loadSdk(
    "@aws-sdk/client-secrets-manager",
    () => import("@aws-sdk/client-secrets-manager"),
  );
  const client = new sdk.SecretsManagerClient({ maxAttempts: 1 });
  const send = async (command: InstanceType<typeof sdk.GetSecretValueCommand>, abortSignal: AbortSignal) => {
    try {
      return await client.send(command, { abortSignal });
    } catch (cause) {
      const { kind, why } = classifyAwsError(cause);
      throw new SecretFailure(kind, why, { cause });
    }
  };
  return { sdk, send };
}
