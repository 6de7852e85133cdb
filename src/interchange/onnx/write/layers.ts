/** Layers without a state, each as a few operators. */
import type { Layer } from '../../../layers/base.ts';
import { floats as zerosOf, transpose } from '../../arrays.ts';
import type { Floats } from '../../arrays.ts';
import { activate } from './activations.ts';
import { refuse, result, weightOf } from './context.ts';
import type { Context, Value, WriteLayer } from './context.ts';
import { writeConvolution, writeMaxPooling2D } from './convolutions.ts';
import { float, int, ints } from './graph.ts';
import { anyOf, Mask } from './masks.ts';
import { writeBidirectional, writeRecurrent } from './recurrent.ts';

/** A weight as a constant of the graph; null where the layer has none of that name. */
function constant(context: Context, layer: Layer, name: string): string | null {
  const weight = weightOf(context, layer, name);
  return weight && context.graph.weights(weight.name, () => weight);
}

const same: WriteLayer = (_, layer, inputs) =>
  result(layer, inputs, inputs[0].name, inputs[0].mask);

/** x · kernel + bias */
function product(context: Context, layer: Layer, x: string, kernel: string): string {
  const { graph } = context;
  const y = graph.op('MatMul', [x, kernel]);
  const bias = constant(context, layer, 'bias');
  return bias === null ? y : graph.op('Add', [y, bias]);
}

const dense: WriteLayer = (context, layer, inputs) => {
  const y = product(context, layer, inputs[0].name, constant(context, layer, 'kernel')!);
  const activation = layer.getConfig().activation as string;
  return result(layer, inputs, activate(context.graph, y, activation), inputs[0].mask);
};

/** Where no labels are given: the scores of all classes. */
const sampledSoftmax: WriteLayer = (context, layer, inputs) => {
  if (inputs.length > 1)
    refuse(layer, 'with labels it gives a loss', 'make a model of its first input alone');
  const kernel = weightOf(context, layer, 'kernel')!;
  const across = context.graph.weights(kernel.name, () => transpose(kernel));
  return result(layer, inputs, product(context, layer, inputs[0].name, across), inputs[0].mask);
};

const activation: WriteLayer = ({ graph }, layer, inputs) => {
  const y = activate(graph, inputs[0].name, layer.getConfig().activation as string);
  return result(layer, inputs, y, inputs[0].mask);
};

const embedding: WriteLayer = (context, layer, inputs) => {
  const { graph, isPost } = context;
  const [ids] = inputs;
  const rows = graph.op('Gather', [constant(context, layer, 'embeddings')!, ids.name]);
  if (!layer.getConfig().maskZero) return result(layer, inputs, rows);
  const flags = graph.op('Not', [graph.op('Equal', [ids.name, graph.integer(0, 'int32')])]);
  const { length: rank } = ids.shape;
  return result(layer, inputs, rows, new Mask(graph, flags, isPost, { rank }));
};

const masking: WriteLayer = ({ graph, isPost }, layer, inputs) => {
  const [{ name: x }] = inputs;
  const value = graph.number(layer.getConfig().maskValue as number);
  const differs = graph.cast(graph.op('Not', [graph.op('Equal', [x, value])]), 'float32');
  const any = graph.op('ReduceMax', [differs], { axes: ints([-1]), keepdims: int(0) });
  const flags = graph.cast(any, 'bool');
  const y = graph.op('Where', [graph.unsqueeze(flags, 2), x, graph.number(0)]);
  return result(layer, inputs, y, new Mask(graph, flags, isPost));
};

// ---- shapes ---------------------------------------------------------------------------------------------------------------

const flatten: WriteLayer = ({ graph }, layer, inputs) =>
  result(layer, inputs, graph.op('Flatten', [inputs[0].name], { axis: int(1) }));

/** The batch stays what it is: 0. */
const reshape: WriteLayer = ({ graph }, layer, inputs) => {
  const target = layer.getConfig().targetShape as readonly number[];
  return result(layer, inputs, graph.reshape(inputs[0].name, [0, ...target]));
};

const repeatVector: WriteLayer = ({ graph }, layer, inputs) => {
  const shape = graph.integers([1, layer.getConfig().n as number, 1]);
  return result(layer, inputs, graph.op('Expand', [graph.unsqueeze(inputs[0].name, 1), shape]));
};

