/** Models from files of ONNX. */
import type { Device, NumericArray } from '../../backend.ts';
import { noGrad } from '../../autograd.ts';
import type { SymbolicTensor } from '../../layers/base.ts';
import { input } from '../../layers/input.ts';
import type { NetworkOptions } from '../../layers/network.ts';
import { loadClasses } from '../../model/from_config.ts';
import type { BatchData } from '../../model/batch_data.ts';
import { Model } from '../../model/model.ts';
import type { PredictOptions } from '../../model/predict.ts';
import { check, DEVICE, excerpt, hint, LIST, WHOLE } from '../../options.ts';
import type { Check } from '../../options.ts';
import { flatten, getDevice, scope, shapeOf } from '../../tensor.ts';
import type { Nested, Tensor } from '../../tensor.ts';
import { openFile } from '../source.ts';
import type { FileSource, ReadOptions } from '../source.ts';
import { GraphCell } from './cell.ts';
import { externalBytes } from './external.ts';
import { graphOf } from './build.ts';
import type { OnnxGraph } from './graph.ts';
import { batchShapeOf, GraphLayer, OutputLayer } from './layer.ts';
import type { BatchAxes } from './layer.ts';
import { OPERATORS_HERE } from './operators/index.ts';
import { readModel } from './read.ts';
import { kindOf, known } from './values.ts';
import type { Known } from './values.ts';

/** Numbers of an input that is fixed. @inline */
type FixedValue =
  Nested | NumericArray | { readonly data: ArrayLike<number>; readonly shape: readonly number[] };

/** Options of `loadOnnx`. */
export interface OnnxOptions extends ReadOptions {
  /** Inputs that become constants, by their names: `{ sr: 16000 }`. What follows from them is computed once, and branches are chosen by them. */
  fixed?: Readonly<Record<string, FixedValue>>;
  /**
   * Where the batch is in every input and output, or by their names (then 0 of the others): in the model it comes first, so that `fit` can choose
   * samples. 1 for recurrent nodes as ONNX has them, [time, batch, features]. 0 by default.
   */
  batchAxis?: number | Readonly<Record<string, number>>;
  /**
   * Of a graph that is one step of a sequence: by the names of inputs, the outputs that they are at the next step, `{ state: 'stateN' }`. The other
   * inputs and outputs of the model then have a time axis after the batch, the states begin at zero and are kept, and the model streams and trains through
   * time. All extents of states and outputs but the batch must be known.
   */
  states?: Readonly<Record<string, string>>;
  /** Names of weights that `fit` leaves as they are; none by default. */
  frozen?: readonly string[];
  /** The files that have the values of tensors, by their names in the model; by default those beside it, of a path or an address. */
  externalData?: Readonly<Record<string, FileSource>>;
  /** The default device where it is left out. */
  device?: Device;
}
const OWN = ['fixed', 'batchAxis', 'states', 'frozen', 'externalData', 'device'] as const;

const BY_NAME: Check = [
  'an object, by names',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
];

export async function loadOnnx(source: FileSource, options: OnnxOptions = {}): Promise<Model> {
  const { fixed = {}, batchAxis = {}, states = {}, frozen = [] } = options;
  const { device = getDevice() } = options;
  const file = await openFile('loadOnnx', source, options, OWN);
  check('loadOnnx', 'device', device, DEVICE);
  check('loadOnnx', 'frozen', frozen, LIST);
  for (const [name, value] of Object.entries({ fixed, states }))
    check('loadOnnx', name, value, BY_NAME);
  const model = readModel(file.name, await file.whole());
  const external = await externalBytes(file.name, model, source, options);
  const graph = graphOf(model, {
    file: file.name,
    external,
    fixed: new Map(Object.entries(fixed).map(([name, value]) => [name, fixedValue(name, value)])),
    operators: OPERATORS_HERE,
  });
  const weights = [...graph.weights.values()].map(({ name }) => name);
  const odd = frozen.find((name) => !weights.includes(name));
  if (odd !== undefined)
    throw new Error(
      `loadOnnx: expected 'frozen' to name weights of the model, got '${odd}'${hint(odd, weights) || `; they are ${weights.join(', ')}`}`,
    );
  checkStates(file.name, graph, states);
  const batchAxes = batchAxesOf(batchAxis, graph, states);
  return modelOf(graph, { file: file.name, batchAxes, states, frozen, device });
}

function fixedValue(name: string, value: FixedValue): Known {
  const shaped =
    typeof value === 'object' && value !== null && 'shape' in value && !Array.isArray(value)
      ? (value as { data: ArrayLike<number>; shape: readonly number[] })
      : { data: flatten(value as Nested), shape: shapeOf(value as Nested, `fixed.${name}`) };
  if (shaped.data.length !== shaped.shape.reduce((a, b) => a * b, 1))
    throw new Error(
      `loadOnnx: expected as many numbers of '${name}' as [${shaped.shape}] has, got ${shaped.data.length}`,
    );
  return known(shaped.data, shaped.shape);
}

