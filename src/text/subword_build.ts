/** A vocabulary of subwords for a corpus: `build_from_corpus` of `tfds`. */
import { wholeNumber } from './arrays.ts';
import { breather, textsOf } from './progress.ts';
import type { Corpus } from './progress.ts';
import { candidatesOf } from './subword_candidates.ts';
import type { Counts } from './subword_candidates.ts';
import { escaped, isMixed, prepared, splitter, UNDERSCORE } from './subword_tokens.ts';
import { countToken } from './token_counts.ts';
import { characters, hasLoneSurrogate } from './unicode.ts';

export interface BuildProgress {
  /** `read`: the corpus is read; `search`: vocabularies are tried. */
  stage: 'read' | 'search';
  /** Texts read so far. */
  texts: number;
  /** Different tokens in them. */
  tokens: number;
  /** Vocabularies tried so far, and how many ids the last one has. */
  tried: number;
  vocabularySize: number | null;
}

export interface BuildOptions {
  /** Most characters of a subword, 20 by default. Memory grows with it. */
  maxSubwordLength?: number;
  /** Characters of the corpus that are read; all by default. */
  maxCorpusChars?: number | null;
  /** Tokens that stay whole and get the first ids: a mix of letters and others, as `<EOS>`, without `_` at the end. */
  reservedTokens?: readonly string[];
  /** Called every 1000 texts and after each vocabulary that was tried. */
  onProgress?: (progress: BuildProgress) => void;
}

const WHAT = 'SubwordEncoder.buildFromCorpus';
const BYTES_AND_PADDING = 257;
const REPORT_EVERY = 1000;
const ROUNDS = 4;

/** The subwords of about `target` ids, the reserved ones first, then by frequency. */
export async function buildSubwords(
  corpus: Corpus,
  target: number,
  options: BuildOptions,
): Promise<string[]> {
  const { maxSubwordLength = 20, maxCorpusChars = null, reservedTokens = [] } = options;
  wholeNumber(`${WHAT}: targetVocabSize`, target, BYTES_AND_PADDING + 1);
  wholeNumber(`${WHAT}: maxSubwordLength`, maxSubwordLength, 1);
  if (maxCorpusChars !== null) wholeNumber(`${WHAT}: maxCorpusChars`, maxCorpusChars, 1);
  checkReserved(reservedTokens);
  const state = { texts: 0, tokens: 0, tried: 0 };
  const report = (stage: BuildProgress['stage'], vocabularySize: number | null = null) =>
    options.onProgress?.({ stage, ...state, vocabularySize });
  const breathe = breather();

  const split = splitter(reservedTokens);
  const counts: Counts = new Map();
  for await (const text of beginning(textsOf(WHAT, corpus), maxCorpusChars ?? Infinity)) {
    for (const token of prepared(split(text))) countToken(counts, token);
    state.tokens = counts.size;
    if (++state.texts % REPORT_EVERY === 0) report('read');
    await breathe();
  }
  // A file of text cannot hold half of a surrogate pair; such characters are left to the bytes.
  for (const token of counts.keys()) if (hasLoneSurrogate(token)) counts.delete(token);
  if (counts.size === 0) throw new Error(`${WHAT}: expected texts, got none`);
  report('search');

  const reserved = reservedTokens.map(escaped);
  const build = async (leastCount: number) => {
    let subwords = reserved;
    for (let round = 0; round < ROUNDS; round++) {
      const found = await candidatesOf(counts, subwords, leastCount, maxSubwordLength, breathe);
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
    if (token.endsWith('_') || token.includes(UNDERSCORE) || !isMixed(token))
      throw new Error(
        `${WHAT}: reservedTokens: expected a mix of letters and others without _ at the end, as '<EOS>', got '${token}'`,
      );
}

/** The texts until there are `limit` characters. */
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

/** Halves the range of the least count that a subword must have until the vocabulary is within 1 % of what is wanted. */
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
    // Later ones are preferred where they are as near.
    if (!best || miss <= Math.abs(best.length - target)) best = subwords;
    const near = miss * 100 < target + BYTES_AND_PADDING;
    if (near || low >= high || middle <= 1) return best;
    if (subwords.length > target) low = middle + 1;
    else high = middle - 1;
  }
}
