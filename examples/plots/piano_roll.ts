import { draw } from './plot.ts';
import type { PlotSize } from './plot.ts';

/** Times in quarter notes, pitches as in MIDI. */
export interface Note {
  readonly pitch: number;
  readonly start: number;
  readonly duration: number;
}

export interface PianoRollOptions extends PlotSize {
  readonly title: string;
  /** What begins before this time is grey; 0 by default. */
  readonly marked?: number;
}

/** Notes as bars over the time, high ones above low ones; lines at every C. */
export function pianoRoll(
  notes: readonly Note[],
  { title, marked = 0, ...size }: PianoRollOptions,
): Promise<string> {
  const pitches = notes.map(({ pitch }) => pitch);
  const [low, high] = [Math.min(60, ...pitches) - 1, Math.max(60, ...pitches) + 1];
  const octaves = Array.from({ length: 11 }, (_, i) => 12 * i).filter((c) => c >= low && c <= high);
  const bars = notes.map(({ pitch, start, duration }) => ({
    ...{ x1: start, x2: start + duration, y1: pitch - 0.45, y2: pitch + 0.45 },
    fill: start < marked ? '#8a8f99' : '#0072b2',
  }));
  return draw(title, { width: 900, height: 60 + 6 * (high - low), ...size }, (plot) => ({
    x: { label: 'quarter note' },
    y: { label: null, domain: [low, high], ticks: octaves, tickFormat: (c: number) => `C${c / 12 - 1}`, grid: true }, // prettier-ignore
    marks: [
      plot.rect(bars, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', insetRight: 1, fill: 'fill' }),
    ],
  }));
}
