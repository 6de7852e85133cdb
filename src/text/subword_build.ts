/** Builds a vocabulary of subwords from a corpus, like `build_from_corpus` of `tfds`. */
import { periodicYield } from '../event_loop.ts';
import { CALLABLE, COUNT, LIST, readOptions, show } from '../options.ts';
import { wholeNumber } from './checks.ts';
import { textsOf } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { candidatesOf } from './subword_candidates.ts';
import type { Counts } from './subword_candidates.ts';
import { escaped, isMixed, prepared, splitter, UNDERSCORE } from './subword_tokens.ts';
import { countToken } from './token_counts.ts';
import { characters, hasLoneSurrogate } from './unicode.ts';

/** How far the building of a vocabulary is. */
export interface BuildProgress {
  /** `read` while the corpus is read, `search` while vocabularies are tried. */
  stage: 'read' | 'search';
  /** Texts read so far. */
  texts: number;
  /** Distinct tokens in them. */
  tokens: number;
  /** Vocabularies tried so far. */
  tried: number;
  /** The number of ids of the last one tried; null while there is none. */
  vocabularySize: number | null;
}

/** How `SubwordEncoder.buildFromCorpus` builds a vocabulary. */
export interface BuildOptions {
  /** The longest subword, in characters; 20 by default. Memory use grows with it. */
  maxSubwordLength?: number;
  /** How many characters of the corpus to read; all by default. */
  maxCorpusChars?: number | null;
  /** Tokens that are never split and get the first ids, like `<EOS>`: each mixes letters with other characters and does not end in `_`. */
  reservedTokens?: readonly string[];
  /** Called after every 1000 texts and after each vocabulary tried. */
  onProgress?: (progress: BuildProgress) => void;
}

const WHAT = 'SubwordEncoder.buildFromCorpus';
const BYTES_AND_PADDING = 257;
const REPORT_EVERY = 1000;
const ROUNDS = 4;

/** Subwords for a vocabulary of about `target` ids: the reserved ones first, the others by descending frequency. */
export async function buildSubwords(
  corpus: Corpus,
  target: number,
  options: BuildOptions,
): Promise<string[]> {
  const { maxSubwordLength, maxCorpusChars, reservedTokens, onProgress } = readOptions(
    WHAT,
    options,
    {
      maxSubwordLength: 20,
      maxCorpusChars: null as number | null,
      reservedTokens: [] as readonly string[],
      onProgress: undefined as BuildOptions['onProgress'],
    },
    {
      maxSubwordLength: COUNT,
      maxCorpusChars: COUNT,
      reservedTokens: LIST,
      onProgress: CALLABLE,
    },
  );
  wholeNumber(`${WHAT}: targetVocabSize`, target, BYTES_AND_PADDING + 1);
  checkReserved(reservedTokens);
  const state = { texts: 0, tokens: 0, tried: 0 };
  const report = (stage: BuildProgress['stage'], vocabularySize: number | null = null) =>
    onProgress?.({ stage, ...state, vocabularySize });
  const yieldNow = periodicYield();

  const split = splitter(reservedTokens);
  const counts: Counts = new Map();
  for await (const text of beginning(textsOf(WHAT, corpus), maxCorpusChars ?? Infinity)) {
    for (const token of prepared(split(text))) countToken(counts, token);
    state.tokens = counts.size;
    if (++state.texts % REPORT_EVERY === 0) report('read');
    await yieldNow();
  }
  // A text file cannot contain half of a surrogate pair; such characters are encoded as bytes.
  for (const token of counts.keys()) if (hasLoneSurrogate(token)) counts.delete(token);
  if (counts.size === 0) throw new Error(`${WHAT}: expected texts, got none`);
  report('search');

  const reserved = reservedTokens.map(escaped);
  const build = async (leastCount: number) => {
    let subwords = reserved;
    for (let round = 0; round < ROUNDS; round++) {
      const found = await candidatesOf(counts, subwords, leastCount, maxSubwordLength, yieldNow);
      subwords = [...new Set([...reserved, ...found])];
    }
    state.tried++;
    report('search', subwords.length + BYTES_AND_PADDING);
    return subwords;
  };
  return search(build, target - BYTES_AND_PADDING, ...extent(counts));
}

function checkReserved(tokens: readonly string[]): void {
  for (const token of tokens)
    if (
      typeof token !== 'string' ||
      /_$/.test(token) ||
      token.includes(UNDERSCORE) ||
      !isMixed(token)
    )
      throw new Error(
        `${WHAT}: reservedTokens: expected a mix of letters and others without _ at the end, as '<EOS>', got ${show(token)}`,
      );
}

/** The texts up to a total of `limit` characters. */
async function* beginning(texts: AsyncIterable<string>, limit: number): AsyncGenerator<string> {
  let left = limit;
  for await (const text of texts) {
    const letters = left < Infinity ? characters(text).slice(0, left) : null;
    yield letters ? letters.join('') : text;
    left -= letters?.length ?? 0;
    if (left <= 0) return;
  }
}

function extent(counts: Counts): [number, number] {
  let [least, most] = [Infinity, 1];
  for (const count of counts.values()) {
    least = Math.min(least, count);
    most = Math.max(most, count);
  }
  return [least, most];
}

/** Bisects the minimum count of a subword until the size of the vocabulary is within 1 % of the target. */
async function search(
  build: (leastCount: number) => Promise<string[]>,
  target: number,
  low: number,
  high: number,
): Promise<string[]> {
  let best: string[] | null = null;
  for (;;) {
    const middle = Math.floor((low + high) / 2);
    const subwords = await build(middle);
    const miss = Math.abs(subwords.length - target);
    // Of two vocabularies that miss the target by the same amount, the later one is kept, as in tfds.
    if (!best || miss <= Math.abs(best.length - target)) best = subwords;
    const near = miss * 100 < target + BYTES_AND_PADDING;
    if (near || low >= high || middle <= 1) return best;
    if (subwords.length > target) low = middle + 1;
    else high = middle - 1;
  }
}
