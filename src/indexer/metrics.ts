import type { Clock } from "../chain/clock.ts";
import type { SaleStats } from "../sdk/indexerApi.ts";
import type { Status } from "./status.ts";

/** In the text format of Prometheus; the rules in docs/indexer.md say when to wake somebody. */
export function metricsOf(status: Status, sales: readonly SaleStats[], clock: Clock): string {
  const { head, writing, failure, webhooks } = status;
  const copied = Math.max(-1, ...sales.map((sale) => sale.head.number));
  const lag = sales[0]?.lag;
  const lines = [
    gauge("writing", "1 where this process copies the chain", Number(writing)),
    gauge("failing", "1 where the last pass over the chain failed", Number(failure !== undefined)),
    gauge("copied_block", "Latest block in the copy", copied),
    ...(lag === undefined
      ? []
      : [
          gauge("lag_blocks", "Blocks of the chain that are not copied yet", lag.blocks),
          gauge("lag_seconds", "The same in time, silence of all nodes included", lag.seconds),
        ]),
    ...(head === undefined
      ? []
      : [
          gauge(
            "seen_seconds",
            "Since a node was last reached",
            Math.round((clock.now() - head.seenAt) / 1000),
          ),
        ]),
    ...(webhooks.size === 0
      ? []
      : [header("webhook_failures", "Deliveries of a webhook that failed in a row")]),
    ...[...webhooks.values()].map(
      ({ receiver, sale, failures }) =>
        `slipway_indexer_webhook_failures{receiver="${receiver}",sale="${sale}"} ${String(failures)}`,
    ),
    ...family("entries", "History entries of a sale in the copy", sales, (sale) => sale.entries),
    ...family("unfinalised_blocks", "Blocks from the final and proved one to the copy's", sales, (sale) =>
      Math.max(0, sale.head.number - Math.min(sale.finalised.number, sale.finality?.proved ?? -1)),
    ),
    ...family(
      "finality_stalled",
      "1 where nothing has become final for longer than the chain takes",
      sales,
      (sale) => Number(sale.finality?.stalled ?? false),
    ),
    ...family(
      "listing_deadline_seconds",
      "Until the listing deadline, of sales that can still be listed",
      sales.filter(({ finality }) => finality?.deadlineInSeconds != null),
      ({ finality }) => finality?.deadlineInSeconds ?? 0,
    ),
    ...family("stopped", "1 where a sale is quarantined or the chain halted", sales, ({ status: now }) =>
      Number(now === "quarantined" || now === "halted"),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function gauge(name: string, help: string, value: number): string {
  return `${header(name, help)}\nslipway_indexer_${name} ${String(value)}`;
}

function family(
  name: string,
  help: string,
  sales: readonly SaleStats[],
  value: (sale: SaleStats) => number,
): string[] {
  const samples = sales.map(
    (stats) => `slipway_indexer_${name}{sale="${stats.sale}"} ${String(value(stats))}`,
  );
  return [header(name, help), ...samples];
}

function header(name: string, help: string): string {
  return `# HELP slipway_indexer_${name} ${help}\n# TYPE slipway_indexer_${name} gauge`;
}