/** The steps as so many more samples. */
const timeDistributed: WriteLayer = (context, layer, inputs) => {
  const { graph } = context;
  const [x] = inputs;
  const [inner] = layer.sublayers;
  if (x.mask && x.mask.rank !== 2)
    refuse(layer, 'its mask is of sequences in a sequence', 'use an embedding without maskZero');
  const [, , ...rest] = x.shape;
  const samples = graph.op(
    'Concat',
    [graph.integers([-1]), graph.extents(x.name, 2, x.shape.length)],
    {
      axis: int(0),
    },
  );
  const folded: Value = {
    ...x,
    name: graph.op('Reshape', [x.name, samples]),
    shape: [null, ...rest],
    mask: null,
  };
  const [y] = context.write(inner, [folded]);
  const whole = graph.op(
    'Concat',
    [graph.extents(x.name, 0, 2), graph.extents(y.name, 1, y.shape.length)],
    { axis: int(0) },
  );
  return result(layer, inputs, graph.op('Reshape', [y.name, whole]), x.mask);
};

// ---- several inputs -------------------------------------------------------------------------------------------------------

/** [batch, features] as [batch, 1, features], where others have a time. */
function widened({ graph }: Context, inputs: readonly Value[]): string[] {
  const rank = Math.max(...inputs.map(({ shape }) => shape.length));
  return inputs.map(({ name, shape }) => {
    const axes = Array.from({ length: rank - shape.length }, (_, k) => k + 1);
    return axes.length > 0 ? graph.unsqueeze(name, ...axes) : name;
  });
}

const merge =
  (opType: string): WriteLayer =>
  (context, layer, inputs) => {
    const { graph } = context;
    const all = widened(context, inputs).reduce((a, b) => graph.op(opType, [a, b]));
    const y =
      layer.className === 'Average' ? graph.op('Mul', [all, graph.number(1 / inputs.length)]) : all;
    const masks = inputs.map(({ mask }) => mask);
    return result(layer, inputs, y, anyOf(graph, masks));
  };

const concatenate: WriteLayer = ({ graph }, layer, inputs) => {
  const axis = layer.getConfig().axis as number;
  const y = graph.op(
    'Concat',
    inputs.map(({ name }) => name),
    { axis: int(axis) },
  );
  const masks = inputs.map(({ mask }) => mask);
  const rank = inputs[0].shape.length;
  if (masks.every((mask) => mask === null) || (axis + rank) % rank > 1)
    return result(layer, inputs, y, anyOf(graph, masks));
  // Sequences one after the other: so are their masks.
  const flags = inputs.map(({ name, mask }) => {
    const every = (): string =>
      graph.op('Expand', [graph.cast(graph.integer(1), 'bool'), graph.extents(name, 0, 2)]);
    return mask?.flags ?? every();
  });
  const joined = graph.op('Concat', flags, { axis: int(1) });
  return result(layer, inputs, y, new Mask(graph, joined, false));
};

// ---- over all steps, or all features --------------------------------------------------------------------------------------

const averagePooling: WriteLayer = ({ graph }, layer, inputs) => {
  const [{ name: x, mask }] = inputs;
  const keepdims = int(Number(layer.getConfig().keepDims));
  if (!mask)
    return result(layer, inputs, graph.op('ReduceMean', [x], { axes: ints([1]), keepdims }));
  const time = graph.integers([1]);
  const sum = (values: string): string => graph.op('ReduceSum', [values, time], { keepdims });
  const count = graph.op('Max', [sum(mask.weights), graph.number(1)]);
  return result(layer, inputs, graph.op('Div', [sum(graph.op('Mul', [x, mask.weights])), count]));
};

const maxPooling: WriteLayer = ({ graph }, layer, inputs) => {
  const keepdims = int(Number(layer.getConfig().keepDims));
  return result(
    layer,
    inputs,
    graph.op('ReduceMax', [inputs[0].name], { axes: ints([1]), keepdims }),
  );
};

/** Of the extents of its axes, for values of this rank. */
const inPlace = ({ data, shape }: Floats, axes: readonly number[], rank: number): Floats => ({
  data,
  shape: Array.from({ length: rank }, (_, k) => (axes.includes(k) ? shape[axes.indexOf(k)] : 1)),
});

