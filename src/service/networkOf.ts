import { isIPv4 } from "node:net";

/** The network that an address is in, of so many bits: 24 or 32 of IPv4, a multiple of 16 of IPv6. */
export function networkOf(ip: string, { v4, v6 }: { v4: 24 | 32; v6: 48 | 64 }): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/, "");
  if (isIPv4(plain)) return v4 === 32 ? plain : `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  const [front, back] = plain.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = Array.from({ length: 8 - (front?.length ?? 0) - (back?.length ?? 0) }, () => "0");
  const groups = [...(front ?? []), ...zeros, ...(back ?? [])].slice(0, v6 / 16);
  return `${groups.join(":")}::/${String(v6)}`;
}
