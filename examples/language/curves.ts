// A line chart as inline SVG, for the report.

export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

const WIDTH = 420;
const HEIGHT = 240;
const MARGIN = { left: 44, right: 12, top: 28, bottom: 32 };

/** A round step that gives about `count` ticks. */
function tickStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

const ticks = (from: number, to: number, count: number): number[] => {
  const step = tickStep(to - from || 1, count);
  const first = Math.ceil(from / step);
  return Array.from(
    { length: Math.floor(to / step + 1e-9) - first + 1 },
    (_, i) => (first + i) * step,
  );
};

const label = (value: number) => String(Number(value.toPrecision(3)));

/** Draws the curves over the epochs 1, 2, ...; `top` fixes the upper end of the axis. Values that are not finite are left out. */
export function chart(title: string, curves: readonly Curve[], top?: number): string {
  const values = curves.flatMap((curve) => curve.values).filter(Number.isFinite);
  const upper = top ?? Math.max(...values, 0.01);
  const epochs = Math.max(...curves.map((curve) => curve.values.length), 2);
  const x = (epoch: number) =>
    MARGIN.left + ((epoch - 1) / (epochs - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - (value / upper) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const text = (at: string, content: string) => `<text ${at}>${content}</text>`;

  const grid = ticks(0, upper, 5)
    .map(
      (value) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(value)}" y2="${y(value)}" class="grid"/>` +
        text(`x="${MARGIN.left - 6}" y="${y(value) + 4}" text-anchor="end"`, label(value)),
    )
    .join('');
  const below = ticks(1, epochs, 6)
    .filter((epoch) => Number.isInteger(epoch) && epoch >= 1)
    .map((epoch) => text(`x="${x(epoch)}" y="${HEIGHT - 14}" text-anchor="middle"`, String(epoch)))
    .join('');
  const lines = curves
    .map(({ colour, values: curve }) => {
      const points = curve
        .map((value, index) => [x(index + 1), y(value)])
        .filter(([, at]) => Number.isFinite(at))
        .map(([across, down]) => `${across.toFixed(1)},${down.toFixed(1)}`)
        .join(' ');
      return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>`;
    })
    .join('');
  const legend = curves
    .map(({ name, colour }, index) =>
      text(
        `x="${WIDTH - MARGIN.right - index * 90}" y="16" text-anchor="end" fill="${colour}"`,
        name,
      ),
    )
    .join('');
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">` +
    text(`x="${MARGIN.left}" y="16" class="title"`, title) +
    `${grid}${below}${lines}${legend}` +
    text(`x="${WIDTH / 2}" y="${HEIGHT - 1}" text-anchor="middle"`, 'epoch') +
    '</svg>'
  );
}
