/** What an error of the AWS SDK means to us, by its documented names; its message is left out, as it quotes requests. */
export function classifyAwsError(error: unknown): {
  kind: "missing" | "denied" | "malformed" | "unreachable";
  why: string;
} {
  const { name = "error", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const why = status === undefined ? name : `${name} (${String(status)})`;
  if (status !== undefined && status >= 500) return { kind: "unreachable", why };
  if (/NotFound/.test(name)) return { kind: "missing", why };
  if (/AccessDenied|Unrecognized|InvalidSignature|ExpiredToken|InvalidClientToken|Credentials/.test(name))
    return { kind: "denied", why };
  if (/Throttl|TooManyRequests|LimitExceeded|Timeout|Abort|InternalService|Internal|Unavailable/.test(name))
    return { kind: "unreachable", why };
  if (name === "SyntaxError") return { kind: "malformed", why: "an answer that is no JSON" };
  if (status === 403 || status === 401) return { kind: "denied", why };
  // What never became an answer.
  if (status === undefined || status === 429) return { kind: "unreachable", why };
  return { kind: "malformed", why };
}
