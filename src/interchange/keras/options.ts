/** The options of Keras' layers as those of layers here: what each class has, what must have a certain value, and what says nothing. */
import { camelCase } from '../names.ts';
import { isRecord } from '../../formats/records.ts';
import { elu, hardSigmoid, leakyRelu } from '../../layers/activations.ts';
import type { Config } from '../../layers/base.ts';
import { fail } from './context.ts';
import type { Context, Era, KerasLayer } from './context.ts';
import { excerpt } from '../../options.ts';

interface Rule {
  /** The class here, where it has another name. */
  readonly className?: string;
  /** Options that are the same here, in Keras' spelling. */
  readonly options?: string;
  /** Options with the only value that they have here. */
  readonly only?: Readonly<Record<string, unknown>>;
  /** Options of this class that it has beside those of the file. */
  readonly always?: Config;
}

const SEQUENCE = 'return_sequences return_state go_backwards stateful zero_output_for_mask';
const CELL = 'units activation use_bias dropout recurrent_dropout seed';
const GATED = `${CELL} recurrent_activation`;
const WINDOW = 'filters kernel_size strides padding dilation_rate activation use_bias';
const LAST = { data_format: 'channels_last' };
const CUDNN = { activation: 'tanh', recurrentActivation: 'sigmoid' };

export const RULES: Readonly<Record<string, Rule>> = {
  InputLayer: {},
  SimpleRNN: { options: `${CELL} ${SEQUENCE}`, only: { time_major: false } },
  LSTM: { options: `${GATED} unit_forget_bias ${SEQUENCE}`, only: { time_major: false } },
  GRU: { options: `${GATED} reset_after ${SEQUENCE}`, only: { time_major: false } },
  CuDNNLSTM: {
    className: 'LSTM',
    options: `units unit_forget_bias ${SEQUENCE}`,
    only: { time_major: false },
    always: CUDNN,
  },
  CuDNNGRU: {
    className: 'GRU',
    options: `units ${SEQUENCE}`,
    only: { time_major: false },
    always: { ...CUDNN, resetAfter: true },
  },
  SimpleRNNCell: { options: CELL },
  LSTMCell: { options: `${GATED} unit_forget_bias` },
  GRUCell: { options: `${GATED} reset_after` },
  RNN: { options: SEQUENCE, only: { time_major: false } },
  StackedRNNCells: {},
  Bidirectional: { options: 'merge_mode' },
  TimeDistributed: {},
  Embedding: {
    options: 'input_dim output_dim mask_zero',
    only: { sparse: false, lora_rank: null },
  },
  Masking: { options: 'mask_value' },
  Dense: { options: 'units activation use_bias', only: { lora_rank: null } },
  Activation: { options: 'activation' },
  Dropout: { options: 'rate seed', only: { noise_shape: null } },
  SpatialDropout1D: { options: 'rate seed', only: { noise_shape: null, ...LAST } },
  Conv1D: { options: WINDOW, only: { ...LAST, groups: 1 } },
  Conv2D: { options: WINDOW, only: { ...LAST, groups: 1 } },
  MaxPooling2D: { options: 'pool_size strides padding', only: LAST },
  GlobalAveragePooling1D: { only: { ...LAST, keepdims: false } },
  GlobalMaxPooling1D: { only: { ...LAST, keepdims: false } },
  BatchNormalization: {
    options: 'axis momentum epsilon center scale',
    only: { renorm: false, fused: null, virtual_batch_size: null },
  },
  LayerNormalization: { options: 'axis epsilon center scale', only: { rms_scaling: false } },
  Flatten: { only: LAST },
  Reshape: { options: 'target_shape' },
  RepeatVector: { options: 'n' },
  Concatenate: { options: 'axis' },
  Add: {},
  Subtract: {},
  Multiply: {},
  Average: {},
  Maximum: {},
  Minimum: {},
  Attention: { options: 'use_scale score_mode dropout seed' },
  AdditiveAttention: { options: 'use_scale dropout seed' },
  TextVectorization: {
    options:
      'max_tokens standardize split ngrams output_mode output_sequence_length pad_to_max_tokens vocabulary idf_weights',
    only: { sparse: false, ragged: false, encoding: 'utf-8' },
  },
};

