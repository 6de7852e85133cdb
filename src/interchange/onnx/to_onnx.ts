/** A model as an ONNX file. */
import type { Graph, Layer, SymbolicTensor } from '../../layers/base.ts';
import type { Model } from '../../model/model.ts';
import {
  followSteps,
  kindOf,
  kindsOf,
  SEQUENCE,
  withoutInputs,
} from '../../model/stream_layers.ts';
import { oneOf, readOptions } from '../../options.ts';
import { floats } from '../arrays.ts';
import { encode } from './encode.ts';
import type { Context, StateOutput, Value, Weight } from './write/context.ts';
import { OnnxGraph } from './write/graph.ts';
import type { Dimension } from './write/graph.ts';
import { writeLayer } from './write/layers.ts';
import { Mask } from './write/masks.ts';

/** Options of `toOnnx`. */
export interface ToOnnxOptions {
  /**
   * Whether the states of recurrent layers are inputs, `lstm_h` [batch, units], and outputs, `lstm_h_next`: for a stream, whose steps come in parts.
   * False by default: each call begins with zeros.
   */
  states?: boolean;
  /** Whether there is an input `lengths`, int32 [batch]: how many steps of each row of the only input count. False by default. */
  lengths?: boolean;
  /**
   * Where the steps are that masks of `embedding({ maskZero: true })` and `masking()` leave out: `any`, the default, or `post`, behind all others, for
   * which the file is simpler and faster. It is wrong for other masks then.
   */
  padding?: 'any' | 'post';
}

const DEFAULTS = { states: false, lengths: false, padding: 'any' as const };

export async function toOnnx(
  model: Model,
  options: ToOnnxOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { states, lengths, padding } = readOptions<Required<ToOnnxOptions>>(
    'toOnnx',
    options,
    DEFAULTS,
    { padding: oneOf(['any', 'post']) },
  );
  if (!model.built)
    throw new Error(
      `toOnnx: expected a model with weights, got '${model.name}', which is not built; begin it with input({ shape })`,
    );
  const kinds = kindsOf(model);
  if (states) followSteps(withoutInputs(model), kinds, new Map(), 'toOnnx with states');
  const graph = new OnnxGraph();
  const found: StateOutput[] = [];
  const context: Context = {
    graph,
    weights: await weightsIn(model),
    isPost: padding === 'post',
    states: states ? found : null,
    write: (layer, inputs) => writeAny(context, layer, inputs),
  };
  const inputs = model.inputs.map((input, i): Value => {
    const time = model.inputs.length === 1 ? 'time' : `${input.name}_time`;
    const isFree = (axis: number): boolean => axis === 1 && states && kinds[i] === SEQUENCE;
    const dimensions = input.shape.map((extent, axis): Dimension => {
      if (extent !== null && !isFree(axis)) return extent;
      return axis === 0 ? 'batch' : axis === 1 ? time : null;
    });
    const name = graph.input(input.name, input.dtype, dimensions);
    const shape = input.shape.map((extent, axis) => (isFree(axis) ? null : extent));
    return { name, shape, dtype: input.dtype, mask: null };
  });
  const given = lengths ? [withLengths(graph, model, inputs[0])] : inputs;
  const outputs = writeGraph(context, model, given);
  model.outputs.forEach(({ call, index }, i) => {
    const { name, shape, dtype } = outputs[i];
    const end = call.outputs.length > 1 ? `_${index}` : '';
    graph.output(`${call.layer.name}${end}`, name, dtype, batched(shape));
  });
  const [{ shape }] = inputs;
  for (const { name, value, units } of found)
    graph.output(name, value, 'float32', batched([shape[0], units]));
  const draft = graph.model(model.name);
  if (lengths && !draft.graph!.node!.some((node) => node.input!.includes(LENGTHS)))
    throw new Error(
      `toOnnx: expected layers that the lengths matter to, got '${model.name}', where none takes the mask of its input; give embedding maskZero: true, or leave lengths out`,
    );
  return encode('ModelProto', draft);
}

const LENGTHS = 'lengths';

const batched = ([batch, ...rest]: Value['shape']): Dimension[] => [batch ?? 'batch', ...rest];

/** The input, with the mask that its lengths make. */
function withLengths(graph: OnnxGraph, model: Model, x: Value): Value {
  const [input, ...others] = model.inputs;
  if (others.length > 0 || kindOf(input) !== SEQUENCE)
    throw new Error(
      `toOnnx: expected one input with a time axis for lengths, got ${model.inputs.map(String).join(', ')}; leave lengths out, and mask steps with masking() or embedding()`,
    );
  const name = graph.input(LENGTHS, 'int32', batched([x.shape[0]]));
  const time = graph.pick(graph.op('Shape', [x.name]), 0, 1);
  const steps = graph.op('Range', [graph.integer(0), time, graph.integer(1)]);
  const flags = graph.op('Less', [
    graph.unsqueeze(steps, 0),
    graph.unsqueeze(graph.cast(name, 'int64'), 1),
  ]);
  return { ...x, mask: new Mask(graph, flags, true, { lengths: name }) };
}

/** The weights of every layer that has some itself, those inside others too. */
async function weightsIn(model: Model): Promise<Map<Layer, readonly Weight[]>> {
  const found = new Map<Layer, readonly Weight[]>();
  const visit = async (layer: Layer): Promise<void> => {
    if (found.has(layer)) return;
    if (layer.sublayers.length > 0 && !layer.className.endsWith('Cell'))
      for (const inner of layer.sublayers) await visit(inner);
    else
      found.set(
        layer,
        (await layer.getWeights()).map(({ name, shape, data }) => ({
          name,
          ...floats(shape, Float32Array.from(data)),
        })),
      );
  };
  await visit(model);
  return found;
}

function writeAny(context: Context, layer: Layer, inputs: readonly Value[]): Value[] {
  const { innerGraph } = layer;
  return innerGraph ? writeGraph(context, innerGraph, inputs) : writeLayer(context, layer, inputs);
}

function writeGraph(context: Context, model: Graph, inputs: readonly Value[]): Value[] {
  const { graph, isPost } = context;
  const values = new Map<SymbolicTensor, Value>();
  model.inputs.forEach((input, i) => values.set(input, inputs[i]));
  for (const call of model.calls) {
    // Where data enters.
    if (call.inputs.length === 0) continue;
    const given = call.inputs.map((input) => values.get(input)!);
    if (call.mask) {
      const { name, dtype } = values.get(call.mask)!;
      const zero = dtype === 'int32' ? graph.integer(0, 'int32') : graph.number(0);
      const flags = graph.op('Not', [graph.op('Equal', [name, zero])]);
      given[0] = { ...given[0], mask: new Mask(graph, flags, isPost) };
    }
    const outputs = writeAny(context, call.layer, given);
    call.outputs.forEach((output, i) => values.set(output, outputs[i]));
  }
  return model.outputs.map((output) => values.get(output)!);
}
