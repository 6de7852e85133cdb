// The baseline: what the most similar sentence of the training data was translated to.
import { metrics } from '../../src/index.ts';
import type { Pair } from '../encoder_decoder/pairs.ts';

/** The first translation of the training sentence with the fewest words to insert, leave out or replace. */
export function nearestTranslations(
  train: readonly Pair[],
  sources: readonly (readonly string[])[],
): (readonly string[])[] {
  return sources.map((source) => {
    let nearest = train[0];
    let least = Infinity;
    for (const pair of train) {
      if (Math.abs(pair.source.length - source.length) >= least) continue;
      const distance = metrics.editDistance(pair.source, source);
      if (distance < least) [nearest, least] = [pair, distance];
    }
    return nearest.targets[0];
  });
}
