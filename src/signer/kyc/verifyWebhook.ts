import { createHmac, timingSafeEqual } from "node:crypto";
import { signerError } from "../../sdk/signerErrors.ts";

const TOLERANCE_SECONDS = 300;

/**
 * Checks `t=<seconds>,v1=<hex>[,v1=<hex>]` against HMAC-SHA256 of `<t>.<raw body>` with any of the secrets, which are two
 * while one replaces another. Throws `webhook-signature-invalid`.
 */
export function verifyWebhook({
  header,
  raw,
  secrets,
  now,
}: {
  header: string | string[] | undefined;
  raw: Buffer;
  secrets: readonly Buffer[];
  /** Seconds, by the database's clock. */
  now: number;
}): void {
  const match = typeof header === "string" ? /^t=(\d{1,12})((?:,v1=[0-9a-f]{64}){1,4})$/.exec(header) : null;
  if (match === null)
    throw signerError("webhook-signature-invalid", "no Slipway-Signature of the form t=…,v1=…");
  const [, time = "", list = ""] = match;
  if (Math.abs(Number(time) - now) > TOLERANCE_SECONDS) {
    throw signerError("webhook-signature-invalid", "t is more than 300 s from now", {
      serverTime: Math.floor(now),
    });
  }

  const given = list
    .split(",v1=")
    .slice(1)
    .map((hex) => Buffer.from(hex, "hex"));
  let valid = false;
  for (const secret of secrets) {
    const wanted = createHmac("sha256", secret).update(`${time}.`).update(raw).digest();
    // All are compared, so that time tells nothing.
    for (const one of given) valid = timingSafeEqual(one, wanted) || valid;
  }
  if (!valid) throw signerError("webhook-signature-invalid", "no v1 fits the body");
}
