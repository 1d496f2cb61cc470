import { t } from "@lingui/core/macro";
import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { stacked } from "./stacked.ts";
import { useWidth } from "./useWidth.ts";

/** Values of one name at every `x` of the chart. */
export type Layer = { name: string; values: readonly number[] };

const HEIGHT = 220;
const MARGIN = { top: 12, right: 12, bottom: 26, left: 12 };
const ROWS = 12;
/** Upright, about so many. */
const TICKS = 3;
/** About how wide a letter of an axis is. */
const LETTER = 6.5;

/**
 * Layers on top of each other over one axis of time, with what they say as a table beside it: a picture is not for
 * everybody. It runs from left to right in every language, as its time does.
 */
export function Chart({
  label,
  xs,
  layers,
  xWords,
  yWords,
  limit,
  now,
}: {
  /** What it shows, for who does not see it. */
  label: string;
  /** Seconds, in order. */
  xs: readonly number[];
  layers: readonly Layer[];
  xWords: (x: number) => string;
  yWords: (y: number) => string;
  /** A line across, and what it is. */
  limit?: { at: number; words: string };
  /** A line upright, where the present is. */
  now?: number;
}) {
  const { ref, width } = useWidth();
  const [first = 0, last = 0] = [xs[0], xs.at(-1)];
  const sums = stacked(
    layers.map(({ values }) => values),
    xs.length,
  );
  const most = (sums.at(-1) ?? []).reduce((a, b) => Math.max(a, b), limit?.at ?? 0);
  const x = scaleLinear([first, last], [MARGIN.left, width - MARGIN.right]);
  const y = scaleLinear([0, most || 1], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(TICKS);
  const ticks = y.ticks(TICKS);

  const places = xs.map((_, k) => k);
  const xOf = (k: number) => x(xs[k] ?? 0);
  const edge = (i: number) => (k: number) => y(sums[i]?.[k] ?? 0);
  const areaOf = (i: number) => area<number>(xOf, edge(i), edge(i + 1)).digits(2)(places) ?? "";
  const lineOf = (i: number) => line<number>(xOf, edge(i + 1)).digits(2)(places) ?? "";
  const middle = (first + last) / 2;
  const room = width - MARGIN.left - MARGIN.right;
  const [atFirst = 0, atMiddle = 0, atLast = 0] = [first, middle, last].map(
    (mark) => xWords(mark).length * LETTER + 8,
  );
  const hasMiddle = Math.max(atFirst, atLast) + atMiddle / 2 <= room / 2;
  const marks = hasMiddle ? [first, middle, last] : atFirst + atLast <= room ? [first, last] : [last];
  const every = Math.max(1, Math.ceil(xs.length / ROWS));
  const rows = places.filter((k) => k % every === 0 || k === xs.length - 1);

  return (
    <div ref={ref} className="chart">
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            {tick > 0 && (
              <text x={MARGIN.left + 4} y={y(tick) - 3}>
                {yWords(tick)}
              </text>
            )}
          </g>
        ))}
        {layers.map(({ name }, i) => (
          <g key={name} className={`layer layer-${String(i % 6)}`}>
            <path className="area" d={areaOf(i)} />
            <path className="edge" d={lineOf(i)} />
          </g>
        ))}
        {limit !== undefined && (
          <g>
            <line
              className="limit"
              x1={MARGIN.left}
              x2={width - MARGIN.right}
              y1={y(limit.at)}
              y2={y(limit.at)}
            />
            <text x={width - MARGIN.right} y={y(limit.at) - 3} textAnchor="end">
              {limit.words}
            </text>
          </g>
        )}
        {now !== undefined && now >= first && now <= last && (
          <line className="limit" x1={x(now)} x2={x(now)} y1={MARGIN.top} y2={y(0)} />
        )}
        {last > first &&
          marks.map((mark, i) => (
            <text
              key={mark}
              x={x(mark)}
              y={HEIGHT - 8}
              textAnchor={i === marks.length - 1 ? "end" : i === 0 ? "start" : "middle"}
            >
              {xWords(mark)}
            </text>
          ))}
      </svg>
      {layers.length > 1 && (
        <ul className="legend">
          {layers.map(({ name }, i) => (
            <li key={name}>
              <span className={`swatch layer-${String(i % 6)}`} aria-hidden="true" />
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      )}
      <details>
        <summary>{t`As a table`}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={label}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t`When`}</th>
                {layers.map(({ name }) => (
                  <th scope="col" key={name}>
                    <bdi>{name}</bdi>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((k) => (
                <tr key={k}>
                  <th scope="row">{xWords(xs[k] ?? 0)}</th>
                  {layers.map(({ name, values }) => (
                    <td key={name}>{yWords(values[k] ?? 0)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}
