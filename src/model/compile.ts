/** What `compile` takes, checked, and worked out for each output once the model is built. */
import type { SymbolicTensor } from '../layers/base.ts';
import { getLoss } from '../losses/index.ts';
import type { LossOption } from '../losses/index.ts';
import type { LossFunction } from '../losses/loss.ts';
import { getMetric } from '../metrics/index.ts';
import type { MetricOption } from '../metrics/index.ts';
import type { Metric } from '../metrics/metric.ts';
import { getOptimizer } from '../optimizers/index.ts';
import type { OptimizerName } from '../optimizers/index.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { check, checkNames, NAME, NUMBER } from '../options.ts';

/** One for all outputs, or one for each. @inline */
type PerOutput<T> = T | readonly T[] | Readonly<Record<string, T>>;
/** How a model is trained and measured. */
export interface CompileOptions {
  /** By default RMSprop with its defaults, as in Keras. */
  optimizer?: OptimizerName | Optimizer;
  /** One for all outputs, or one for each: by position, by the name of the output's layer; null for an output without. */
  loss: PerOutput<LossOption | null>;
  /** What else is measured; one list for a single output, for several a list of lists or an object of lists. */
  metrics?: PerOutput<MetricOption> | PerOutput<readonly MetricOption[]>;
  /** Metrics that count `sampleWeight` and `classWeight`. */
  weightedMetrics?: CompileOptions['metrics'];
  /** Factors of the outputs' losses in their sum; 1 where left out. */
  lossWeights?: readonly number[] | Readonly<Record<string, number>>;
}

export interface MeasuredMetric {
  /** Its name in the logs. */
  readonly key: string;
  readonly metric: Metric;
  readonly weighted: boolean;
}

export interface CompiledOutput {
  /** Name of the layer that gives the output. */
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly loss: LossFunction | null;
  readonly lossWeight: number;
  readonly metrics: readonly MeasuredMetric[];
}

export interface Compiled {
  readonly options: CompileOptions;
  readonly optimizer: Optimizer;
  /** What is measured at the outputs of a built model. */
  readonly outputsOf: (outputs: readonly SymbolicTensor[]) => readonly CompiledOutput[];
}

const NAMES: readonly (keyof CompileOptions)[] = [
  'optimizer',
  'loss',
  'metrics',
  'weightedMetrics',
  'lossWeights',
];

/** Checks every name at once; what depends on the outputs' shapes waits for them. */
export function compileOptions(options: CompileOptions): Compiled {
  const given = options as Partial<CompileOptions> | undefined;
  if (given?.loss === undefined || given.loss === null)
    throw new Error(
      "compile: expected a loss, got none; pass compile({ optimizer: 'adam', loss: 'binaryCrossentropy' })",
    );
  checkNames('compile', options, NAMES);
  const optimizer = getOptimizer(options.optimizer ?? 'rmsprop');
  for (const loss of leavesOf(options.loss, isLoss)) getLoss(loss!);
  for (const metric of leavesOf([options.metrics, options.weightedMetrics], isMetric))
    getMetric(metric);
  let resolved: { for: readonly SymbolicTensor[]; outputs: CompiledOutput[] } | null = null;
  return {
    options,
    optimizer,
    outputsOf(outputs) {
      if (resolved?.for !== outputs)
        resolved = { for: outputs, outputs: resolve(options, outputs) };
      return resolved.outputs;
    },
  };
}

