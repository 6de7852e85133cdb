/** Whatever number or text stands for an option, of any public function: it is an error that says what was expected, or nothing becomes NaN. */
import { describe, expect, it } from 'vitest';
import { layers, sequential } from '../src/index.ts';
import type { LossFunction, Metric, Schedule } from '../src/index.ts';
import { Layer } from '../src/layers/base.ts';
import { Optimizer, StepGuard } from '../src/optimizers/index.ts';
import { Random } from '../src/random.ts';
import { scope, setDevice, tensor, Tensor, Variable } from '../src/tensor.ts';
import { cpu } from '../src/cpu/device.ts';
import { CALLS } from './support/option-calls.ts';

const ODD = [NaN, Infinity, -Infinity, -1, 0, 0.5, 1, 1e308, 1e-60, '3', 'abc', true, {}, []];
const device = cpu();
setDevice(device);
const numbers = (...shape: number[]): Tensor => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: size }, (_, i) => (i + 1) / (size + 1));
  return tensor(values, shape, 'float32', device);
};
const ids = (values: number[], shape: number[]): Tensor => tensor(values, shape, 'int32', device);

/** Which options a function takes, by what it says of one that it does not know. */
async function optionsOf(name: string): Promise<string[]> {
  try {
    await CALLS[name]({ notAnOption: 1 });
  } catch (error) {
    return /options of (.*), got/.exec((error as Error).message)?.[1].split(', ') ?? [];
  }
  return [];
}

/** What was computed with an option, as numbers. */
async function numbersOf(name: string, result: unknown): Promise<unknown> {
  const [space] = name.split('.');
  if (space === 'losses' && typeof result === 'object' && 'call' in result!)
    return lossOf(name, result as LossFunction);
  if (space === 'metrics') return metricOf(name, result as Metric);
  if (result instanceof Optimizer) return weightsAfter(result);
  if (space === 'schedules') return [0, 1, 7, 1000].map((step) => (result as Schedule).call(step));
  if (space === 'initializers')
    return (result as (shape: number[], random: Random) => unknown)([4, 4], new Random(1));
  if (result instanceof Layer && space === 'layers') return outputOf(name, result);
  return result;
}

function samplesFor(name: string): [Tensor, Tensor] {
  if (/sparse|perplexity|bitsPer/.test(name)) return [ids([0, 2], [2]), numbers(2, 3)];
  if (/ctc|labelErrorRate/.test(name)) return [ids([1, 2], [1, 2]), numbers(1, 4, 3)];
  if (name.includes('mixtureDensity')) return [numbers(2, 3), numbers(2, 7)];
  return [numbers(2, 3), numbers(2, 3)];
}

const lossOf = (name: string, loss: LossFunction): Promise<unknown> =>
  loss.call(...samplesFor(name), null).data();

async function metricOf(name: string, metric: Metric): Promise<unknown> {
  if (name === 'metrics.meanMetric') return metric.higherIsBetter;
  const { sum, weight } = metric.update(...samplesFor(name), null);
  return [await sum.data(), await weight.data()];
}

/** After a few steps, each of which either changed nothing or left finite weights. */
async function weightsAfter(optimizer: Optimizer): Promise<unknown> {
  const { storage } = tensor([1, -2, 3, 4], [4], 'float32', device);
  const weight = new Variable(device, storage, [4], 'w', true);
  const guard = new StepGuard(device);
  for (let step = 0; step < 5; step++)
    scope(() => {
      const gradient = tensor([0, -1, 1e-30, 5], [4], 'float32', device);
      guard.check(tensor([1], [1], 'float32', device), [gradient], step);
      optimizer.apply([gradient], [weight], guard);
    });
  return weight.data();
}

const SHAPES: Readonly<Record<string, readonly (number | null)[]>> = {
  conv2D: [6, 6, 2],
  maxPooling2D: [6, 6, 2],
  convLSTM1D: [3, 6, 2],
  repeatVector: [4],
  embedding: [5],
};

async function outputOf(name: string, layer: Layer): Promise<unknown> {
  const kind = name.replace('layers.', '');
  // Those of several inputs, and of nested ones, are computed in tests of their own.
  if (/attention|schedul|^(add|subtract|multiply|average|maximum|minimum|concatenate)$/i.test(kind))
    return null;
  const dtype = layer.inputDtype;
  const shape = SHAPES[kind] ?? [3, 4];
  const model = sequential([layers.input({ shape, dtype }), layer], { device, seed: 1 });
  const size = (shape as number[]).reduce((product, extent) => product * extent, 2);
  const values = Array.from({ length: size }, (_, i) => (dtype === 'int32' ? i % 9 : i / size));
  const outputs = await model.predict<Tensor | Tensor[]>({ data: values, shape: [2, ...shape] as number[] }); // prettier-ignore
  return Promise.all([outputs].flat().map((output) => output.data()));
}

/** Whether there is a number in it that is none. */
function hasOdd(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (ArrayBuffer.isView(value)) return 'length' in value && !Array.from(value as Float32Array).every(Number.isFinite); // prettier-ignore
  if (depth > 4 || typeof value !== 'object' || value === null) return false;
  if (value instanceof Tensor || value instanceof Layer || value instanceof Optimizer) return false;
  // A device, with its limits.
  if ('alloc' in value) return false;
  return Object.values(value).some((one) => hasOdd(one, depth + 1));
}

/** What is not computed here, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  webgpu: 'opens a device',
  wasm: 'opens a device',
  best: 'opens a device',
  'text.SubwordEncoder.buildFromCorpus': 'takes long',
};

/** What is no mistake. */
const RIGHT: Readonly<Record<string, string>> = {
  'data.Dataset.fromGenerator size: Infinity': 'a generator that does not end',
  'vectors.WordVectors.save header: true': 'a page has no files to write',
};

const INNER: Readonly<Record<string, string>> = {
  carry: 'what a stream hands to the operation',
  watch: 'what a trace hands to the operation',
};

describe.each(Object.keys(CALLS).filter((name) => !(name in LEFT_OUT)))('%s', (name) => {
  it('makes no NaN of an odd option', async () => {
    const bad: string[] = [];
    const options = (await optionsOf(name)).filter((option) => !(option in INNER));
    for (const option of options)
      for (const value of ODD) {
        const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
        const shown = `${option}: ${text}`;
        if (`${name} ${shown}` in RIGHT) continue;
        try {
          const result = await CALLS[name]({ [option]: value });
          if (hasOdd(await numbersOf(name, result))) bad.push(`${shown} gives NaN`);
        } catch (error) {
          const { constructor, message } = error as Error;
          if (
            constructor !== Error ||
            !/expected|unknown|needs|may be|fit|go with|only/.test(message)
          )
            bad.push(`${shown}: ${String(error)}`);
        }
      }
    expect(bad).toEqual([]);
  });
});
