import { html } from 'lit-html';
import { select } from '../frame/controls.ts';
import { startPage } from '../frame/frame.ts';
import type { PageTools } from '../frame/frame.ts';
import { Chart } from '../frame/plots/chart.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import { percent } from '../frame/plots/text.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';
import { columnsOf, textOf } from './table.ts';
import type { Column } from './table.ts';

const charts = [new Chart(), new Chart()];
const insides = new InsideViews();
/** Steps before the cut that are drawn. */
const BEFORE = 120;

/** What the reader dropped last: its columns, or why it cannot be used. */
let dropped: { columns: readonly Column[]; chosen: number; problem: string } = {
  ...{ columns: [], chosen: 0, problem: '' },
};

function choose(chosen: number, { change, values }: PageTools): void {
  dropped = { ...dropped, chosen, problem: '' };
  const text = textOf(dropped.columns[chosen].values, settings.series.kind === 'text' ? settings.series.longest : 0); // prettier-ignore
  change('series', text === values.series ? '' : text);
}

async function take(file: File | undefined, tools: PageTools): Promise<void> {
  if (!file) return;
  try {
    const columns = await columnsOf(await file.text());
    dropped = { columns, chosen: columns.length - 1, problem: '' };
    choose(columns.length - 1, tools);
  } catch (error) {
    dropped = { columns: [], chosen: 0, problem: error instanceof Error ? error.message : String(error) }; // prettier-ignore
    tools.setPlace(tools.place);
  }
}

const files = (tools: PageTools) =>
  html`<div
    class="drop"
    @dragover=${(event: DragEvent) => event.preventDefault()}
    @drop=${(event: DragEvent) => {
      event.preventDefault();
      void take(event.dataTransfer?.files[0], tools);
    }}
  >
    <label class="file">
      Drop or choose a CSV file
      <input
        type="file"
        accept=".csv,text/csv,text/plain"
        @change=${(event: Event) => void take((event.target as HTMLInputElement).files?.[0], tools)}
      />
    </label>
    ${
      dropped.columns.length > 1
        ? select(
            'Column',
            Object.fromEntries(dropped.columns.map(({ name }, i) => [String(i), name])),
            String(dropped.chosen),
            (chosen) => choose(Number(chosen), tools),
          )
        : ''
    }
    ${
      tools.values.series === ''
        ? html`<span class="quiet"
            >Until then: the highest temperature of each day in New York, 2012 to 2015 (NOAA).</span
          >`
        : html`<button type="button" @click=${() => tools.change('series', '')}>
            Back to the weather
          </button>`
    }
    ${dropped.problem ? html`<p class="failure" role="alert">${dropped.problem}</p>` : ''}
  </div>`;

const known = (values: Float32Array, from: number) =>
  Array.from(values.subarray(from), (value) => (Number.isNaN(value) ? null : value));

startPage<View>({
  settings,
  folder: 'forecast',
  first:
    'Press Train: the orange forecast leaves “as now” and begins to follow. Or drop a CSV file of your own; it stays on your machine.',
  heldOutName: 'after the cut',
  notice: [
    'It forecasts a week, then sees what came, then forecasts the next: nothing of what it forecasts has been trained on.',
    'The band is as wide as nine of ten errors in a part of the past that was kept for this. It grows with the distance.',
    '“As now” is hard to beat. If the loss after the cut rises while that of the training falls, the network learns the past by heart.',
  ],
  tryThis: [
    'Drag the cut to the left: how much past does it need?',
    'Forecast 1 step ahead, then 28. Where does “as now” lose?',
    'Take 64 units and train for long. Compare the two losses.',
  ],
  code,
  codeNote: 'series.ts cuts the numbers into windows.',
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw(shown, tools) {
    const { values: chosen, change } = tools;
    const cut = Number(chosen.cut);
    return html`${files(tools)}
      <div class="sides">
        ${shown.map(({ name, view, step }, i) => {
          const from = Math.max(0, view.cut - BEFORE);
          const { values, forecast, low, high } = view;
          return html`<div>
            ${charts[i].draw(
              values.slice(from).map((_, t) => from + t + 1),
              [
                { name: 'what came', y: values.slice(from), quiet: true },
                { name: 'forecast', y: known(forecast, from) },
                { name: 'upper end of the band', y: known(high, from), faint: true },
                { name: 'lower end of the band', y: known(low, from), faint: true },
              ],
              {
                ...{ title: `${name} after ${step} steps`, x: 'step of the series', y: 'value' },
                ...{ marked: view.cut + 0.5, height: 320, band: [2, 3] },
              },
            )}
            <p>
              It is wrong by ${view.error.toPrecision(3)} on average; saying “as now” is wrong by
              ${view.naive.toPrecision(3)}. The band holds ${percent(view.held)} of what came.
            </p>
          </div>`;
        })}
      </div>
      <label class="field">
        <span>The cut between training and test <output>${cut} % before it</output></span>
        <input
          type="range"
          min="40"
          max="90"
          .value=${String(cut)}
          aria-valuetext="${cut} percent before it"
          @change=${(event: Event) => change('cut', Number((event.target as HTMLInputElement).value))}
        />
      </label>`;
  },
  inside: (shown, tools) =>
    insides.draw(
      shown.map(({ name, view }) => ({ name, inside: view.inside })),
      tools,
    ),
});
