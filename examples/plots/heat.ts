import { draw } from './plot.ts';

export interface HeatOptions {
  readonly title: string;
  /** The value of the strongest colours; by default the largest among the absolute values. */
  readonly strongest?: number;
  /** By character, whether it is underlined. */
  readonly marked?: readonly boolean[];
  /** Characters in a row, 80 by default; longer lines are wrapped. */
  readonly columns?: number;
}

const [CHARACTER, ROW] = [7.4, 17];

/**
 * A text whose characters are shaded by a number each: blue where it is positive, orange where it is negative, blank at zero.
 *
 * @param values one for each UTF-16 code unit of the text
 */
export function heatText(
  text: string,
  values: ArrayLike<number>,
  options: HeatOptions,
): Promise<string> {
  const { title, marked = [], columns = 80 } = options;
  const strongest =
    options.strongest ?? Math.max(1e-12, ...Array.from(values, (value) => Math.abs(value)));
  let [row, column] = [0, 0];
  const characters = Array.from({ length: text.length }, (_, i) => {
    if (column === columns && text[i] !== '\n') [row, column] = [row + 1, 0];
    const place = { x1: column, x2: column + 1, y1: row, y2: row + 1 };
    column++;
    if (text[i] === '\n') [row, column] = [row + 1, 0];
    const shade = Math.min(1, Math.abs(values[i]) / strongest);
    const fill = values[i] < 0 ? '#d55e00' : '#0072b2';
    // A visible sign for what ends a line.
    return { ...place, text: text[i] === '\n' ? '¬' : text[i], shade, fill, marked: marked[i] ?? false }; // prettier-ignore
  });
  const rows = characters.at(-1)?.y2 ?? 0;
  const size = { width: (columns + 1) * CHARACTER + 52, height: rows * ROW + 44 };
  return draw(title, size, (plot) => ({
    ...{ marginLeft: 42, marginRight: 10, marginBottom: 10, axis: null },
    // A line may end behind the last column.
    x: { domain: [0, columns + 1] },
    y: { domain: [0, Math.max(1, rows)], reverse: true },
    // The shade is the opacity itself.
    opacity: { type: 'identity' },
    marks: [
      plot.rect(characters, {
        ...{ x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', inset: 0 },
        fill: 'fill',
        fillOpacity: ({ shade }: { shade: number }) => 0.75 * shade,
      }),
      plot.ruleY(
        characters.filter(({ marked }) => marked),
        { y: ({ y2 }: { y2: number }) => y2 - 0.08, x1: 'x1', x2: 'x2' },
      ),
      plot.text(
        characters.filter(({ text }) => text.trim() !== ''),
        {
          ...{ x: ({ x1 }: { x1: number }) => x1 + 0.5, y: ({ y1 }: { y1: number }) => y1 + 0.5 },
          ...{ text: 'text', fontFamily: 'monospace', fontSize: 11 },
        },
      ),
    ],
  }));
}