/** Of every layer: what says nothing here, or is looked at elsewhere. */
const SILENT = new Set(
  (
    'name trainable dtype batch_input_shape batch_shape input_dtype input_length unroll implementation synchronized quantization_config ' +
    'renorm_clipping renorm_momentum vocabulary_size optional ragged lora_alpha autocast layer backward_layer cell cells'
  ).split(' '),
);

/** The options of a layer; layers inside are not among them. @param place for errors */
export function optionsOf(
  context: Context,
  place: string,
  { className, config }: KerasLayer,
): Config {
  const rule = RULES[className];
  const known = new Set((rule.options ?? '').split(' '));
  checkDtype(context, place, config.dtype);
  const options: Config = { ...defaultsOf(className, context.era), ...rule.always };
  for (const [key, value] of Object.entries(config)) {
    if (SILENT.has(key) && !known.has(key)) continue;
    const isEmpty = value === null && key !== 'merge_mode';
    if (key.endsWith('_initializer')) {
      const found = initializerOf(value);
      if (found) options[camelCase(key)] = found;
    } else if (/_(regularizer|constraint)$/.test(key)) {
      if (value !== null)
        context.warn(
          `${context.file}, ${place}: ${key} is left out, which matters for training alone`,
        );
    } else if (key === 'activation' || key === 'recurrent_activation') {
      if (!(camelCase(key) in (rule.always ?? {})))
        options[camelCase(key)] = activationOf(context, `${place}, ${key}`, value);
    } else if (known.has(key)) {
      if (!isEmpty) options[camelCase(key)] = valueOf(className, key, value);
    } else if (Object.hasOwn(rule.only ?? {}, key)) {
      const only = rule.only![key];
      if (!isEmpty && value !== only)
        fail(
          context,
          place,
          `expected ${key} ${excerpt(JSON.stringify(only))}, got ${excerpt(JSON.stringify(value))}, which ${className} has not here`,
        );
    } else if (!isEmpty)
      fail(
        context,
        place,
        `expected options that ${className} has here (${[...known].join(', ')}), got ${key} ${JSON.stringify(value)?.slice(0, 80)}`,
      );
  }
  return options;
}

/** What older files leave out. */
function defaultsOf(className: string, era: Era): Config {
  return /^GRU/.test(className) && era !== 'keras 3' ? { resetAfter: false } : {};
}

/** Weights are float32 here, whatever they were computed with. */
function checkDtype(context: Context, place: string, dtype: unknown): void {
  const name = isRecord(dtype) && isRecord(dtype.config) ? dtype.config.name : dtype;
  const isPlain =
    name === undefined ||
    name === null ||
    (typeof name === 'string' &&
      /^((mixed_)?b?float(16|32|64)|int(32|64)|uint8|bool|string)$/.test(name));
  if (!isPlain)
    fail(
      context,
      place,
      `expected weights of floating-point numbers, got the dtype policy ${excerpt(JSON.stringify(name))}; save the model before it is quantized`,
    );
}

function valueOf(className: string, key: string, value: unknown): unknown {
  // Keras has a list for what is a number here.
  const isOne =
    /^(Conv1D|BatchNormalization)$/.test(className) &&
    /^(kernel_size|strides|dilation_rate|axis)$/.test(key);
  if (isOne && Array.isArray(value) && value.length === 1) return value[0] as unknown;
  const isName = /^(standardize|output_mode|score_mode)$/.test(key) && typeof value === 'string';
  return isName ? camelCase(value) : value;
}

// ---- initializers: a model has its weights, so that one that is not known here is left out --------------------------------

