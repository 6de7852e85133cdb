/** How a model was compiled in Keras, and the state of its optimizer, so that training goes on. */
import { isRecord } from '../../formats/records.ts';
import { getLoss, hasLoss } from '../../losses/index.ts';
import type { LossOption } from '../../losses/index.ts';
import { METRIC_NAMES } from '../../metrics/index.ts';
import type { CompileOptions } from '../../model/compile.ts';
import { getOptimizer } from '../../optimizers/index.ts';
import type { Optimizer } from '../../optimizers/index.ts';
import type { Variable } from '../../tensor.ts';
import { sameShape } from '../../tensor.ts';
import type { Floats } from '../arrays.ts';
import { camelCase } from '../names.ts';
import type { Context } from './context.ts';
import type { Assignments } from './weights.ts';

type Json = Readonly<Record<string, unknown>>;

/** Thrown for what is not known here; the model is then not compiled. */
class Unknown extends Error {}

/**
 * The argument of `compile`; null, with a warning, where the file has an optimizer or a loss that is not known here.
 *
 * @param config `compile_config` of Keras 3, `training_config` of Keras 2
 */
export function compileOptionsOf(context: Context, config: unknown): CompileOptions | null {
  if (!isRecord(config)) return null;
  const optimizer = config.optimizer ?? config.optimizer_config;
  if (!isRecord(optimizer) && typeof optimizer !== 'string') return null;
  try {
    return {
      optimizer: optimizerOf(optimizer),
      loss: mapped(config.loss, lossOf) as CompileOptions['loss'],
      metrics: metricsOf(context, config.metrics),
      weightedMetrics: metricsOf(context, config.weighted_metrics),
      lossWeights: (config.loss_weights ?? undefined) as CompileOptions['lossWeights'],
    };
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    context.warn(
      `${context.file}: the model is not compiled: ${error.message}; call compile(), or pass { compile }`,
    );
    return null;
  }
}

// ---- optimizer ------------------------------------------------------------------------------------------------------------

const OPTIMIZERS = new Set([
  'sgd',
  'rmsprop',
  'adam',
  'adamw',
  'adagrad',
  'adadelta',
  'adamax',
  'nadam',
]);
const RENAMED: Readonly<Record<string, string>> = {
  clipnorm: 'clipNorm',
  global_clipnorm: 'globalClipNorm',
  clipvalue: 'clipValue',
  lr: 'learningRate',
};
/** What has no counterpart, with the values that say nothing. */
const ABSENT: Readonly<Record<string, readonly unknown[]>> = {
  ...{
    use_ema: [false],
    gradient_accumulation_steps: [null, 1],
    loss_scale_factor: [null],
    decay: [0],
  },
};
const SILENT = new Set([
  'name',
  'ema_momentum',
  'ema_overwrite_frequency',
  'jit_compile',
  'is_legacy_optimizer',
]);

function optimizerOf(value: Json | string): Optimizer {
  const { class_name: className, config = {} } =
    typeof value === 'string' ? { class_name: value } : value;
  const name = String(className).toLowerCase();
  if (!OPTIMIZERS.has(name) || !isRecord(config))
    throw new Unknown(`its optimizer is ${String(className)}`);
  const options: Record<string, unknown> = { name };
  for (const [key, item] of Object.entries(config)) {
    if (SILENT.has(key)) continue;
    if (Object.hasOwn(ABSENT, key)) {
      if (!ABSENT[key].includes(item ?? null) && !ABSENT[key].includes(item))
        throw new Unknown(`its optimizer has ${key} ${JSON.stringify(item)}`);
    } else
      options[RENAMED[key] ?? camelCase(key)] =
        key === 'learning_rate' || key === 'lr' ? rateOf(item) : item;
  }
  return getOptimizer(options as { name: string });
}

/** A number, or a schedule. */
function rateOf(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const className = String(value.class_name);
  if (!isRecord(value.config)) throw new Unknown(`its learning rate is ${className}`);
  const options = Object.entries(value.config).filter(([key]) => key !== 'name');
  const name = className.charAt(0).toLowerCase() + className.slice(1);
  return { name, ...Object.fromEntries(options.map(([key, item]) => [camelCase(key), item])) };
}

