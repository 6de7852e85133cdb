import { html, svg } from 'lit-html';
import { startPage } from '../frame/frame.ts';
import type { PageTools } from '../frame/frame.ts';
import { InsideViews } from '../frame/plots/inside.ts';
import type { View } from './lesson.ts';
import code from './program.ts?raw';
import { settings } from './settings.ts';

const insides = new InsideViews();
const LONGEST = 10;
type Rows = readonly (readonly number[])[];

const short = (value: number): string => String(Number(value.toFixed(2)));
const textOf = (rows: Rows): string =>
  rows.map((row) => row.map((value) => Number(value.toPrecision(4))).join(' ')).join('; ');

// ---- the drawing -------------------------------------------------------------------------------------------------------

type Point = readonly [x: number, y: number];
const INPUTS: readonly Point[] = [
  [130, 40],
  [130, 130],
];
const BEFORE: readonly Point[] = [
  [130, 260],
  [130, 350],
];
const MEMORY: readonly Point[] = [
  [370, 120],
  [370, 270],
];
const ANSWERS: readonly Point[] = [
  [570, 120],
  [570, 270],
];

/** An arrow for each weight, as thick as it is large; its number stands near where it begins, above or below its neighbour's. */
const arrows = (from: readonly Point[], to: readonly Point[], weights: Rows) =>
  weights.flatMap((row, i) =>
    row.map((weight, j) => {
      const [[x1, y1], [x2, y2]] = [from[i], to[j]];
      const share = j === 0 ? 0.45 : 0.28;
      const [x, y] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
      return svg`<line x1=${x1} y1=${y1} x2=${x2} y2=${y2} class=${weight < 0 ? 'below' : 'above'}
          stroke-width=${Math.min(8, 0.75 + 2 * Math.abs(weight)).toFixed(2)} />
        <text x=${x} y=${y} class="weight">${short(weight)}</text>`;
    }),
  );

/** @param side where the name stands: left of the circle, above it, or right of it */
const circles = (
  points: readonly Point[],
  values: readonly number[],
  name: string,
  side: -1 | 0 | 1,
  kind = '',
) =>
  points.map(
    ([x, y], i) =>
      svg`<circle cx=${x} cy=${y} r="30" class=${kind} /><text x=${x} y=${y} class="value">${short(values[i])}</text>
        <text x=${x + 40 * side} y=${side === 0 ? y - 44 : y} class="name ${['end', '', 'start'][side + 1]}">${name} ${i + 1}</text>`,
  );

function drawing({ inputs, memory, answers, kernel, recurrent, output }: View, at: number) {
  const before = at === 0 ? [0, 0] : memory[at - 1];
  const sentence =
    `Step ${at + 1}: the inputs ${inputs[at].map(short).join(' and ')} and the memory before, ${before.map(short).join(' and ')}, ` +
    `give the memory ${memory[at].map(short).join(' and ')} and the answers ${answers[at].map(short).join(' and ')}.`;
  return html`<svg class="network" viewBox="-30 0 750 400" role="img" aria-label=${sentence}>
    ${arrows(INPUTS, MEMORY, kernel)} ${arrows(BEFORE, MEMORY, recurrent)}
    ${arrows(MEMORY, ANSWERS, output)} ${circles(INPUTS, inputs[at], 'input', -1)}
    ${circles(BEFORE, before, 'before', -1, 'ghost')}
    ${circles(MEMORY, memory[at], 'memory', 0, 'kept')}
    ${circles(ANSWERS, answers[at], 'answer', 1)}
  </svg>`;
}

/** How a unit's number comes about, term by term. */
function sum(
  { inputs, memory, kernel, recurrent }: View,
  at: number,
  unit: number,
  activation: string,
) {
  // prettier-ignore
  const before = at === 0 ? [0, 0] : memory[at - 1];
  const terms = [
    ...inputs[at].map((value, i) => [value, kernel[i][unit]]),
    ...before.map((value, i) => [value, recurrent[i][unit]]),
  ];
  const written = terms.map(([value, weight]) => `${short(value)} × ${short(weight)}`).join(' + ');
  const inner = terms.reduce((total, [value, weight]) => total + value * weight, 0);
  const result = short(memory[at][unit]);
  if (activation === 'linear') return `memory ${unit + 1} = ${written} = ${result}`;
  return `memory ${unit + 1} = ${activation}(${written}) = ${activation}(${short(inner)}) = ${result}`;
}

// ---- what can be changed -----------------------------------------------------------------------------------------------

