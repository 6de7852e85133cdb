/** A matrix as colours, with what stands at its axes, a table for those who do not see it, and a place that can be picked. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import { diverging, ink } from './colours.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: ArrayLike<number>;
}
export interface HeatOptions {
  readonly title: string;
  readonly rowName: string;
  readonly columnName: string;
  /** What the strongest colour stands for; by default the largest absolute value. */
  readonly most?: number;
  /** A row and a column that are marked. */
  readonly marked?: { readonly row?: number; readonly column?: number };
  /** What stands under the columns. */
  readonly columnLabels?: readonly string[];
  readonly onPick?: (row: number, column: number) => void;
}

const mostOf = ({ data }: Matrix): number => {
  let most = 0;
  for (let i = 0; i < data.length; i++) if (Math.abs(data[i]) > most) most = Math.abs(data[i]);
  return most;
};

function paint(canvas: HTMLCanvasElement, matrix: Matrix, options: HeatOptions): void {
  const { rows, columns, data } = matrix;
  const scale = window.devicePixelRatio;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  if (canvas.width !== width || canvas.height !== height)
    [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d')!;
  const most = options.most ?? (mostOf(matrix) || 1);
  const picture = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const [red, green, blue] = diverging(Number.isFinite(data[i]) ? data[i] / most : 0);
    picture.data.set([red, green, blue, 255], 4 * i);
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext('2d')!.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
  context.strokeStyle = ink('text');
  context.lineWidth = scale;
  const { row, column } = options.marked ?? {};
  const [w, h] = [width / columns, height / rows];
  if (row !== undefined) context.strokeRect(scale / 2, row * h, width - scale, h);
  if (column !== undefined) context.strokeRect(column * w, scale / 2, w, height - scale);
}

const ROWS_IN_TABLE = 12;
const COLUMNS_IN_TABLE = 40;

/** The numbers themselves, as many as one would read. */
function numbers({ rows, columns, data }: Matrix, { title, rowName, columnName }: HeatOptions) {
  const [shownRows, shownColumns] = [Math.min(rows, ROWS_IN_TABLE), Math.min(columns, COLUMNS_IN_TABLE)]; // prettier-ignore
  const whole = shownRows === rows && shownColumns === columns;
  return html`<details class="numbers">
    <summary>${title} in numbers</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}, a table">
      <table>
        <caption>
          ${rows} ${rowName}s by ${columns} ${columnName}s${whole ? '' : '; the first of them'}
        </caption>
        <tbody>
          ${Array.from(
            { length: shownRows },
            (_, r) =>
              html`<tr>
                <th scope="row">${rowName} ${r + 1}</th>
                ${Array.from({ length: shownColumns }, (_, c) => html`<td>${data[r * columns + c].toFixed(2)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

export function heat(matrix: Matrix, options: HeatOptions): TemplateResult {
  const { rows, columns } = matrix;
  const most = options.most ?? mostOf(matrix);
  const sentence = `${options.title}: ${rows} ${options.rowName}s over ${columns} ${options.columnName}s, from ${(-most).toFixed(2)}, blue, to ${most.toFixed(2)}, orange.`;
  const pick = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    options.onPick?.(Math.min(rows - 1, Math.max(0, row)), Math.min(columns - 1, Math.max(0, column))); // prettier-ignore
  };
  return html`<figure class="heat">
    <figcaption>${options.title}</figcaption>
    <canvas
      role="img"
      aria-label=${sentence}
      style="height: ${Math.min(240, Math.max(24, rows * 10))}px"
      @pointerdown=${pick}
      ${ref((canvas) => {
        if (canvas)
          requestAnimationFrame(() => paint(canvas as HTMLCanvasElement, matrix, options));
      })}
    ></canvas>
    ${
      options.columnLabels && options.columnLabels.length === columns
        ? html`<div class="labels" aria-hidden="true">
            ${options.columnLabels.map((label) => html`<span>${label}</span>`)}
          </div>`
        : ''
    }
    ${numbers(matrix, options)}
  </figure>`;
}
