/** The checks that every function of `layers` makes of its options. */
import { check, checkNames, FLAG, NOT_NEGATIVE, NUMBER, TEXT, WHOLE } from '../options.ts';
import type { Check } from '../options.ts';
import type { Layer } from './base.ts';

/** What options of layers must be that mean the same in each; what is a layer's own, it checks itself. */
const MUST_BE: Readonly<Record<string, Check>> = {
  name: TEXT,
  seed: WHOLE,
  maskValue: NUMBER,
  epsilon: NOT_NEGATIVE,
  ...Object.fromEntries(
    (
      'trainable useBias returnSequences returnState goBackwards stateful zeroOutputForMask unitForgetBias resetAfter ' +
      'coupled useScale useCausalMask returnAttentionScores center scale maskZero keepDims removeAccidentalHits'
    )
      .split(' ')
      .map((name) => [name, FLAG]),
  ),
};

/** The layer, if it knows all the options that it was given: a misspelt one would go unnoticed otherwise. */
export function withKnownOptions<L extends Layer>(layer: L, options: object): L {
  checkNames(layer.name, options, Object.keys(layer.getConfig()));
  checkValues(layer.name, options);
  return layer;
}

/** @param options those of a layer, given or read from a file */
export function checkValues(layer: string, options: object): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][])
    if (Object.hasOwn(MUST_BE, name) && (value ?? null) !== null)
      check(layer, name, value, MUST_BE[name]);
}
