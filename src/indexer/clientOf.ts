import { networkOf } from "../service/networkOf.ts";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Who counts as one for limits: an IPv4 address, a /64 of IPv6. Undefined for this machine itself, which has none. */
export function clientOf(ip: string): string | undefined {
  return LOOPBACK.test(ip) ? undefined : networkOf(ip, { v4: 32, v6: 64 });
}
