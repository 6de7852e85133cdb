/** A model in two: what stays the same while tokens are generated is computed once, and the rest at every step. */
import { noGrad } from '../../autograd.ts';
import type { Graph, LayerResult, SymbolicTensor } from '../../layers/base.ts';
import { runGraph } from '../../layers/graph.ts';
import type { Network } from '../../layers/network.ts';
import { repeat } from '../../ops/shape.ts';
import { scope, Tensor } from '../../tensor.ts';
import { acceptTensor, toHostArray } from '../arrays.ts';
import type { ArrayData } from '../arrays.ts';
import { inputSlots } from '../inputs.ts';
import { withoutInputs } from '../stream_layers.ts';
import { upload } from '../upload.ts';

export interface Parts {
  /** From the inputs but the ids to what the steps need of them. */
  readonly still: Graph;
  /** From the ids, and what stays the same, to the first output. */
  readonly steps: Graph;
}

export function partsOf(model: Network): Parts {
  const [ids, ...others] = model.inputs;
  const [output] = model.outputs;
  const { calls } = withoutInputs(model);
  const changing = new Set([ids]);
  const needed = new Set<SymbolicTensor>();
  const stepped = calls.filter((call) => {
    const sources = call.mask ? [...call.inputs, call.mask] : call.inputs;
    const follows = sources.some((source) => changing.has(source));
    for (const one of follows ? call.outputs : []) changing.add(one);
    for (const one of follows ? sources : []) if (!changing.has(one)) needed.add(one);
    return follows;
  });
  if (!changing.has(output))
    throw new Error(
      `generate: expected an output that follows from the ids, got ${output.toString()} of '${model.name}'; make the ids its first input`,
    );
  const outputs = [...needed];
  return {
    still: { inputs: others, outputs, calls: calls.filter((call) => !stepped.includes(call)) },
    steps: { inputs: [ids, ...outputs], outputs: [output], calls: stepped },
  };
}

/** What stays the same, with masks, on the device; and how to free it. */
export interface Still extends LayerResult {
  free(): void;
}

/**
 * Computes what stays the same.
 *
 * @param rows of the inputs
 * @param copies of each row, one after the other
 */
export async function stillOf(
  model: Network,
  { still }: Parts,
  inputs: Readonly<Record<string, ArrayData>>,
  rows: number,
  copies: number,
): Promise<Still> {
  const { device, seed } = model;
  const slots = inputSlots(model).slice(1);
  const names = slots.map(({ name }) => name);
  const odd = Object.keys(inputs).filter((name) => !names.includes(name));
  const missing = names.filter((name) => !(name in inputs));
  if (odd.length > 0 || missing.length > 0)
    throw new Error(
      `generate: expected inputs ${names.join(', ') || 'to be left out, as the model has none beside the ids'}, got ${Object.keys(inputs).join(', ') || 'none'}; give each by its name`,
    );
  if (slots.length === 0) return { outputs: [], masks: [], free: () => undefined };
  const given = slots.map(({ name }) => inputs[name]);
  const arrays = await Promise.all(
    given.map(async (value, i) =>
      value instanceof Tensor ? acceptTensor(value, slots[i]) : await toHostArray(value, slots[i]),
    ),
  );
  const wrong = arrays.findIndex(({ shape }) => shape[0] !== rows);
  if (wrong >= 0)
    throw new Error(
      `generate: expected ${rows} rows of input '${names[wrong]}', as many as prefix has, got ${arrays[wrong].shape[0]}; give a row for each`,
    );
  const own = new Set(given.flatMap((value) => (value instanceof Tensor ? [value.storage] : [])));
  const { outputs, masks } = scope(() => {
    const x = upload(device, { x: arrays }).x.map((one) =>
      copies > 1 ? repeat(one, copies, 0) : one,
    );
    return noGrad(() => runGraph(still, x, { training: false, step: 0, seed, masks: [] }));
  });
  const made = [...outputs, ...masks.flatMap((mask) => mask ?? [])];
  const free = (): void => {
    for (const one of made) if (!own.has(one.storage)) one.dispose();
  };
  return { outputs, masks, free };
}
