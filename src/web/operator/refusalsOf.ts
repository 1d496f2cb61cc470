/** How often a replica refused orders, by the reason's code. */
export type Refusal = { code: string; count: number };

/** Out of the signer's metrics (Prometheus's text format): refusals of orders and renewals, the most frequent first. */
export function refusalsOf(metrics: string): Refusal[] {
  const counts = new Map<string, number>();
  for (const [, labels = "", value = ""] of metrics.matchAll(
    /^slipway_signer_answers_total\{([^}]*)\} (\S+)$/gm,
  )) {
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const code = label("code");
    if (!label("route").startsWith("/v1/orders") || Number(label("status")) < 400 || code === "") continue;
    counts.set(code, (counts.get(code) ?? 0) + Number(value));
  }
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
