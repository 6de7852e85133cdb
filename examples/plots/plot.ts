// Draws with Observable Plot, which is loaded with the first plot. In Node and Deno, which have no document, linkedom provides
// one.
import type * as PlotModule from '@observablehq/plot';

export type Plot = typeof PlotModule;

/** The colours of series, in order (Okabe and Ito 2008): most colour-blind people can tell them apart. */
export const COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#e69f00',
  '#000000',
];
export const colourOf = (index: number): string => COLOURS[index % COLOURS.length];

export interface PlotSize {
  /** Width and height in pixels, 500 and 300 by default, so that a report has room for two side by side; a page may scale the plot. */
  readonly width?: number;
  readonly height?: number;
}

/** Labels stand at the middle of their axes, and say nothing of a direction. */
const AT_AXIS = { labelAnchor: 'center', labelArrow: 'none' } as const;

/** One SVG element as text, for a file of its own or inside HTML. The result does not depend on the runtime. */
export async function draw(
  title: string,
  size: PlotSize,
  options: (plot: Plot) => PlotModule.PlotOptions,
): Promise<string> {
  const [plot, document] = await Promise.all([import('@observablehq/plot'), blankDocument()]);
  const { width = 500, height = 300 } = size;
  const rest = options(plot);
  const svg = plot.plot({
    ...{ document, width, height, marginTop: 34, marginBottom: 44, marginLeft: 60 },
    ...rest,
    x: { ...AT_AXIS, ...rest.x },
    y: { ...AT_AXIS, ...rest.y },
    // The option `title` would produce an HTML <figure>, so the title is a mark.
    marks: [
      ...(rest.marks ?? []),
      plot.text([title], {
        ...{ frameAnchor: 'top-left', dy: -26, dx: -40, fontSize: 14, fontWeight: 600 },
      }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  return svg.outerHTML;
}

async function blankDocument(): Promise<Document> {
  if (typeof document !== 'undefined') return document;
  const { parseHTML } = await import('linkedom');
  return parseHTML('<!doctype html><body></body>').document;
}

/** The names of series in their colours, at the right of the frame. */
export const legend = (
  { text }: Plot,
  series: readonly { name: string; colour: string }[],
): PlotModule.Markish[] =>
  series.map(({ name, colour }, row) =>
    text([name], {
      ...{ frameAnchor: 'top-right', textAnchor: 'start', dx: 8, dy: 15 * row, fill: colour },
    }),
  );