/** By name. */
function batchAxesOf(
  given: number | Readonly<Record<string, number>>,
  graph: OnnxGraph,
  states: Readonly<Record<string, string>>,
): BatchAxes {
  const all = new Map([...graph.inputs, ...graph.results].map((facts) => [facts.name, facts]));
  const names = [...all.keys()];
  const entries =
    typeof given === 'number'
      ? names.map((name) => [name, given] as const)
      : [...stateAxes(graph, states), ...Object.entries(given)];
  for (const [name, axis] of entries) {
    const facts = all.get(name);
    if (!facts)
      throw new Error(
        `loadOnnx: expected batchAxis of inputs and outputs (${names.join(', ')}), got '${name}'${hint(name, names)}`,
      );
    check('loadOnnx', `batchAxis of '${name}'`, axis, WHOLE);
    if (facts.shape && axis > 0 && axis >= facts.shape.length)
      throw new Error(
        `loadOnnx: expected batchAxis of '${name}' to be an axis of [${facts.shape.map((extent) => extent ?? '?')}], got ${axis}`,
      );
  }
  return new Map(entries);
}

/** Where the batch of states is that are not told of: on the only axis that is open. */
function stateAxes(graph: OnnxGraph, states: Readonly<Record<string, string>>): [string, number][] {
  return Object.entries(states).flatMap(([name, after]): [string, number][] => {
    const { shape } = graph.inputs.find((one) => one.name === name) ?? {};
    const open = shape?.flatMap((extent, axis) => (typeof extent === 'number' ? [] : axis)) ?? [];
    return open.length === 1
      ? [
          [name, open[0]],
          [after, open[0]],
        ]
      : [];
  });
}

function checkStates(
  file: string,
  graph: OnnxGraph,
  states: Readonly<Record<string, string>>,
): void {
  const inputs = graph.inputs.map(({ name }) => name);
  const outputs = graph.results.map(({ name }) => name);
  for (const [before, after] of Object.entries(states)) {
    if (!inputs.includes(before))
      throw new Error(
        `${file}: expected states among the inputs (${inputs.join(', ')}), got '${before}'${hint(before, inputs)}`,
      );
    if (!outputs.includes(after))
      throw new Error(
        `${file}: expected the state '${before}' after a step among the outputs (${outputs.join(', ')}), got '${after}'${hint(String(after), outputs)}`,
      );
  }
  const count = Object.keys(states).length;
  if (count === inputs.length || count === outputs.length)
    throw new Error(`${file}: expected an input and an output beside the states, got none`);
}

interface ModelParts {
  readonly file: string;
  readonly batchAxes: BatchAxes;
  readonly states: Readonly<Record<string, string>>;
  readonly frozen: readonly string[];
  readonly device: Device;
}

async function modelOf(graph: OnnxGraph, parts: ModelParts): Promise<Model> {
  const { file, batchAxes, states, frozen, device } = parts;
  const isStep = Object.keys(states).length > 0;
  const taken = graph.inputs.filter(({ name }) => !Object.hasOwn(states, name));
  if (taken.length === 0) throw new Error(`${file}: expected an input that is not fixed, got none`);
  const inputs = taken.map((facts) => {
    const { name, type, shape } = facts;
    if (shape?.length === 0)
      throw new Error(
        `${file}: expected inputs with a batch, got '${name}', a single number; fix it: loadOnnx(file, { fixed: { ${excerpt(JSON.stringify(name))}: … } })`,
      );
    const [batch, ...row] = batchShapeOf(facts, batchAxes);
    return input({
      name,
      batchShape: isStep ? [batch, null, ...row] : [batch, ...row],
      dtype: kindOf(type),
    });
  });
  const own = { graph, file, batchAxes, trains: (name: string) => !frozen.includes(name) };
  const named = (output: SymbolicTensor, i: number): SymbolicTensor[] =>
    new OutputLayer(graph.results[i]).applyAll([output]);
  if (!isStep) {
    const outputs = new GraphLayer(own).applyAll(inputs).flatMap(named);
    return new OnnxModel({ inputs, outputs, device });
  }
  const cell = new GraphCell({ ...own, states });
  const RNN = (await loadClasses({ className: 'RNN' })).get('RNN')!;
  const layer = new RNN({ cell, returnSequences: true } as never);
  const outputs = [
    layer.apply<SymbolicTensor | SymbolicTensor[]>(inputs.length === 1 ? inputs[0] : inputs),
  ].flat();
  return new Model({
    inputs,
    outputs: outputs.flatMap((output, k) => named(output, cell.outputs[k])),
    device,
  });
}

/** A graph of ONNX. Which axis is the batch, a file does not say, so that `predict` computes all at once where it is given no `batchSize`. */
class OnnxModel extends Model {
  constructor(options: NetworkOptions) {
    super(options);
  }

  override predict<R extends Nested | Nested[] = Nested>(
    x: BatchData,
    options: PredictOptions & { as: 'array' },
  ): Promise<R>;
  override predict<R extends Tensor | Tensor[] = Tensor>(
    x: BatchData,
    options?: PredictOptions,
  ): Promise<R>;
  override async predict(x: BatchData, options: PredictOptions = {}): Promise<unknown> {
    if (options.batchSize !== undefined) return super.predict(x, options);
    const { as } = options;
    const outputs = scope(() => noGrad(() => [this.call<Tensor | Tensor[]>(x)].flat()));
    if (as !== 'array') return outputs.length === 1 ? outputs[0] : outputs;
    const arrays = await Promise.all(outputs.map((output) => output.array()));
    for (const output of outputs) output.dispose();
    return arrays.length === 1 ? arrays[0] : arrays;
  }
}