function resolve(options: CompileOptions, outputs: readonly SymbolicTensor[]): CompiledOutput[] {
  const names = namesOf(outputs);
  const losses = perOutput<LossOption | null>('loss', options.loss, names, isLoss);
  const weights = perOutput<number>('lossWeights', options.lossWeights ?? 1, names, isNumber);
  const plain = metricLists('metrics', options.metrics, names);
  const weighted = metricLists('weightedMetrics', options.weightedMetrics, names);
  const taken = new Set<string>(['loss']);
  return outputs.map((output, i) => {
    const option = losses[i] ?? null;
    const loss = option === null ? null : getLoss(option);
    if (loss && /^(sparseC|c)ategoricalCrossentropy$/.test(loss.name) && output.shape.at(-1) === 1)
      throw new Error(
        `compile: expected a unit for each class with ${loss.name}, got an output '${names[i]}' of one unit; use binaryCrossentropy for two classes, after a sigmoid`,
      );
    const measure = (option: MetricOption, isWeighted: boolean): MeasuredMetric => {
      const metric = getMetric(option);
      const name = typeof option === 'string' ? option : metric.name;
      check('compile', 'the name of a metric', name, NAME);
      const key = outputs.length > 1 ? keyOf(names[i], name) : name;
      if (taken.has(key))
        throw new Error(
          `compile: the metric '${key}' is there twice; expected each name once in the logs`,
        );
      taken.add(key);
      return { key, metric, weighted: isWeighted };
    };
    return {
      name: names[i],
      shape: output.shape,
      loss,
      lossWeight: check('compile', `lossWeights of '${names[i]}'`, weights[i] ?? 1, NUMBER),
      metrics: [
        ...plain[i].map((option) => measure(option, false)),
        ...weighted[i].map((option) => measure(option, true)),
      ],
    };
  });
}

/** Those of the layers that give them; the outputs of one layer are told apart by numbers, `rnn` and `rnn_1`. */
function namesOf(outputs: readonly SymbolicTensor[]): string[] {
  const layers = outputs.map(({ call }) => call.layer);
  return layers.map((layer, i) => {
    const before = layers.slice(0, i).filter((other) => other === layer).length;
    return before === 0 ? layer.name : `${layer.name}_${before}`;
  });
}

/**
 * `tags` and `accuracy` make `tagsAccuracy`: the logs of a model with several outputs. A metric that was asked for in snake_case stays in it, and
 * `val` and `binary_accuracy` make `val_binary_accuracy`, as in Keras.
 */
export function keyOf(output: string, name: string): string {
  if (name.includes('_')) return `${output}_${name}`;
  return `${output}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
/** Everything but lists and objects of several; promises and the like too, of which errors then say what they are. */
const isLoss = (value: unknown): value is LossOption | null => !isSeveral(value);
const isMetric = (value: unknown): value is MetricOption => !isSeveral(value);

const isSeveral = (value: unknown): boolean =>
  Array.isArray(value) ||
  (typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !['call', 'update'].some(
      (name) => typeof (value as Record<string, unknown>)[name] === 'function',
    ));

/** Names and objects, however they are nested. */
function leavesOf<T>(value: unknown, isOne: (value: unknown) => value is T): T[] {
  if (value === undefined || value === null) return [];
  if (isOne(value) || typeof value !== 'object') return [value as T];
  return Object.values(value).flatMap((item) => leavesOf(item, isOne));
}

/** One value an output. */
function perOutput<T>(
  what: string,
  value: PerOutput<T | undefined>,
  names: readonly string[],
  isOne: (value: unknown) => value is T,
): (T | undefined)[] {
  if (isOne(value) || typeof value !== 'object') return names.map(() => value as T);
  if (Array.isArray(value)) {
    if (value.length !== names.length)
      throw new Error(
        `compile: expected ${what} for ${names.length} output(s) (${names.join(', ')}), got ${value.length}; give one for each`,
      );
    return value as T[];
  }
  for (const name of Object.keys(value))
    if (!names.includes(name))
      throw new Error(
        `compile: ${what} names the output '${name}'; expected one of ${names.join(', ')}`,
      );
  return names.map((name) => (value as Record<string, T>)[name]);
}

function metricLists(
  what: string,
  value: CompileOptions['metrics'],
  names: readonly string[],
): (readonly MetricOption[])[] {
  // A flat list belongs to a single output; several outputs need to be told apart.
  if (names.length === 1 && Array.isArray(value)) return [leavesOf(value, isMetric)];
  return perOutput<unknown>(what, value, names, isMetric).map((item) => leavesOf(item, isMetric));
}
