/** See inside: what a recurrent layer did at each step, from its trace. A slider goes through the time; any unit can be followed. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { Chart } from './chart.ts';
import { followerOf } from './follower.ts';
import { heat } from './heat.ts';
import type { Matrix } from './heat.ts';
import { marks } from './marks.ts';

/** By answer and step, how much the answer depends on the input of that step, from 0 to 1; made in the worker by `connectivityOf`. */
export interface Connectivity {
  /** As many as steps, or 1. */
  readonly answers: number;
  /** [answers, time]. */
  readonly norms: Float32Array;
}

/** Of one example, [time, units] each; made in the worker by `insideOf`. */
export interface Inside {
  readonly time: number;
  readonly units: number;
  readonly gates: Readonly<Record<string, Float32Array>>;
  readonly states: Readonly<Record<string, Float32Array>>;
  /** |∂L/∂h_t|, [time], where there are targets. */
  readonly gradient: Float32Array | null;
  /** What the network says at each step, [time], where it is one number. */
  readonly output: Float32Array | null;
  /** What stands under the steps: letters, words. */
  readonly labels?: readonly string[];
  readonly connectivity?: Connectivity;
}
/** Where the reader looks. */
export interface Place {
  readonly time: number;
  readonly unit: number;
  /** The steps that the reader has marked. */
  readonly marked: readonly number[];
}

const GATES: Readonly<Record<string, string>> = {
  i: 'input gate i',
  f: 'forget gate f',
  g: 'candidate g',
  o: 'output gate o',
  z: 'update gate z',
  r: 'reset gate r',
  n: 'candidate n',
};
const STATES: Readonly<Record<string, string>> = { h: 'state h', c: 'memory c' };

/** Made once for each view: a heat map paints again where its matrix is another one. */
const turnedOnes = new WeakMap<Float32Array, Matrix>();

/** [time, units] as units in rows and time in columns. */
function turned(values: Float32Array, time: number, units: number): Matrix {
  const known = turnedOnes.get(values);
  if (known) return known;
  const data = new Float32Array(time * units);
  for (let t = 0; t < time; t++)
    for (let u = 0; u < units; u++) data[u * time + t] = values[t * units + u];
  const matrix = { rows: units, columns: time, data };
  turnedOnes.set(values, matrix);
  return matrix;
}

/** Matrices of [answers, time] as they are. */
const connected = new WeakMap<Float32Array, Matrix>();
function connections({ answers, norms }: Connectivity): Matrix {
  const known = connected.get(norms) ?? { rows: answers, columns: norms.length / answers, data: norms }; // prettier-ignore
  connected.set(norms, known);
  return known;
}

const unitOf = (values: Float32Array, { time, units }: Inside, unit: number) =>
  Array.from({ length: time }, (_, t) => values[t * units + unit]);

/** Of a heat map, and of a time step in it, where there is room. */
const [LEAST_WIDTH, STEP_WIDTH] = [320, 9];

/** A view for each of the networks that are trained side by side. */
export class InsideViews {
  private readonly views = [new InsideView(), new InsideView()];

  draw(
    shown: readonly { readonly name: string; readonly inside: Inside }[],
    { place, setPlace }: { readonly place: Place; setPlace(place: Place): void },
  ): TemplateResult {
    return html`<div class="sides">
      ${shown.map(({ name, inside }, i) => this.views[i].draw(inside, place, setPlace, name))}
    </div>`;
  }
}

export class InsideView {
  private readonly chart = new Chart();

  draw(
    inside: Inside,
    place: Place,
    onPlace: (place: Place) => void,
    name: string,
  ): TemplateResult {
    const time = Math.min(place.time, inside.time - 1);
    const unit = Math.min(place.unit, inside.units - 1);
    const named = [
      ...Object.entries(inside.states).map(([key, values]) => [STATES[key] ?? `state ${key}`, values] as const), // prettier-ignore
      ...Object.entries(inside.gates).map(([key, values]) => [GATES[key] ?? `gate ${key}`, values] as const), // prettier-ignore
    ];
    const steps = Array.from({ length: inside.time }, (_, t) => t + 1);
    const largest = inside.gradient?.reduce((most, value) => Math.max(most, value), 0);
    const lines = [
      ...named.map(([label, values]) => ({ name: label, y: unitOf(values, inside, unit) })),
      ...(inside.output ? [{ name: 'output', y: inside.output, dashed: true }] : []),
      ...(inside.gradient && largest
        ? [{ name: '|∂L/∂h| (of its largest)', y: inside.gradient.map((value) => value / largest) }]
        : []),
    ];
    const valueOf = (value: number) => (Number.isNaN(value) ? 'masked' : value.toFixed(2));
    const at = named.map(([label, values]) => `${label} ${valueOf(values[time * inside.units + unit])}`); // prettier-ignore
    const step = inside.labels ? `step ${time + 1}, “${inside.labels[time]}”` : `step ${time + 1}`;
    return html`<section class="inside">
      <h3>Look inside: ${name}</h3>
      <div class="scrub">
        <label>
          Time step
          <input
            type="range"
            min="1"
            max=${inside.time}
            .value=${String(time + 1)}
            data-scrub
            aria-valuetext=${step}
            @input=${(event: Event) =>
              onPlace({
                ...place,
                unit,
                time: Number((event.target as HTMLInputElement).value) - 1,
              })}
          />
        </label>
        <label>
          Unit
          <input
            type="number"
            min="1"
            max=${inside.units}
            .value=${String(unit + 1)}
            @change=${(event: Event) =>
              onPlace({
                ...place,
                unit: Math.max(1, Number((event.target as HTMLInputElement).value)) - 1,
              })}
          />
        </label>
        <output>${step}, unit ${unit + 1}: ${at.join(', ')}</output>
      </div>
      ${this.chart.draw(steps, lines, {
        ...{
          title: `Unit ${unit + 1} over the time`,
          x: 'time step',
          y: 'value',
          marked: time + 1,
        },
      })}
      ${marks({
        ...{ time: inside.time, at: time, marked: place.marked, labels: inside.labels },
        best: followerOf(named, inside.time, inside.units, place.marked),
        mark: (marked) => onPlace({ ...place, marked }),
        follow: (one) => onPlace({ ...place, unit: one }),
      })}
      <div class="heats" style="--least: ${Math.max(LEAST_WIDTH, STEP_WIDTH * inside.time)}px">
        ${inside.connectivity ? this.dependence(inside, inside.connectivity, place, onPlace) : ''}
        ${named.map(([label, values]) =>
          heat(turned(values, inside.time, inside.units), {
            ...{ title: label, rowName: 'unit', columnName: 'step', most: 1 },
            marked: { row: unit, column: time },
            onPick: (row, column) => onPlace({ ...place, unit: row, time: column }),
            columnLabels: inside.labels,
          }),
        )}
      </div>
    </section>`;
  }

  private dependence(
    { time, labels }: Inside,
    connectivity: Connectivity,
    place: Place,
    onPlace: (place: Place) => void,
  ): TemplateResult {
    const at = Math.min(place.time, time - 1);
    const each = connectivity.answers > 1;
    return heat(connections(connectivity), {
      title: each ? 'What each answer depends on' : 'What the answer depends on',
      ...{ rowName: 'answer', columnName: 'input', most: 1, columnLabels: labels },
      marked: { row: each ? at : undefined, column: at },
      onPick: (row, column) => onPlace({ ...place, time: each ? row : column }),
    });
  }
}
