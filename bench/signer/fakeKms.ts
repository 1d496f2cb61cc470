import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerAsKms, kmsRefusal, newPair, signDigest } from "../../test/support/kms.ts";

/** AWS KMS on loopback with one key, which throttles beyond its quota of signatures a second. */
export async function startFakeKms(
  quotaPerSecond: number,
): Promise<{ env: Record<string, string>; close: () => void }> {
  const [keyId, pair] = ["alias/bench", newPair()];
  let [left, filledAt] = [quotaPerSecond, performance.now()];
  const isWithin = (): boolean => {
    const now = performance.now();
    left = Math.min(quotaPerSecond, left + ((now - filledAt) * quotaPerSecond) / 1000);
    filledAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const target = String(request.headers["x-amz-target"]);
      const sign = (digest: Buffer) => signDigest(pair.privateKey, digest);
      const { status, body } =
        target === "TrentService.Sign" && !isWithin()
          ? kmsRefusal("ThrottlingException")
          : answerAsKms(target, Buffer.concat(parts).toString(), { keyId, spki: pair.spki, sign });
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    env: {
      SIGNER_KMS_KEY: keyId,
      AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "FAKEKEYID",
      AWS_SECRET_ACCESS_KEY: "fake-and-for-loopback-alone",
    },
    close: () => server.close(),
  };
}