/** Slots that Keras keeps variable by variable, together; the others come one kind after the other. Names are those of the slots here. */
const TOGETHER: Readonly<Record<string, readonly (readonly string[])[]>> = {
  adam: [['momentum', 'velocity'], ['velocity_hat']],
  adamw: [['momentum', 'velocity'], ['velocity_hat']],
  nadam: [['momentum', 'velocity']],
  adamax: [['momentum', 'norm']],
  adadelta: [['accumulated_grad', 'accumulated_delta_var']],
  adagrad: [['accumulator']],
  rmsprop: [['velocity'], ['momentum'], ['average_gradient']],
  sgd: [['momentum']],
};

/**
 * What an optimizer remembers. It is built.
 *
 * @param trained the model's weights in Keras' order
 * @param values Keras' variables behind the iterations and the learning rate
 * @param apart whether each kind of slot comes for all variables before the next, as in Keras 2
 */
export function slotsOf(
  file: string,
  optimizer: Optimizer,
  trained: readonly Variable[],
  values: readonly Floats[],
  apart: boolean,
): Assignments {
  const slots = new Map(optimizer.variables.map((slot) => [slot.name, slot]));
  const groups = TOGETHER[optimizer.name] ?? [];
  const kinds = apart ? groups.flat().map((kind) => [kind]) : groups;
  const expected = kinds.flatMap((group) =>
    trained.flatMap(({ name }) => group.flatMap((kind) => slots.get(`${name}_${kind}`) ?? [])),
  );
  // Nadam has a number beside its slots, which follows from the iterations.
  const given = values.filter(
    ({ shape }) => shape.length > 0 || trained.some((one) => one.shape.length === 0),
  );
  const fits =
    expected.length === given.length &&
    expected.every(({ shape }, i) => sameShape(shape, given[i].shape));
  if (!fits)
    throw new Error(
      `${file}, optimizer: expected ${expected.length} variables of the shapes of the weights for ${optimizer.name}, got ${given.length}; pass { compile } to begin with a new one`,
    );
  return expected.map((slot, i) => [slot, given[i].data]);
}

// ---- losses and metrics ---------------------------------------------------------------------------------------------------

/** Lists and objects by the names of outputs stay as they are. */
function mapped(value: unknown, one: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, one));
  if (isRecord(value) && !('class_name' in value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, one)]));
  return one(value);
}

const REDUCTIONS: Readonly<Record<string, string>> = { auto: 'sumOverBatchSize' };

function lossOf(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const { name, config } = namedIn(value);
  if (!hasLoss(name) && !isShort(name)) throw new Unknown(`its loss is ${name}`);
  if (!config) return name;
  const options: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(config)) {
    if (key === 'name' || key === 'dtype' || item === null || (key === 'axis' && item === -1))
      continue;
    if (key === 'reduction' && typeof item === 'string')
      options.reduction = REDUCTIONS[item] ?? camelCase(item);
    else options[camelCase(key)] = item;
  }
  if (
    !['sumOverBatchSize', 'sum', 'meanWithSampleWeight', undefined].includes(
      options.reduction as string,
    )
  )
    throw new Unknown(`its loss has the reduction ${String(options.reduction)}`);
  return getLoss(name as LossOption, options as never);
}

function isShort(name: string): boolean {
  try {
    return Boolean(getLoss(name as LossOption));
  } catch {
    return false;
  }
}

/** `mean_squared_error`, `{ class_name: 'MeanSquaredError', config }`, or a function of Keras by its name. */
function namedIn(value: unknown): { name: string; config: Json | null } {
  if (typeof value === 'string') return { name: camelCase(value), config: null };
  const { class_name: className, config, fn } = isRecord(value) ? value : {};
  if (className === 'function' && typeof config === 'string')
    return { name: camelCase(config), config: null };
  const given = isRecord(config) ? config : null;
  if (className === 'MeanMetricWrapper' && (fn ?? given?.fn)) return namedIn(fn ?? given?.fn);
  const name = String(className);
  return { name: name.charAt(0).toLowerCase() + name.slice(1), config: given };
}

function metricsOf(context: Context, value: unknown): CompileOptions['metrics'] {
  if (value === null || value === undefined) return undefined;
  const metric = (item: unknown): unknown => {
    if (item === null) return null;
    const { name } = namedIn(item);
    if (METRIC_NAMES.includes(name)) return name;
    context.warn(`${context.file}: the metric ${name} is not known here and left out`);
    return null;
  };
  const prune = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(prune).filter((one) => one !== null) : item;
  return prune(mapped(value, metric)) as CompileOptions['metrics'];
}
