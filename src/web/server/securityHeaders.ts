/** Headers of every answer; `connects` are the origins that this launch's page may talk to, besides its own. */
export function securityHeaders(connects: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Icons that wallets announce are data: URLs.
    "img-src 'self' data:",
    ["connect-src 'self'", ...connects].join(" "),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  };
}

/** What the built page's own policy lets it talk to beyond any https: the relay of WalletConnect, where it is built with it. */
export function socketsOf(html: string): string[] {
  const [, sources = ""] = /connect-src ([^;"]*)/.exec(html) ?? [];
  return sources.split(" ").filter((source) => source.startsWith("wss://"));
}

/** Origins of the services in a page configuration; what is no URL is left out. */
export function originsOf(config: unknown): string[] {
  const { rpcUrl, signerUrl, indexerUrl } = (config ?? {}) as Record<string, unknown>;
  const urls = [rpcUrl, signerUrl, indexerUrl].filter((url) => typeof url === "string" && URL.canParse(url));
  return [...new Set(urls.map((url) => new URL(url as string).origin))];
}
