import { colourOf, draw } from './plot.ts';
import type { PlotSize } from './plot.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly label?: string;
  /** Points of a group have the same colour. */
  readonly group?: string;
}

/** Labelled points in a plane, with the same scale on both axes. */
export function scatter(
  points: readonly Point[],
  options: PlotSize & { title: string },
): Promise<string> {
  const groups = [...new Set(points.map(({ group }) => group))];
  const fill = ({ group }: Point) => colourOf(groups.indexOf(group));
  return draw(options.title, { height: 460, ...options }, (plot) => ({
    aspectRatio: 1,
    inset: 20,
    x: { label: null, ticks: [] },
    y: { label: null, ticks: [] },
    marks: [
      plot.dot(points, { x: 'x', y: 'y', r: 3, fill }),
      plot.text(points, { x: 'x', y: 'y', text: 'label', dy: -8, fill }),
    ],
  }));
}
