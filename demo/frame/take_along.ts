/** What a reader takes along: the model, and its curves as CSV and SVG. */
import { csv, download } from './download.ts';
import type { Curves } from './history.ts';

type Drawn = ReturnType<Curves['lines']>;

export const downloadModel = (name: string, weights: BlobPart): void =>
  download(`${name}.safetensors`, weights, 'application/octet-stream');

export function downloadCsv(name: string, { x, lines }: Drawn): void {
  const head = ['step', ...lines.map((line) => line.name)];
  const rows = x.map((step, k) => [step, ...lines.map(({ y }) => y[k])]);
  download(`${name}.csv`, csv([head, ...rows]), 'text/csv');
}

export async function downloadSvg(name: string, title: string, { x, lines }: Drawn): Promise<void> {
  // Observable Plot is loaded for this alone.
  const plots = await import('../../examples/plots/lines.ts');
  const drawn = lines.map(({ name, y }) => {
    const known = x.flatMap((step, k) => (y[k] === null ? [] : [[step, y[k]]]));
    return { name, x: known.map(([step]) => step), y: known.map(([, value]) => value) };
  });
  const text = { title: `${title}: loss`, x: 'training step' };
  download(`${name}.svg`, await plots.lines(drawn, text), 'image/svg+xml');
}
