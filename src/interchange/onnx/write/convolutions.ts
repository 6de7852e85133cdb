/** Convolutions and pooling over windows. ONNX has the channels second. */
import type { Layer } from '../../../layers/base.ts';
import { permute } from '../../arrays.ts';
import { activate } from './activations.ts';
import { refuse, result, weightOf } from './context.ts';
import type { WriteLayer } from './context.ts';
import { ints, text } from './graph.ts';
import type { OnnxGraph } from './graph.ts';

interface Windows {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: string;
}

/** Options of one number as those of an axis. */
const listed = (value: unknown): readonly number[] => [value as number | readonly number[]].flat();

/** The attributes that say where windows lie. */
function attributesOf(layer: Layer, { kernelSize, strides, dilationRate, padding }: Windows) {
  const reach = kernelSize.map((size, k) => dilationRate[k] * (size - 1));
  const common = { kernel_shape: ints(kernelSize), strides: ints(strides) };
  if (padding === 'valid') return common;
  if (padding === 'causal') return { ...common, pads: ints([...reach, ...reach.map(() => 0)]) };
  if (strides.every((stride) => stride === 1)) {
    const before = reach.map((all) => Math.floor(all / 2));
    const after = reach.map((all, k) => all - before[k]);
    return { ...common, pads: ints([...before, ...after]) };
  }
  // How many zeros there are depends on the extent, which may vary.
  if (dilationRate.some((rate) => rate !== 1))
    refuse(
      layer,
      "with strides and a dilationRate, padding 'same' has no operator",
      "use padding 'valid' or 'causal'",
    );
  return { ...common, auto_pad: text('SAME_UPPER') };
}

/** What `write` gives of x with the channels second, [batch, channels, ...]; they are last before and after. */
function channelsSecond(
  graph: OnnxGraph,
  x: string,
  rank: number,
  write: (x: string) => string,
): string {
  const axes = Array.from({ length: rank - 2 }, (_, k) => k);
  const found = write(graph.transpose(x, [0, rank - 1, ...axes.map((k) => k + 1)]));
  return graph.transpose(found, [0, ...axes.map((k) => k + 2), 1]);
}

/** Conv1D and Conv2D. */
export const writeConvolution: WriteLayer = (context, layer, inputs) => {
  const { graph } = context;
  const [x] = inputs;
  const config = layer.getConfig();
  const rank = x.shape.length;
  const dilationRate = listed(config.dilationRate);
  const attributes = attributesOf(layer, {
    kernelSize: listed(config.kernelSize),
    strides: listed(config.strides),
    dilationRate,
    padding: config.padding as string,
  });
  const [kernel, bias] = ['kernel', 'bias'].map((name) => weightOf(context, layer, name));
  // [..., channels, filters] to [filters, channels, ...].
  const order = [rank - 1, rank - 2, ...dilationRate.map((_, k) => k)];
  const y = channelsSecond(graph, x.name, rank, (moved) =>
    graph.op(
      'Conv',
      [
        moved,
        graph.weights(kernel!.name, () => permute(kernel!, order)),
        ...(bias ? [graph.weights(bias.name, () => bias)] : []),
      ],
      { ...attributes, dilations: ints(dilationRate) },
    ),
  );
  return result(layer, inputs, activate(graph, y, config.activation as string));
};

export const writeMaxPooling2D: WriteLayer = ({ graph }, layer, inputs) => {
  const { poolSize, strides, padding } = layer.getConfig() as Record<string, unknown>;
  const attributes = attributesOf(layer, {
    kernelSize: listed(poolSize),
    strides: listed(strides),
    dilationRate: [1, 1],
    padding: padding as string,
  });
  const y = channelsSecond(graph, inputs[0].name, 4, (x) => graph.op('MaxPool', [x], attributes));
  return result(layer, inputs, y);
};
