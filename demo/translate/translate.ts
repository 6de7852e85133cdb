import { generate } from 'gatefold/generate';
import type { Model } from 'gatefold';
import { padded, START, STOP } from './sentences.ts';

/** Word by word, each the likeliest. */
export async function translate(network: Model, english: number[]): Promise<number[]> {
  const { sequences } = await generate(network, {
    ...{ prefix: [[START]], inputs: { source: padded([english]) } },
    ...{ maxNewTokens: 20, stopTokens: [STOP], forbiddenTokens: [0, START] },
  });
  return [...sequences[0]];
}
