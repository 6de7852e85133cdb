/** The checks that every function of `layers` makes of its options. */
import { check, checkNames, FLAG, NUMBER, POSITIVE, TEXT, WHOLE } from '../options.ts';
import type { Check } from '../options.ts';
import type { Layer } from './base.ts';
import { initializerOf } from './initializer_options.ts';
import type { InitializerOption } from './initializer_options.ts';

/** What options of layers must be that mean the same in each; what is a layer's own, it checks itself. */
const MUST_BE: Readonly<Record<string, Check>> = {
  name: TEXT,
  seed: WHOLE,
  maskValue: NUMBER,
  epsilon: POSITIVE,
  ...Object.fromEntries(
    (
      'trainable useBias returnSequences returnState goBackwards stateful zeroOutputForMask unitForgetBias resetAfter ' +
      'coupled useScale useCausalMask positive returnAttentionScores center scale maskZero keepDims removeAccidentalHits'
    )
      .split(' ')
      .map((name) => [name, FLAG]),
  ),
};

/** The layer, if it knows all the options that it was given: a misspelt one would go unnoticed otherwise. */
export function withKnownOptions<L extends Layer>(layer: L, options: object): L {
  const config = layer.getConfig();
  checkNames(layer.name, options, Object.keys(config));
  checkValues(layer.name, options);
  for (const [name, value] of Object.entries(options) as [string, unknown][])
    // A size that stands before the options counts, whatever they say.
    if (typeof config[name] === 'number' && (value ?? config[name]) !== config[name])
      check(layer.name, name, value, [
        `${config[name]}, as it is given before the options`,
        () => false,
      ]);
    else if (name.endsWith('Initializer') && (value ?? null) !== null)
      initializerOf(layer.name, value as InitializerOption);
  return layer;
}

/** @param options those of a layer, given or read from a file */
export function checkValues(layer: string, options: object): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][])
    if (Object.hasOwn(MUST_BE, name) && (value ?? null) !== null)
      check(layer, name, value, MUST_BE[name]);
}
