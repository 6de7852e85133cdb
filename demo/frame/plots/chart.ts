/** Lines that move: a chart of uPlot with labelled axes, a sentence, and its last numbers as a table. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { ink, SERIES } from './colours.ts';

export interface ChartLine {
  readonly name: string;
  readonly y: ArrayLike<number | null>;
  readonly dashed?: boolean;
  /** In the colour of what is only compared with. */
  readonly quiet?: boolean;
  /** The edge of a band. */
  readonly faint?: boolean;
  /** Points and no line, where only few values are known. */
  readonly points?: boolean;
}
export interface ChartOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly height?: number;
  readonly logarithmic?: boolean;
  /** Of the y axis; by default it holds what is drawn. */
  readonly range?: readonly [number, number];
  /** Two of the lines, between which there is a band. */
  readonly band?: readonly [upper: number, lower: number];
  /** A place on the x axis. */
  readonly marked?: number;
}

const DASH = [6, 4];
/** Of a band and its edges. */
const [BAND, EDGE] = ['rgb(0 158 115 / 22%)', '#009e73'];

/** A chart keeps its canvas as long as its lines keep their names. */
export class Chart {
  private plot: uPlot | null = null;
  private host: Element | null = null;
  private key = '';
  private data: uPlot.AlignedData = [[]];
  private options: ChartOptions = { title: '', x: '', y: '' };
  private lines: readonly ChartLine[] = [];
  private readonly watch = new ResizeObserver(() => this.resize());
  /** Lines move where they are seen. */
  private seen = false;
  private readonly sight = new IntersectionObserver(([{ isIntersecting }]) => {
    this.seen = isIntersecting;
    if (this.host && this.seen) this.update();
  });

  /** @param x one for each value of each line */
  draw(x: ArrayLike<number>, lines: readonly ChartLine[], options: ChartOptions): TemplateResult {
    this.data = [Array.from(x), ...lines.map(({ y }) => Array.from(y))] as uPlot.AlignedData;
    [this.lines, this.options] = [lines, options];
    if (this.host && this.seen) this.update();
    const last = lines.map(({ name, y }) => `${name} ${format(y[y.length - 1])}`).join(', ');
    const sentence = `${options.title}, ${options.y} by ${options.x}: ${x.length === 0 ? 'nothing yet' : last}.`;
    return html`<figure class="chart">
      <figcaption>${options.title}</figcaption>
      <div role="img" aria-label=${sentence} ${ref(this.attach)}></div>
    </figure>`;
  }

  /** The same function at every draw: for another one, lit would take the host away and give it back. */
  private readonly attach = (host: Element | undefined): void => {
    this.plot?.destroy();
    this.plot = null;
    this.watch.disconnect();
    this.sight.disconnect();
    this.host = host ?? null;
    if (!host) return;
    this.watch.observe(host);
    this.sight.observe(host);
  };

  private get height(): number {
    return this.options.height ?? 220;
  }

  private resize(): void {
    const width = this.host?.clientWidth ?? 0;
    if (this.plot && width > 0 && this.plot.width !== width)
      this.plot.setSize({ width, height: this.height });
  }

  private update(): void {
    const { range, band } = this.options;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const key = JSON.stringify([
      this.lines.map(({ name, dashed, quiet, points, faint }) => [
        name,
        dashed,
        quiet,
        points,
        faint,
      ]),
      [this.options.x, this.options.y, this.options.logarithmic, dark],
    ]);
    if (this.plot && key === this.key) {
      this.plot.setData(this.data);
      return;
    }
    this.key = key;
    this.plot?.destroy();
    const axis = { stroke: ink('quiet'), grid: { stroke: ink('line') }, ticks: { stroke: ink('line') } }; // prettier-ignore
    this.plot = new uPlot(
      {
        width: Math.max(200, this.host!.clientWidth),
        height: this.height,
        cursor: { drag: { x: false, y: false } },
        scales: {
          x: { time: false },
          y: { distr: this.options.logarithmic ? 3 : 1, ...(range ? { range: [...range] } : {}) },
        },
        legend: { show: this.lines.length > 1, live: false },
        axes: [
          { ...axis, label: this.options.x, labelSize: 22, size: 34 },
          { ...axis, label: this.options.y, labelSize: 22, size: 56 },
        ],
        series: [
          {},
          ...this.lines.map(({ name, dashed, quiet, points, faint }, i) => ({
            label: name,
            stroke: dashed || quiet ? ink('quiet') : faint ? EDGE : SERIES[i % SERIES.length],
            width: points ? 0 : faint ? 0.5 : quiet ? 1 : 2,
            dash: dashed ? DASH : undefined,
            spanGaps: !faint,
            points: { show: points ?? this.data[0].length === 1, size: 7 },
          })),
        ],
        bands: band ? [{ series: [band[0] + 1, band[1] + 1], fill: BAND }] : [],
        hooks: { draw: [(plot) => this.mark(plot)] },
      },
      this.data,
      this.host as HTMLElement,
    );
  }

  private mark(plot: uPlot): void {
    const { marked } = this.options;
    if (marked === undefined) return;
    const at = plot.valToPos(marked, 'x', true);
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = ink('text');
    ctx.lineWidth = window.devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

const format = (value: number | null | undefined): string =>
  value === null || value === undefined ? 'unknown' : String(Number(value.toPrecision(3)));