const INITIALIZERS = new Set(
  'Zeros Ones Constant RandomUniform RandomNormal TruncatedNormal VarianceScaling GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal'.split(
    ' ',
  ),
);
const INITIALIZER_OPTIONS: Readonly<Record<string, string>> = { minval: 'min', maxval: 'max' };
const SETTINGS = new Set('value min max mean stddev scale mode distribution gain'.split(' '));

function initializerOf(value: unknown): object | null {
  if (!isRecord(value) || !INITIALIZERS.has(String(value.class_name))) return null;
  const className = String(value.class_name);
  const config = isRecord(value.config) ? value.config : {};
  const options = Object.entries(config)
    .map(([key, item]) => [INITIALIZER_OPTIONS[key] ?? key, item] as const)
    .filter(([key, item]) => SETTINGS.has(key) && ['number', 'string'].includes(typeof item))
    .map(([key, item]) => [
      key,
      typeof item === 'string' ? camelCase(item === 'normal' ? 'truncated_normal' : item) : item,
    ]);
  return {
    name: className.charAt(0).toLowerCase() + className.slice(1),
    ...Object.fromEntries(options),
  } as object;
}

// ---- activations --------------------------------------------------------------------------------------------------------

const ACTIVATIONS: Readonly<Record<string, string>> = { swish: 'silu', hard_swish: 'hardSilu' };
const NAMED = new Set(
  (
    'celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu ' +
    'softmax softplus soft_shrink softsign squareplus tanh tanh_shrink hard_swish swish'
  ).split(' '),
);

/** The slope of Keras 2's hard_sigmoid, clip(0.2 x + 0.5), which TensorFlow.js has too. */
const OLD_SLOPE = 0.2;

export function activationOf(context: Context, place: string, value: unknown): unknown {
  if (value === null || value === undefined) return 'linear';
  // Keras 3 writes a function as an object, with its name as its config.
  const isBuiltIn =
    isRecord(value) &&
    value.class_name === 'function' &&
    typeof value.config === 'string' &&
    /^(builtins|keras\..*)$/.test(String(value.module));
  const name = isBuiltIn ? (value.config as string) : value;
  if (typeof name !== 'string') {
    const found = isRecord(name)
      ? activationLayer(String(name.class_name), isRecord(name.config) ? name.config : {})
      : null;
    return (
      found ??
      fail(
        context,
        place,
        `expected the name of an activation, got ${JSON.stringify(name).slice(0, 80)}`,
      )
    );
  }
  if (!NAMED.has(name))
    fail(
      context,
      place,
      `expected one of ${[...NAMED].join(', ')}, got '${name}', a function of its author's, which is in no file; use customLayers`,
    );
  if (name === 'hard_sigmoid' && context.era !== 'keras 3')
    return hardSigmoid({ slope: OLD_SLOPE });
  return ACTIVATIONS[name] ?? camelCase(name);
}

/** The activation that a layer such as LeakyReLU is; null where it is none. */
export function activationLayer(
  className: string,
  config: Readonly<Record<string, unknown>>,
): unknown {
  const number = (...keys: string[]): number | null => {
    const found = keys
      .map((key) => config[key])
      .find((value) => value !== undefined && value !== null);
    return typeof found === 'number' ? found : null;
  };
  if (className === 'Softmax')
    return [-1, undefined].includes(config.axis as number) ? 'softmax' : null;
  if (className === 'ELU') return elu({ alpha: number('alpha') ?? 1 });
  if (className === 'LeakyReLU')
    return leakyRelu({ negativeSlope: number('negative_slope', 'alpha') ?? 0.3 });
  if (className !== 'ReLU') return null;
  const [most, slope, threshold] = [
    number('max_value'),
    number('negative_slope') ?? 0,
    number('threshold') ?? 0,
  ];
  if (threshold !== 0 || (most !== null && (most !== 6 || slope !== 0))) return null;
  if (most === 6) return 'relu6';
  return slope === 0 ? 'relu' : leakyRelu({ negativeSlope: slope });
}
