import { generate } from 'gatefold/generate';
import type { Model } from 'gatefold';
import { LENGTH, LOWEST } from './pitches.ts';

/** The soprano sings the melody as long as it lasts; the network draws every other note by its probability. */
export async function harmonize(
  network: Model,
  melody: readonly number[],
  options: { temperature: number; seed: number },
): Promise<number[]> {
  const given = melody.flatMap((pitch) => [pitch - LOWEST + 1, null, null, null]);
  const { sequences } = await generate(network, {
    ...{ prefix: [[0]], forcedTokens: given, forbiddenTokens: [0] },
    ...{ maxNewTokens: LENGTH, doSample: true, ...options },
  });
  return sequences[0].map((id) => id - 1 + LOWEST);
}
