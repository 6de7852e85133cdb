/** A matrix as colours, with what stands at its axes, a table for those who do not see it, and a place that can be picked. */
import { html, render } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { diverging, ink, isDark } from './colours.ts';

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
  const colourOf = diverging(isDark());
  const picture = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) {
    const [red, green, blue] = colourOf(Number.isFinite(data[i]) ? data[i] / most : 0);
    picture.data[4 * i] = red;
    picture.data[4 * i + 1] = green;
    picture.data[4 * i + 2] = blue;
    picture.data[4 * i + 3] = 255;
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
function table({ rows, columns, data }: Matrix, { title, rowName, columnName }: HeatOptions) {
  const [shownRows, shownColumns] = [Math.min(rows, ROWS_IN_TABLE), Math.min(columns, COLUMNS_IN_TABLE)]; // prettier-ignore
  const whole = shownRows === rows && shownColumns === columns;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}, a table">
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
  </div>`;
}

const TALLEST = 240;

/** Words that would not fit side by side stand upright. */
export const labelsClass = (labels: readonly string[]): string =>
  labels.join('').length > 2 * labels.length && labels.length > 6 ? 'labels upright' : 'labels';

/**
 * Many of them change many times a second. So one paints where it is seen, when its numbers or marks are others, and fills its table while that
 * is open.
 */
class HeatMap extends HTMLElement {
  private matrix: Matrix | null = null;
  private options: HeatOptions = { title: '', rowName: '', columnName: '' };
  private painted: readonly unknown[] = [];
  private seen = false;
  private open = false;
  private readonly sight = new IntersectionObserver(([{ isIntersecting }]) => {
    this.seen = isIntersecting;
    this.update();
  });
  private readonly size = new ResizeObserver(() => this.update());

  connectedCallback(): void {
    this.sight.observe(this);
    this.size.observe(this);
  }
  disconnectedCallback(): void {
    this.sight.disconnect();
    this.size.disconnect();
  }

  set shown([matrix, options]: readonly [Matrix, HeatOptions]) {
    [this.matrix, this.options] = [matrix, options];
    if (this.seen || this.painted.length === 0) this.update();
  }

  private update(): void {
    if (!this.matrix) return;
    render(this.template(this.matrix), this);
    if (!this.seen) return;
    const { marked = {}, most } = this.options;
    const now = [this.matrix.data, marked.row, marked.column, most, this.clientWidth, isDark()];
    if (now.every((one, i) => one === this.painted[i])) return;
    this.painted = now;
    paint(this.querySelector('canvas')!, this.matrix, this.options);
  }

  private readonly pick = (event: PointerEvent): void => {
    const { rows, columns } = this.matrix!;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    this.options.onPick?.(Math.min(rows - 1, Math.max(0, row)), Math.min(columns - 1, Math.max(0, column))); // prettier-ignore
  };

  private template(matrix: Matrix): TemplateResult {
    const { options } = this;
    const { rows, columns } = matrix;
    const { title, columnLabels } = options;
    const most = options.most ?? mostOf(matrix);
    const sentence = `${title}: ${rows} ${options.rowName}s over ${columns} ${options.columnName}s, from ${(-most).toFixed(2)}, blue, to ${most.toFixed(2)}, orange.`;
    return html`<figure class="heat">
      <figcaption>${title}</figcaption>
      <canvas
        role="img"
        aria-label=${sentence}
        style="height: ${Math.min(TALLEST, Math.max(24, rows * 10))}px"
        @pointerdown=${this.pick}
      ></canvas>
      ${
        columnLabels?.length === columns
          ? html`<div class=${labelsClass(columnLabels)} aria-hidden="true">
              ${columnLabels.map((label) => html`<span>${label}</span>`)}
            </div>`
          : ''
      }
      <details
        class="numbers"
        @toggle=${(event: Event) => {
          this.open = (event.target as HTMLDetailsElement).open;
          this.update();
        }}
      >
        <summary>${title} in numbers</summary>
        ${this.open ? table(matrix, options) : ''}
      </details>
    </figure>`;
  }
}
customElements.define('heat-map', HeatMap);

export const heat = (matrix: Matrix, options: HeatOptions): TemplateResult =>
  html`<heat-map .shown=${[matrix, options] as const}></heat-map>`;
