import { draw } from './plot.ts';

/**
 * What each token of an output looked at: a row for each, with a cell for each token of the source, the darker the larger its weight.
 *
 * @param weights weights[output][source], from 0 to 1
 */
export function alignment(
  title: string,
  weights: readonly (readonly number[])[],
  source: readonly string[],
  output: readonly string[],
): Promise<string> {
  // Places, since a token may come twice.
  const cells = weights.flatMap((row, y) => row.map((weight, x) => ({ x, y, weight })));
  const longest = (tokens: readonly string[]): number =>
    Math.max(...tokens.map((token) => token.length));
  const [left, top] = [24 + 7 * longest(output), 48 + 6 * longest(source)];
  const size = {
    width: left + 20 + 26 * source.length,
    height: top + 12 + 24 * output.length,
  };
  return draw(title, size, (plot) => ({
    ...{ marginLeft: left, marginTop: top, marginRight: 20, marginBottom: 12, padding: 0.04 },
    x: {
      ...{
        domain: source.map((_, x) => x),
        axis: 'top',
        label: null,
        tickRotate: -60,
        tickSize: 0,
      },
      tickFormat: (x: number) => source[x],
    },
    y: {
      ...{ domain: output.map((_, y) => y), label: null, tickSize: 0 },
      tickFormat: (y: number) => output[y],
    },
    // The weight is the opacity itself.
    opacity: { type: 'identity' },
    marks: [plot.cell(cells, { x: 'x', y: 'y', fill: '#0072b2', fillOpacity: 'weight' })],
  }));
}
