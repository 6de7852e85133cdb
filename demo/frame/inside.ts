/** What a page shows of a recurrent layer, in the worker: its trace for one example. */
import type { Model } from 'gatefold';
import { traceModel } from 'gatefold/trace';
import type { Trace, TraceArray } from 'gatefold/trace';
import type { Inside } from './plots/inside.ts';

/** Of the first example of a batch. */
const first = ({ data, shape: [, time, units] }: TraceArray): Float32Array =>
  Float32Array.from(data.slice(0, time * units));

const firstOf = (named: Readonly<Record<string, TraceArray>>) =>
  Object.fromEntries(Object.entries(named).map(([name, array]) => [name, first(array)]));

/**
 * @param layer the name of a recurrent layer
 * @param x a batch, whose first example is shown
 * @param y its targets, for the gradients
 */
export async function insideOf(
  model: Model,
  layer: string,
  x: any,
  y?: any,
  more: Partial<Pick<Inside, 'output' | 'labels' | 'connectivity'>> = {},
): Promise<Inside> {
  const trace: Trace = await traceModel(model, layer, x, y === undefined ? {} : { y });
  const [, time, units] = Object.values(trace.states)[0].shape;
  const norms = trace.gradientNorms?.h;
  return {
    ...{ time, units },
    gates: firstOf(trace.gates),
    states: firstOf(trace.states),
    gradient: norms ? Float32Array.from(norms.data.slice(0, time)) : null,
    output: null,
    ...more,
  };
}
