// From a source to what the network makes of it, and what it looked at meanwhile.
import { generate } from '../../src/generate/index.ts';
import { padSequences } from '../../src/text/index.ts';
import { PADDING, UNKNOWN } from '../symbols.ts';
import { alignerOf } from './network.ts';
import type { Learnt } from './learn.ts';
import { START, STOP } from './vocabulary.ts';

type Translator = Pick<Learnt, 'model' | 'vocabularies'>;

export interface DecodeOptions {
  /** Hypotheses that are followed; 1 takes the likeliest token at each step. */
  readonly beams: number;
  /** Tokens at most. */
  readonly longest: number;
}

/** Sources that are decoded at a time. */
const ROWS = 64;

const padded = (rows: readonly ArrayLike<number>[]) => padSequences(rows, { padding: 'post' });

/** The target of each source. */
export async function decode(
  { model, vocabularies }: Translator,
  sources: readonly (readonly string[])[],
  { beams, longest }: DecodeOptions,
): Promise<string[][]> {
  const results = new Array<string[]>(sources.length);
  // Those of similar length together.
  const order = sources.map((_, i) => i).sort((a, b) => sources[a].length - sources[b].length);
  for (let begin = 0; begin < order.length; begin += ROWS) {
    const rows = order.slice(begin, begin + ROWS);
    const { sequences } = await generate(model, {
      prefix: rows.map(() => [START]),
      inputs: { source: padded(rows.map((row) => vocabularies.source.encode(sources[row]))) },
      ...{ numBeams: beams, maxNewTokens: longest },
      stopTokens: [STOP],
      forbiddenTokens: [PADDING, UNKNOWN, START],
    });
    rows.forEach((row, k) => (results[row] = vocabularies.target.decode(sequences[k])));
  }
  return results;
}

/** For each token of the target, and the end, the weights of the tokens of the source. */
export async function alignmentOf(
  { model, vocabularies }: Translator,
  source: readonly string[],
  target: readonly string[],
): Promise<number[][]> {
  const aligner = alignerOf(model);
  if (!aligner) throw new Error('expected a network with attention');
  const weights = await aligner.predict({
    source: padded([vocabularies.source.encode(source)]),
    target: padded([[START, ...vocabularies.target.encode(target)]]),
  });
  const [rows] = (await weights.array()) as number[][][];
  weights.dispose();
  return rows;
}
