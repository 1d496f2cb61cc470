import { isAddressEqual, recoverMessageAddress, type Address, type Hex } from "viem";
import { createSiweMessage, parseSiweMessage, type SiweMessage } from "viem/siwe";
import { signerError } from "../../sdk/signerErrors.ts";
import type { SaleReader } from "../chain/createSaleReader.ts";
import { NO_NONCE } from "./createSessions.ts";

/** Clocks of buyers are off by minutes; the nonce is what makes a message fresh. */
const SKEW_SECONDS = 300;
const OLDEST_SECONDS = 900;

/**
 * Checks a signed EIP-4361 message: the exact form, a domain we serve, a URI on that domain, our chain, its times, and the
 * wallet's own signature: by its key, or by what its contract says (ERC-1271, ERC-6492). The chain is asked last, and only about
 * a nonce that there is. Answers wallet and nonce; the caller consumes the nonce. Throws `login-refused`, `busy`.
 */
export async function verifyLogin({
  message,
  signature,
  domains,
  chainId,
  hasNonce,
  signedByContract,
  now,
}: {
  message: string;
  signature: Hex;
  domains: readonly string[];
  chainId: number;
  hasNonce: (nonce: string) => Promise<boolean>;
  /** Asked where no key of the wallet's own address signed. */
  signedByContract: SaleReader["signedByContract"];
  /** Seconds, by the database's clock. */
  now: number;
}): Promise<{ wallet: Address; nonce: string }> {
  const fields = parseStrictly(message);
  const refuse = (detail: string) => signerError("login-refused", detail, { serverTime: Math.floor(now) });

  if (!domains.includes(fields.domain)) throw refuse(`domain ${fields.domain} is not the page of this sale`);
  const uri = URL.canParse(fields.uri) ? new URL(fields.uri) : undefined;
  if (
    uri === undefined ||
    !/^https?:$/.test(uri.protocol) ||
    uri.host !== new URL(`${uri.protocol}//${fields.domain}`).host
  ) {
    throw refuse(`URI ${fields.uri.slice(0, 100)} is not on ${fields.domain}`);
  }
  if (fields.scheme !== undefined && `${fields.scheme}:` !== uri.protocol)
    throw refuse("scheme and URI differ");
  if (fields.chainId !== chainId)
    throw refuse(`Chain ID ${String(fields.chainId)}, wanted ${String(chainId)}`);

  const issued = seconds(fields.issuedAt);
  if (issued === undefined || issued > now + SKEW_SECONDS || issued < now - OLDEST_SECONDS) {
    throw refuse("Issued At is not within 5 minutes ahead and 15 behind");
  }
  const expires = seconds(fields.expirationTime);
  if (expires !== undefined && expires <= now) throw refuse("Expiration Time is over");
  const begins = seconds(fields.notBefore);
  if (begins !== undefined && begins > now) throw refuse("Not Before is to come");

  const signer = await recoverMessageAddress({ message, signature }).catch(() => undefined);
  const { address, nonce } = fields;
  if (signer !== undefined && isAddressEqual(signer, address)) return { wallet: address, nonce };
  if (!(await hasNonce(nonce))) throw refuse(NO_NONCE);
  if (!(await signedByContract({ address, message, signature })))
    throw refuse("the signature is not this wallet's");
  return { wallet: address, nonce };
}

/** What our own rendering of the fields gives back is the only accepted form: nothing hides between the lines. */
function parseStrictly(message: string): SiweMessage {
  try {
    const fields = parseSiweMessage(message) as SiweMessage;
    if (fields.issuedAt !== undefined && createSiweMessage(fields) === message) return fields;
  } catch {
    // Refused below.
  }
  throw signerError("login-refused", "not an EIP-4361 message in canonical form");
}

function seconds(time: Date | undefined): number | undefined {
  return time === undefined ? undefined : time.getTime() / 1000;
}
