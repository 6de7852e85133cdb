/** How a model was compiled, as JSON, and back. */
import { isRecord } from '../formats/records.ts';
import { getLoss, hasLoss } from '../losses/index.ts';
import type { LossName } from '../losses/index.ts';
import type { LossFunction } from '../losses/loss.ts';
import { getOptimizer } from '../optimizers/index.ts';
import type { Compiled, CompileOptions } from './compile.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Null where something in it is the user's own code, which no file can hold. */
export function compileConfig({ options, optimizer }: Compiled): object | null {
  return orNull(() => {
    const { loss, metrics, weightedMetrics, lossWeights } = options;
    return {
      optimizer: optimizer.getConfig(),
      loss: toJson(loss),
      metrics: toJson(metrics),
      weightedMetrics: toJson(weightedMetrics),
      lossWeights: toJson(lossWeights),
    };
  });
}

class NotSerialisable extends Error {}

function orNull<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotSerialisable) return null;
    throw error;
  }
}

/** Lists and objects of names stay; a loss of the library becomes its name and options. */
function toJson(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  // `map` asks the list for its constructor, and a file may name another one.
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (!isRecord(value)) throw new NotSerialisable();
  if (typeof value.update === 'function') throw new NotSerialisable();
  if (typeof value.call !== 'function')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
  const { name, config, reduction } = value as unknown as LossFunction;
  if (!hasLoss(name) || !isRecord(config)) throw new NotSerialisable();
  return { loss: name, config: { ...config, reduction } as Json };
}

/** The argument of `compile` that a saved model describes; null where it describes none, or has a loss that nobody has made yet. */
export function compileFromConfig(json: unknown): CompileOptions | null {
  if (json === null || json === undefined) return null;
  if (!isRecord(json) || !isRecord(json.optimizer) || typeof json.optimizer.name !== 'string')
    throw new Error("load: model.json's 'compile' is damaged (it has no optimizer); save it again");
  const { loss, metrics, weightedMetrics, lossWeights } = json;
  const absent = <T>(value: unknown): T | undefined => (value ?? undefined) as T | undefined;
  const { optimizer } = json;
  return orNull(() => ({
    optimizer: getOptimizer(optimizer as { name: string }),
    loss: fromJson(loss) as CompileOptions['loss'],
    metrics: absent(metrics),
    weightedMetrics: absent(weightedMetrics),
    lossWeights: absent(lossWeights),
  }));
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (!isRecord(value)) return value;
  if (typeof value.loss === 'string' && isRecord(value.config)) {
    if (!hasLoss(value.loss)) throw new NotSerialisable();
    return getLoss(value.loss as LossName, value.config as LossFunction['config']);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fromJson(item)]));
}
