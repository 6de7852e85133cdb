/** What a path of connectionist temporal classification reads as: the labels of a batch, on the host. */
import { noGrad } from '../autograd.ts';
import { check, COUNT, LISTLIKE, oneOf, readOptions, show } from '../options.ts';
import { scope, Tensor } from '../tensor.ts';
import type { TensorLike } from '../tensor.ts';
import { checkLogits } from './ctc.ts';
import { floatsOf } from './operands.ts';
import { argMax, max } from './reduce.ts';
import { logSoftmax } from './softmax.ts';
import { prefixBeamSearch } from './prefix_beam_search.ts';

/** How `ctcDecode` searches. */
export interface CtcDecodeOptions {
  /** Steps of each row that count, from its first one on; all by default. */
  lengths?: readonly number[] | Tensor | null;
  /**
   * `greedy` (default): what the likeliest class of every step reads as. `beamSearch`: the likeliest labels, whose probability is summed over all
   * paths that read so, by a prefix beam search.
   */
  strategy?: 'greedy' | 'beamSearch';
  /** Of `beamSearch`: prefixes kept from step to step; 100 by default. */
  beamWidth?: number;
  /** Of `beamSearch`: how many of the best are given for each row, at most `beamWidth`; 1 by default. */
  topPaths?: number;
  /** The class that stands for no label; 0 by default. */
  blank?: number;
}

/** What `ctcDecode` reads. */
export interface CtcDecoded {
  /** Labels, row after row, the best of each row first: rows × topPaths lists. */
  sequences: number[][];
  /** Their log probabilities: of the best path (`greedy`), or of all paths in the beam that read so. */
  scores: number[];
}

const DEFAULTS: Required<CtcDecodeOptions> = {
  lengths: null,
  strategy: 'greedy',
  beamWidth: 100,
  topPaths: 1,
  blank: 0,
};

/**
 * Reads the labels out of a model's outputs, like Keras' `ops.ctc_decode`: equal neighbours of a path are joined and blanks left out.
 *
 * @param logits float32 [B,T,C], or log probabilities
 */
export async function ctcDecode(
  logits: TensorLike,
  options: CtcDecodeOptions = {},
): Promise<CtcDecoded> {
  const { strategy, beamWidth, topPaths, blank } = readOptions('ctcDecode', options, DEFAULTS, {
    strategy: oneOf(['greedy', 'beamSearch']),
    beamWidth: COUNT,
    topPaths: COUNT,
  });
  logits = floatsOf('ctcDecode', logits);
  checkLogits('ctcDecode', logits, blank);
  const most = strategy === 'greedy' ? 1 : beamWidth;
  if (topPaths > most)
    throw new Error(
      `ctcDecode: expected topPaths of at most ${most} (${strategy === 'greedy' ? "strategy 'greedy' finds one path" : 'beamWidth'}), got ${topPaths}`,
    );
  const lengths = await lengthsOf(logits, options.lengths);
  return strategy === 'greedy'
    ? greedy(logits, lengths, blank)
    : beams(logits, lengths, { beamWidth, topPaths, blank });
}

async function lengthsOf(
  { shape: [rows, steps] }: Tensor,
  given: CtcDecodeOptions['lengths'],
): Promise<ArrayLike<number>> {
  const lengths = given instanceof Tensor ? await given.data() : given;
  if (!lengths) return new Int32Array(rows).fill(steps);
  check('ctcDecode', 'lengths', lengths, LISTLIKE);
  const wrong = Array.from(lengths).find((n) => !Number.isInteger(n) || n < 0 || n > steps);
  if (lengths.length !== rows || wrong !== undefined)
    throw new Error(
      `ctcDecode: expected ${rows} lengths, one for each row, in 0…${steps} (time steps), got ${wrong === undefined ? `${lengths.length} of them` : show(wrong)}`,
    );
  return lengths;
}

async function greedy(
  logits: Tensor,
  lengths: ArrayLike<number>,
  blank: number,
): Promise<CtcDecoded> {
  const [rows, steps] = logits.shape;
  const best = scope(() =>
    noGrad(() => [argMax(logits), max(logSoftmax(logits), { axis: -1 })] as const),
  );
  const [classes, probabilities] = await Promise.all(best.map((tensor) => tensor.data()));
  for (const tensor of best) tensor.dispose();
  const decoded: CtcDecoded = { sequences: [], scores: [] };
  for (let row = 0; row < rows; row++) {
    const sequence: number[] = [];
    let score = 0;
    let before = blank;
    for (let t = row * steps; t < row * steps + lengths[row]; t++) {
      if (classes[t] !== before && classes[t] !== blank) sequence.push(classes[t]);
      before = classes[t];
      score += probabilities[t];
    }
    decoded.sequences.push(sequence);
    decoded.scores.push(score);
  }
  return decoded;
}

async function beams(
  logits: Tensor,
  lengths: ArrayLike<number>,
  options: { beamWidth: number; topPaths: number; blank: number },
): Promise<CtcDecoded> {
  const [rows, steps, classes] = logits.shape;
  const tensor = scope(() => noGrad(() => logSoftmax(logits)));
  const probabilities = await tensor.data();
  tensor.dispose();
  const decoded: CtcDecoded = { sequences: [], scores: [] };
  for (let row = 0; row < rows; row++) {
    const first = row * steps * classes;
    const own = probabilities.subarray(first, first + lengths[row] * classes);
    const found = prefixBeamSearch(own, classes, options.blank, options.beamWidth);
    for (let k = 0; k < options.topPaths; k++) {
      // So few steps may have fewer readings than are asked for.
      decoded.sequences.push(found[k]?.labels ?? []);
      decoded.scores.push(found[k]?.score ?? -Infinity);
    }
  }
  return decoded;
}
