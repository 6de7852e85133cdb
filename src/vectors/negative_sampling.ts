/** Gradient descent for negative sampling. A step reads and writes only the rows of words that occur in its batch. */
import { noGrad } from '../autograd.ts';
import type { Device, NumericArray } from '../backend.ts';
import { VECTORS_KERNELS } from '../kernel_groups/vectors.generated.ts';
import { addKernels } from '../kernel_sources.ts';
import { sigmoid } from '../ops/activations.ts';
import { sub } from '../ops/map.ts';
import { allocate, scope, tensor } from '../tensor.ts';
import type { Tensor } from '../tensor.ts';
import type { Batch } from './batches.ts';
import { Grouper } from './group_places.ts';

/** The operands of the kernel `weighted_rows`, which computes sums of weighted rows. */
interface Terms {
  table: Tensor;
  ids: Tensor;
  weights: Tensor;
  places: Tensor;
  begins: Tensor;
}

export class NegativeSampling {
  /** [V, width]: the word vectors. */
  readonly input: Tensor;
  /** [V, width]: the vectors of words as targets. */
  readonly output: Tensor;
  private readonly device: Device;
  private readonly grouper: Grouper;
  /** 0, 1, 2, … and 1, 1, 1, …, at least as long as the largest batch so far needs. */
  private counting: Tensor;
  private ones: Tensor;

  /**
   * @param input [vocabulary, width], the initial vectors; the width is a multiple of 4
   * @param output likewise, those of words as targets
   */
  constructor(device: Device, vocabulary: number, input: NumericArray, output: NumericArray) {
    const shape = [vocabulary, input.length / vocabulary];
    addKernels(VECTORS_KERNELS);
    this.device = device;
    this.input = tensor(input, shape, 'float32', device);
    this.output = tensor(output, shape, 'float32', device);
    this.grouper = new Grouper(vocabulary);
    [this.counting, this.ones] = this.constants(0);
  }

  /**
   * One step. The loss of an example whose hidden vector h is the mean of its inputs' vectors is -log σ(h·v) for the target word
   * plus -log σ(-h·v) for each random one (Mikolov et al., "Distributed Representations of Words and Phrases and their
   * Compositionality", 2013, equation 4). Losses are summed over a batch, so that a batch of one is word2vec's step. As in
   * word2vec and gensim, each input gets the whole gradient of h, not divided by the number of inputs.
   *
   * @returns the logits h·v, [size, 1 + negative], which the caller must dispose of
   */
  step({ size, inputs, begins, targets }: Batch, learningRate: number): Tensor {
    const { device, input, output } = this;
    const each = targets.length / size;
    const terms = inputs.length;
    if (Math.max(terms, targets.length) >= this.counting.size) {
      this.counting.dispose();
      this.ones.dispose();
      [this.counting, this.ones] = this.constants(2 * Math.max(terms, targets.length));
    }
    const { counting, ones } = this;
    return scope(() =>
      noGrad(() => {
        // All uploads come before the first kernel: one in between would split the submit.
        const upload = (data: NumericArray, shape = [data.length]): Tensor =>
          tensor(data, shape, undefined, device);
        const example = new Int32Array(terms);
        const shares = new Float64Array(terms);
        for (let b = 0; b < size; b++) {
          example.fill(b, begins[b], begins[b + 1]);
          shares.fill(1 / (begins[b + 1] - begins[b]), begins[b], begins[b + 1]);
        }
        const labels = new Float32Array(targets.length);
        const owner = new Int32Array(targets.length);
        const eachBegins = new Int32Array(size + 1);
        for (let b = 0; b < size; b++) {
          labels[b * each] = 1;
          owner.fill(b, b * each, (b + 1) * each);
          eachBegins[b + 1] = (b + 1) * each;
        }
        const on = {
          ...{ inputs: upload(inputs), begins: upload(begins), shares: upload(shares) },
          ...{ targets: upload(targets), eachBegins: upload(eachBegins) },
          labels: upload(labels, [size, each]),
        };
        const toInput = this.grouped(inputs, example, upload);
        const toOutput = this.grouped(targets, owner, upload);

        const rows = { rows: counting, count: size };
        const forward = { table: input, ids: on.inputs, weights: on.shares, places: counting };
        const hidden = this.sums({ ...forward, begins: on.begins }, rows);
        const logits = allocate(device, [size, each]);
        device.run(
          'row_products',
          {
            a: hidden.storage,
            table: output.storage,
            ids: on.targets.storage,
            out: logits.storage,
          },
          { size: size * each, each, width: output.shape[1] },
        );
        const slopes = sub(sigmoid(logits), on.labels);
        const backward = { table: output, ids: on.targets, weights: slopes, places: counting };
        const gradient = this.sums({ ...backward, begins: on.eachBegins }, rows);

        const scale = -learningRate;
        this.run(output, { ...toOutput, table: hidden, weights: slopes }, toOutput, scale, 1);
        // All weights are 1, so any positions would do.
        const inputTerms = { ...toInput, table: gradient, weights: ones, places: counting };
        this.run(input, inputTerms, toInput, scale, 1);
        device.submit();
        return logits;
      }),
    );
  }

  dispose(): void {
    for (const one of [this.input, this.output, this.counting, this.ones]) one.dispose();
  }

  private constants(length: number): [Tensor, Tensor] {
    const counting = Int32Array.from({ length: length + 1 }, (_, i) => i);
    const ones = new Float32Array(length + 1).fill(1);
    return [
      tensor(counting, undefined, 'int32', this.device),
      tensor(ones, undefined, 'float32', this.device),
    ];
  }

  /** The positions of each word in a list, and the example that each position belongs to. */
  private grouped(list: Int32Array, owner: Int32Array, upload: (data: Int32Array) => Tensor) {
    const { rows, begins, places } = this.grouper.groups(list);
    return {
      ...{ rows: upload(rows), count: rows.length, begins: upload(begins) },
      ...{ places: upload(places), ids: upload(places.map((place) => owner[place])) },
    };
  }

  /** Sums of weighted rows, [count, width]. */
  private sums(terms: Terms, into: { rows: Tensor; count: number }): Tensor {
    const out = allocate(this.device, [into.count, this.input.shape[1]]);
    this.run(out, terms, into, 1, 0);
    return out;
  }

  /** Writes sums of weighted rows, times `scale`, into `out`, or adds them to it. */
  private run(
    out: Tensor,
    { table, ids, weights, places, begins }: Terms,
    { rows, count }: { rows: Tensor; count: number },
    scale: number,
    accumulate: number,
  ): void {
    this.device.run(
      'weighted_rows',
      {
        ...{ table: table.storage, ids: ids.storage, weights: weights.storage },
        ...{ places: places.storage, begins: begins.storage, rows: rows.storage },
        out: out.storage,
      },
      { count, width: this.input.shape[1], scale, accumulate },
    );
  }
}
