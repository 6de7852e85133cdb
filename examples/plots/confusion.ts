import { draw } from './plot.ts';
import type { PlotSize } from './plot.ts';

export interface ConfusionOptions extends PlotSize {
  readonly title?: string;
}

/**
 * A confusion table, with a row for each true class and a column for each answer. Cells are shaded by their share of the row,
 * correct answers in blue. At the right end is the share of correct answers in the row (recall).
 *
 * @param counts counts[truth][answer]
 * @param labels the names of the classes
 */
export function confusionTable(
  counts: readonly (readonly number[])[],
  labels: readonly string[],
  options: ConfusionOptions = {},
): Promise<string> {
  const cells = counts.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0) || 1;
    return row.map((count, answer) => ({
      ...{ truth: labels[truth], answer: labels[answer], count, share: count / total },
      right: truth === answer,
    }));
  });
  const recalls = counts.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const text = total === 0 ? '' : `${((100 * row[truth]) / total).toFixed(0)} %`;
    return { truth: labels[truth], text };
  });
  const longest = Math.max(...labels.map((label) => label.length));
  const side = Math.max(200, 22 * labels.length);
  const margin = 24 + 6 * longest;
  const size = { width: side + margin + 52, height: side + margin + 48, ...options };
  return draw(options.title ?? 'confusion', size, (plot) => ({
    ...{ marginLeft: margin, marginRight: 48, marginTop: 48, marginBottom: margin, padding: 0.04 },
    x: { domain: labels, label: 'answer', tickRotate: longest > 3 ? -90 : 0, tickSize: 0 },
    y: { domain: labels, label: 'true', tickSize: 0 },
    marks: [
      plot.cell(cells, {
        ...{ x: 'answer', y: 'truth', fillOpacity: 'share' },
        fill: ({ right }: { right: boolean }) => (right ? '#0072b2' : '#d55e00'),
      }),
      plot.text(
        cells.filter(({ count }) => count > 0),
        { x: 'answer', y: 'truth', text: (cell: { count: number }) => String(cell.count) },
      ),
      plot.text(recalls, {
        y: 'truth',
        text: 'text',
        frameAnchor: 'right',
        dx: 42,
        textAnchor: 'end',
      }),
    ],
    opacity: { domain: [0, 1], range: [0.04, 0.7] },
  }));
}
