import { colourOf, draw, legend } from './plot.ts';
import type { PlotSize } from './plot.ts';

export interface Line {
  readonly name: string;
  readonly y: ArrayLike<number>;
  /** 0, 1, 2, ... by default. */
  readonly x?: ArrayLike<number | Date>;
  /** Lower and upper bounds of an area in the line's colour, such as an interval. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  readonly dashed?: boolean;
}

export interface LinesOptions extends PlotSize {
  readonly title: string;
  /** The label of the x axis. */
  readonly x: string;
  /** What y means, at its axis; the title by default. */
  readonly y?: string;
  /** Whether the y axis is logarithmic; values that are not positive are then left out. */
  readonly log?: boolean;
  /** The ends of the y axis; by default those of the values. */
  readonly domain?: readonly [number, number];
}

/** Lines over a common axis, optionally with intervals. Values that are not finite leave gaps. */
export function lines(series: readonly Line[], options: LinesOptions): Promise<string> {
  const { title, x, y, log = false, domain } = options;
  const span = Math.max(...series.map((line) => line.y.length)) - 1;
  return draw(title, options, (plot) => ({
    marginRight: 12 + 7 * Math.max(...series.map(({ name }) => name.length)),
    // At most one tick per step: there are no half epochs.
    x: span > 0 ? { label: x, ticks: Math.min(6, span) } : { label: x, ...onlyTick(series) },
    y: {
      ...{ label: y ?? title, grid: true, type: log ? 'log' : 'linear', domain },
      // Numbers like 1e-20 instead of SI prefixes.
      ...(log ? { ticks: 6, tickFormat: (value: number) => value.toExponential(0) } : {}),
    },
    marks: [
      ...series.flatMap((line, index) => {
        const points = pointsOf(line, log);
        const [fill, stroke] = [colourOf(index), colourOf(index)];
        const area = plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill, fillOpacity: 0.2 });
        const strokeDasharray = line.dashed ? '4 3' : undefined;
        return [
          ...(line.low ? [area] : []),
          plot.lineY(points, { x: 'x', y: 'y', stroke, strokeWidth: 2, strokeDasharray }),
          // A line of one point would not be seen.
          ...(points.length === 1 ? [plot.dot(points, { x: 'x', y: 'y', fill, r: 5 })] : []),
        ];
      }),
      ...legend(
        plot,
        series.map(({ name }, index) => ({ name, colour: colourOf(index) })),
      ),
    ],
  }));
}

/** Of lines of one point: around it, an axis would count in fractions. */
const onlyTick = ([line]: readonly Line[]) => ({ ticks: [line?.x?.[0] ?? 0], tickFormat: String });

function pointsOf(line: Line, log: boolean) {
  const shown = (value: number | undefined): number =>
    value === undefined || !Number.isFinite(value) || (log && value <= 0) ? NaN : value;
  return Array.from(line.y, (y, i) => ({
    x: line.x ? line.x[i] : i,
    y: shown(y),
    low: shown(line.low?.[i]),
    high: shown(line.high?.[i]),
  }));
}
