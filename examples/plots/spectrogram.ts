import { draw } from './plot.ts';
import type { PlotSize } from './plot.ts';

export interface SpectrogramOptions extends PlotSize {
  readonly title: string;
  /** The values of the lightest and the darkest colour; by default the least and the largest one. */
  readonly range?: readonly [number, number];
}

/** Levels [frames, bands] over the time, low bands below; the higher, the darker. */
export function spectrogram(
  { data, shape: [frames, bands] }: { data: ArrayLike<number>; shape: readonly number[] },
  { title, range, ...size }: SpectrogramOptions,
): Promise<string> {
  const values = Array.from(data);
  const [low, high] = range ?? [Math.min(...values), Math.max(...values)];
  const cells = values.map((value, i) => {
    const [t, band] = [Math.floor(i / bands), i % bands];
    const shade = Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
    return { x1: t, x2: t + 1, y1: band, y2: band + 1, shade };
  });
  return draw(title, { width: 60 + 5 * frames, height: 80 + 3 * bands, ...size }, (plot) => ({
    x: { label: 'frame', domain: [0, frames], ticks: 5 },
    y: { label: 'band', domain: [0, bands], ticks: 4 },
    // The shade is the opacity itself.
    opacity: { type: 'identity' },
    marks: [
      plot.rect(
        cells.filter(({ shade }) => shade > 0.02),
        {
          x1: 'x1',
          x2: 'x2',
          y1: 'y1',
          y2: 'y2',
          inset: -0.2,
          fill: '#1d2330',
          fillOpacity: 'shade',
        },
      ),
    ],
  }));
}
