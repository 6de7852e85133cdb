/** The check that every function of `layers` makes of its options. */
import type { Layer } from './base.ts';

/** The layer, if it knows all the options that it was given: a misspelt one would go unnoticed otherwise. */
export function withKnownOptions<L extends Layer>(layer: L, options: object): L {
  const known = Object.keys(layer.getConfig());
  const unknown = Object.keys(options).find((option) => !known.includes(option));
  if (unknown === undefined) return layer;
  throw new Error(
    `${layer.name}: expected options of ${known.join(', ')}, got '${unknown}'; check its spelling`,
  );
}