const layerNormalization: WriteLayer = (context, layer, inputs) => {
  const { graph } = context;
  const [{ name: x, shape, mask }] = inputs;
  const { axis, epsilon } = layer.getConfig() as { axis: readonly number[]; epsilon: number };
  const rank = shape.length;
  const axes = axis.map((k) => (k + rank) % rank).sort((a, b) => a - b);
  const over = { axes: ints(axes), keepdims: int(1) };
  const [gamma, beta] = ['gamma', 'beta'].map((name) => weightOf(context, layer, name));
  if (gamma && axes.every((k, i) => k === rank - axes.length + i)) {
    const weights = [gamma, ...(beta ? [beta] : [])].map((one) =>
      graph.weights(one.name, () => one),
    );
    const attributes = { axis: int(axes[0] - rank), epsilon: float(epsilon) };
    const y = graph.op('LayerNormalization', [x, ...weights], attributes);
    return result(layer, inputs, y, mask);
  }
  const away = graph.op('Sub', [x, graph.op('ReduceMean', [x], over)]);
  const variance = graph.op('ReduceMean', [graph.op('Mul', [away, away])], over);
  const spread = graph.op('Sqrt', [graph.op('Add', [variance, graph.number(epsilon)])]);
  let y = graph.op('Div', [away, spread]);
  const along = (one: Floats & { name: string }): string =>
    graph.weights(one.name, () => inPlace(one, axes, rank));
  if (gamma) y = graph.op('Mul', [y, along(gamma)]);
  if (beta) y = graph.op('Add', [y, along(beta)]);
  return result(layer, inputs, y, mask);
};

/** x · a + b, with the moving statistics in a and b. */
const batchNormalization: WriteLayer = (context, layer, inputs) => {
  const { graph } = context;
  const [{ name: x, shape, mask }] = inputs;
  const { axis, epsilon } = layer.getConfig() as { axis: number; epsilon: number };
  const rank = shape.length;
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (name) => weightOf(context, layer, name),
  );
  const factor = Array.from(
    variance!.data,
    (value, k) => (gamma?.data[k] ?? 1) / Math.sqrt(value + epsilon),
  );
  const constants = {
    scale: factor,
    shift: factor.map((value, k) => (beta?.data[k] ?? 0) - mean!.data[k] * value),
  };
  const [scale, shift] = Object.entries(constants).map(([name, values]) =>
    graph.weights(mean!.name.replace('moving_mean', name), () => {
      const all = zerosOf([values.length]);
      all.data.set(values);
      return inPlace(all, [(axis + rank) % rank], rank);
    }),
  );
  return result(layer, inputs, graph.op('Add', [graph.op('Mul', [x, scale]), shift]), mask);
};

const WRITERS: Readonly<Record<string, WriteLayer>> = {
  SimpleRNN: writeRecurrent,
  LSTM: writeRecurrent,
  PeepholeLSTM: writeRecurrent,
  GRU: writeRecurrent,
  TorchSimpleRNN: writeRecurrent,
  TorchLSTM: writeRecurrent,
  RNN: writeRecurrent,
  Bidirectional: writeBidirectional,
  Dense: dense,
  SampledSoftmax: sampledSoftmax,
  Embedding: embedding,
  Masking: masking,
  Activation: activation,
  Dropout: same,
  SpatialDropout1D: same,
  TimeDistributed: timeDistributed,
  Conv1D: writeConvolution,
  Conv2D: writeConvolution,
  MaxPooling2D: writeMaxPooling2D,
  GlobalAveragePooling1D: averagePooling,
  GlobalMaxPooling1D: maxPooling,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Flatten: flatten,
  Reshape: reshape,
  RepeatVector: repeatVector,
  Concatenate: concatenate,
  Add: merge('Add'),
  Subtract: merge('Sub'),
  Multiply: merge('Mul'),
  Average: merge('Add'),
  Maximum: merge('Max'),
  Minimum: merge('Min'),
};

/** Writes any layer but a model. @throws Error naming the layer that ONNX has no operators for */
export function writeLayer(context: Context, layer: Layer, inputs: readonly Value[]): Value[] {
  if (!Object.hasOwn(WRITERS, layer.className))
    refuse(
      layer,
      'there are none for its kind',
      'put other layers in its place, or take its weights with getWeights()',
    );
  const before = context.graph.layer;
  context.graph.layer = before === '' ? layer.name : `${before}/${layer.name}`;
  const outputs = WRITERS[layer.className](context, layer, inputs);
  context.graph.layer = before;
  return outputs;
}
