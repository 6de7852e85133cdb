/** A model of the layers that modules of PyTorch stand for, one after the other, with their weights. */
import type { Device } from '../../backend.ts';
import type { LayerDescription } from '../../layers/architecture.ts';
import type { Model } from '../../model/model.ts';
import { assemble } from '../assemble.ts';
import type { Made } from '../assemble.ts';
import { camelCase } from '../names.ts';
import { TorchModule } from './modules.ts';
import type { ModuleKind } from './modules.ts';
import type { StateDict } from './state_dict.ts';

/** A module, and what the layer is to be beyond what its weights tell. */
export interface ModulePart {
  /** Its name in the state_dict. */
  module: string;
  /** Of a recurrent module with several (`num_layers`), the one that is meant, from 0 on. */
  layer?: number;
  /** What the module is, where its weights do not tell: a matrix without a bias may be of nn.Linear or of nn.Embedding. */
  kind?: ModuleKind;
  /** Where a model is made: options of the layer, as the function of `layers` takes them: `returnSequences`, `maskZero`, `padding`, `activation`, … */
  [option: string]: unknown;
}

/** What PyTorch's defaults are called here, where they are others. */
const EPSILON = { epsilon: 1e-5 };

interface BuildOptions {
  readonly device: Device | undefined;
  /** Whether the input is added to the output. */
  readonly residual?: boolean;
  /** Whether recurrent layers keep both biases. */
  readonly bothBiases?: boolean;
}

/** @param parts modules by the names of the layers, in their order */
export async function buildModel(
  state: StateDict,
  parts: readonly (readonly [name: string, part: ModulePart])[],
  { device, residual = false, bothBiases = false }: BuildOptions,
): Promise<Model> {
  if (bothBiases) await (await import('./two_biases.ts')).registerTorchLayers();
  const made = parts.flatMap(([name, part]) =>
    layersOf(name, new TorchModule(state, part.module), part, bothBiases),
  );
  return assemble([inputOf(made[0]), ...made], { what: 'fromTorch', device, residual });
}

/** Axes of the input between the batch and the features, by the class that takes it; none where it is not here. */
const AXES: Readonly<Record<string, number>> = {
  Dense: 0,
  BatchNormalization: 0,
  LayerNormalization: 0,
  Conv2D: 2,
};

function inputOf({ className, weights: [first] }: Made): LayerDescription {
  const isIds = className === 'Embedding';
  const axes = AXES[className] ?? 1;
  const features = first.shape.length === 1 ? first.shape[0] : first.shape.at(-2)!;
  const batchShape = [null, ...Array<null>(axes).fill(null), ...(isIds ? [] : [features])];
  const dtype = isIds ? 'int32' : 'float32';
  return { className: 'InputLayer', config: { name: 'input', batchShape, dtype } };
}

/** The layers of a module: of a recurrent one, as many as it has. */
function layersOf(
  name: string,
  module: TorchModule,
  part: ModulePart,
  bothBiases: boolean,
): Made[] {
  const { module: _, kind: given, ...options } = part;
  const kind = given ?? module.kind ?? kindOf(name);
  if (!kind)
    throw new Error(
      `fromTorch: expected to know what '${module.path}' is, got a matrix without a bias, which nn.Linear and nn.Embedding have; ` +
        `write { ${name}: { module: '${module.path}', kind: 'embedding' } }`,
    );
  if (kind === 'simpleRNN' || kind === 'lstm' || kind === 'gru')
    return recurrentLayers(name, module, options, bothBiases);
  const weights = module.weightsOf(kind);
  const useBias = module.has('bias');
  const [rows, ...shape] = weights[0].shape;
  const own: Record<typeof kind, object> = {
    dense: { units: shape.at(-1), useBias },
    embedding: { inputDim: rows, outputDim: shape[0] },
    conv1D: { filters: shape.at(-1), kernelSize: rows, useBias },
    conv2D: { filters: shape.at(-1), kernelSize: [rows, shape[0]], useBias },
    // PyTorch says how much of a batch comes in, Keras how much of what was stays.
    batchNormalization: { ...EPSILON, momentum: 0.9, scale: module.has('weight'), center: useBias },
    layerNormalization: { ...EPSILON, center: useBias },
  };
  // The layer is made without what the module lacks.
  const missing = new Set([
    ...(module.has('weight') ? [] : ['weight']),
    ...(useBias || kind === 'embedding' ? [] : ['bias']),
  ]);
  const names = ['weight', ...(kind === 'embedding' ? [] : ['bias'])];
  const kept = weights.filter((_, i) => !missing.has(names[i]));
  return [{ className: CLASSES[kind], config: { ...own[kind], ...options, name }, weights: kept }];
}

const CLASSES: Readonly<Record<ModuleKind, string>> = {
  ...{ simpleRNN: 'SimpleRNN', lstm: 'LSTM', gru: 'GRU', dense: 'Dense', embedding: 'Embedding' },
  ...{ conv1D: 'Conv1D', conv2D: 'Conv2D' },
  ...{ batchNormalization: 'BatchNormalization', layerNormalization: 'LayerNormalization' },
};

/** `dense_1` and `embedding` say what they are. */
function kindOf(name: string): 'dense' | 'embedding' | null {
  const kind = camelCase(name.replace(/_\d+$/, ''));
  return kind === 'dense' || kind === 'embedding' ? kind : null;
}

function recurrentLayers(
  name: string,
  module: TorchModule,
  { returnSequences = true, layer: only, ...options }: Record<string, unknown>,
  bothBiases: boolean,
): Made[] {
  const { kind, units, outputUnits, layers, bidirectional, bias } = module.recurrent;
  const projected = outputUnits < units;
  const plain = projected ? 'ProjectedLSTM' : CLASSES[kind];
  const hasBoth = bothBiases && bias && kind !== 'gru';
  const className = hasBoth ? `Torch${plain}` : plain;
  const chosen = only === undefined ? [...Array(layers).keys()] : [only as number];
  return chosen.map((index, k) => {
    const own = chosen.length === 1 || k === 0 ? name : `${name}_${k}`;
    const inside = {
      className,
      config: {
        name: bidirectional ? `${own}_direction` : own,
        units,
        useBias: bias,
        ...(projected && { projectionUnits: outputUnits }),
        ...options,
        returnSequences: k < chosen.length - 1 || returnSequences,
      },
    };
    const directions = bidirectional ? [false, true] : [false];
    const weights = directions.flatMap((reverse) => {
      const all = module.recurrentWeights(index, reverse, hasBoth);
      return bias ? all : all.slice(0, -1);
    });
    if (!bidirectional) return { ...inside, weights };
    return { className: 'Bidirectional', config: { name: own, layer: inside }, weights };
  });
}