const cell = (label: string, value: number, change: (value: number) => void) =>
  html`<input
    type="number"
    step="any"
    aria-label=${label}
    .value=${short(value)}
    @change=${(event: Event) => change(Number((event.target as HTMLInputElement).value))}
  />`;

const replaced = (rows: Rows, r: number, c: number, value: number): Rows =>
  rows.map((row, i) => (i === r ? row.map((old, j) => (j === c ? value : old)) : row));

function matrix(title: string, rows: Rows, change: (rows: Rows) => void) {
  return html`<fieldset class="matrix">
    <legend>${title}</legend>
    ${rows.map((row, r) =>
      row.map((value, c) =>
        cell(`${title}, ${r + 1} to ${c + 1}`, value, (one) => change(replaced(rows, r, c, one))),
      ),
    )}
  </fieldset>`;
}

function steps(view: View, at: number, { change, setPlace, place }: PageTools) {
  const { inputs } = view;
  const set = (rows: Rows) => change('inputs', textOf(rows));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Step by step">
      <table class="steps">
        <caption>
          Step by step
        </caption>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col" colspan="2">inputs</th>
            <th scope="col" colspan="2">memory</th>
            <th scope="col" colspan="2">answers</th>
            <th scope="col" colspan="2">wanted</th>
          </tr>
        </thead>
        <tbody>
          ${inputs.map(
            (row, t) =>
              html`<tr class=${t === at ? 'likely' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    aria-pressed=${t === at}
                    @click=${() => setPlace({ ...place, time: t })}
                  >
                    ${t + 1}
                  </button>
                </th>
                ${row.map(
                  (value, i) =>
                    html`<td>
                      ${cell(`input ${i + 1} at step ${t + 1}`, value, (one) => set(replaced(inputs, t, i, one)))}
                    </td>`,
                )}
                ${[view.memory, view.answers, view.wanted].map((values) =>
                  values[t].map((value) => html`<td>${short(value)}</td>`),
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <div class="buttons">
      <button type="button" @click=${() => set([...inputs].reverse())}>Other order</button>
      <button
        type="button"
        ?disabled=${inputs.length >= LONGEST}
        @click=${() => set([...inputs, [1, 1]])}
      >
        One more step
      </button>
      <button type="button" ?disabled=${inputs.length < 2} @click=${() => set(inputs.slice(0, -1))}>
        One less
      </button>
    </div>`;
}

/** The step that is looked at: the second, until the reader picks another one. */
const placeIn = ({ inputs }: View, time: number) =>
  Math.min(time === Infinity ? 1 : time, inputs.length - 1);

startPage<View>({
  settings,
  folder: 'memory',
  first:
    'The first two inputs are the same, and the answers are not: click the steps, and follow the numbers along the arrows.',
  notice: [
    'Every number is a sum of products: each circle on the left times its arrow. The memory before takes part like an input.',
    'At step 1 the memory before is zero. That is all that makes step 2 answer otherwise.',
    'Train: it shall answer with the sum of all inputs so far. The arrows change until the answers are those that are wanted.',
  ],
  tryThis: [
    'Press “Other order”: the same inputs, other answers. Would a network without memory notice?',
    'Set the four weights from the memory to 0. What is left?',
    'Set them to 0.5, 0, 0 and 0.5 and add steps: how does the memory fade? Then to 1.1.',
  ],
  code,
  worker: new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  draw([{ view }], tools) {
    const { changeAll, values } = tools;
    const at = placeIn(view, tools.place.time);
    // The others as they are now, trained or not.
    const { kernel, recurrent, output } = view;
    const weights = (news: Readonly<Record<string, Rows>>) =>
      changeAll(
        Object.fromEntries(
          Object.entries({ kernel, recurrent, output, ...news }).map(([name, rows]) => [
            name,
            textOf(rows),
          ]),
        ),
      );
    return html`${drawing(view, at)}
      <div class="sums" aria-label="How the memory comes about" role="group">
        ${[0, 1].map((unit) => html`<p>${sum(view, at, unit, String(values.activation))}</p>`)}
      </div>
      <div class="sides">
        <div>${steps(view, at, tools)}</div>
        <div class="matrices">
          ${matrix('inputs → memory', kernel, (rows) => weights({ kernel: rows }))}
          ${matrix('before → memory', recurrent, (rows) => weights({ recurrent: rows }))}
          ${matrix('memory → answers', output, (rows) => weights({ output: rows }))}
        </div>
      </div>`;
  },
  inside: ([{ view, step }], tools) =>
    insides.draw([{ name: `the memory after ${step} steps`, inside: view.inside }], {
      ...tools,
      place: { ...tools.place, time: placeIn(view, tools.place.time) },
    }),
});
