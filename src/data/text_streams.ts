/**
 * A long text as parallel streams, for truncated backpropagation through time (Williams and Peng 1990): each row of a batch goes on where the
 * same row of the batch before it ended, so that `stateful` layers carry their states along, while gradients stay within a batch.
 */
import { LISTLIKE, readOptions, show } from '../options.ts';
import { checkCount } from './check_count.ts';
import { Dataset } from './dataset.ts';

/** The shape of the batches of `textStreams`. */
export interface TextStreamsOptions {
  /** Streams side by side: the rows of a batch. */
  batchSize: number;
  /** Time steps of a batch: as far back as gradients reach. */
  sequenceLength: number;
  /** Leaves out the tokens at the end of the streams that fill no whole batch, so that all batches have one shape; false by default. */
  dropRemainder?: boolean;
}

/** Ids [batchSize, steps] and those that follow them, [batchSize, steps]. */
export interface TextStreamsBatch {
  /** The ids that the model reads. */
  x: { data: Int32Array; shape: [number, number] };
  /** The id that follows each of them. */
  y: { data: Int32Array; shape: [number, number] };
  /** 0 at padding, else 1, [batchSize, steps]. Only in a batch with padding. */
  sampleWeight?: { data: Float32Array; shape: [number, number] };
}

/**
 * Cuts a text into `batchSize` streams of (nearly) the same length, and these into batches of `sequenceLength` steps. `x` holds the ids and `y`
 * the ones that follow them: every token but the first is a target exactly once.
 *
 * The last batch is as long as what is left, not padded to `sequenceLength`. If the targets do not divide among the streams, some
 * streams are one token shorter: their last place is 0 in `x` and `y`, and its `sampleWeight` is 0. It counts nowhere if the model masks it
 * (an embedding with `maskZero`, for ids from 1 on), and without a mask not in `weightedMetrics`.
 *
 * In `fit` and `evaluate`, `stateful` layers begin each epoch of such a dataset with zeros, and afterwards have the states again that they
 * had before, so that validation does not disturb training.
 *
 * @param ids the tokens of the text, whole numbers
 * @throws Error if the text does not fill one batch, or `ids` are no whole numbers
 */
export function textStreams(
  ids: ArrayLike<number>,
  options: TextStreamsOptions,
): Dataset<TextStreamsBatch> {
  const { batchSize, sequenceLength, dropRemainder } = readOptions<Required<TextStreamsOptions>>(
    'textStreams',
    options,
    { batchSize: undefined as never, sequenceLength: undefined as never, dropRemainder: false },
  );
  checkCount('textStreams: batchSize', batchSize, 1);
  checkCount('textStreams: sequenceLength', sequenceLength, 1);
  const text = wholeNumbers(ids);
  const targets = text.length - 1;
  const needed = batchSize * sequenceLength + 1;
  if (text.length < needed)
    throw new Error(
      `textStreams: expected at least ${batchSize} · ${sequenceLength} + 1 = ${needed} ids for one batch, got ${text.length}; lower ` +
        'batchSize or sequenceLength, or take a longer text',
    );
  const shortest = Math.floor(targets / batchSize);
  // The first streams have one token more.
  const longer = dropRemainder ? 0 : targets % batchSize;
  const starts = Array.from({ length: batchSize }, (_, row) => row * shortest + Math.min(row, longer)); // prettier-ignore
  const longest = dropRemainder
    ? shortest - (shortest % sequenceLength)
    : shortest + Number(longer > 0);

  const window = (begin: number): TextStreamsBatch => {
    const steps = Math.min(sequenceLength, longest - begin);
    const shape: [number, number] = [batchSize, steps];
    const [x, y] = [0, 1].map(() => new Int32Array(batchSize * steps));
    const ends = starts.map((_, row) => Math.min(begin + steps, shortest + Number(row < longer)));
    starts.forEach((start, row) => {
      x.set(text.subarray(start + begin, start + ends[row]), row * steps);
      y.set(text.subarray(start + begin + 1, start + ends[row] + 1), row * steps);
    });
    const batch = { x: { data: x, shape }, y: { data: y, shape } };
    if (ends.every((end) => end === begin + steps)) return batch;
    const weights = new Float32Array(batchSize * steps).fill(1);
    ends.forEach((end, row) => weights.fill(0, row * steps + end - begin, (row + 1) * steps));
    return { ...batch, sampleWeight: { data: weights, shape } };
  };
  const size = Math.ceil(longest / sequenceLength);
  return Dataset.fromGenerator(
    function* () {
      for (let i = 0; i < size; i++) yield window(i * sequenceLength);
    },
    { size, stateful: true },
  );
}

function wholeNumbers(ids: ArrayLike<number>): Int32Array {
  if (ids instanceof Int32Array) return ids;
  const isList = LISTLIKE[1](ids);
  const at = isList ? Array.from(ids).findIndex((id) => !Number.isInteger(id)) : -1;
  if (!isList || at >= 0)
    throw new Error(
      `textStreams: expected ids, whole numbers, got ${typeof ids === 'string' ? 'a text' : isList ? `${show(ids[at])} at position ${at}` : show(ids)}; ` +
        'encode the text first, with a Tokenizer or a table of its characters',
    );
  return Int32Array.from(ids);
}
