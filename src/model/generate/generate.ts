/** Sequences of tokens from a model that takes its own: token by token, for many rows side by side, on the device. */
import { addKernels } from '../../kernel_sources.ts';
import { DECODING_KERNELS } from '../../kernel_groups/decoding.generated.ts';
import type { Network } from '../../layers/network.ts';
import { Beams } from './beams.ts';
import { settingsOf } from './options.ts';
import type { GenerateOptions } from './options.ts';
import { Sampling } from './sampling.ts';
import { follow } from './search.ts';
import type { Generated } from './search.ts';
import { Steps } from './steps.ts';

/** What `generate` returns: awaited, it gives all sequences; `for await` over it gives the new ids of all rows as they come. */
export class Generation implements PromiseLike<Generated>, AsyncIterable<number[]> {
  private readonly start: (streams: boolean) => AsyncGenerator<number[], Generated>;
  private all: Promise<Generated> | null = null;

  constructor(start: (streams: boolean) => AsyncGenerator<number[], Generated>) {
    this.start = start;
  }

  then<A = Generated, B = never>(
    onfulfilled?: ((value: Generated) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.all ??= lastOf(this.start(false));
    return this.all.then(onfulfilled, onrejected);
  }

  [Symbol.asyncIterator](): AsyncGenerator<number[], Generated> {
    return this.start(true);
  }
}

/**
 * Generates tokens with a model from ids [batch, time], its first input, to logits or probabilities [batch, time, vocabulary], its first output.
 * All that needs no later step can be in it, and what its other inputs go through may be anything, such as a bidirectional encoder: that is computed
 * once. Every token is chosen on the device, from where the next step takes it; the host reads a number for each row.
 *
 * Rows are independent of each other, and may have prefixes and limits of different lengths. With one seed and device, the same is drawn.
 *
 * @returns awaited: `{ sequences, scores }`, a list of new ids for each row, or `numReturnSequences` of them, the best first, without the stop token.
 *   As an async iterable: the new id of each row, -1 where a row has none because its prefix is longer or because it has ended; not with several
 *   beams, which may change until the end
 * @throws Error where an option does not fit the model, before anything is computed; the reason of `signal` once that is aborted
 */
export function generate(model: Network, options: GenerateOptions): Generation {
  return new Generation(async function* (streams) {
    const settings = settingsOf(model, options);
    settings.signal?.throwIfAborted();
    if (streams && settings.numBeams > 1)
      throw new Error(
        `generate: expected numBeams: 1 where tokens are streamed, got ${settings.numBeams}: beams may change until the end; await the result`,
      );
    addKernels(DECODING_KERNELS);
    const beams = settings.numBeams > 1;
    const copies = beams ? settings.numBeams : settings.numReturnSequences;
    const steps = await Steps.open(model, settings, copies);
    try {
      const search = new (beams ? Beams : Sampling)(model, settings, steps);
      try {
        yield* follow(search, model.device, settings.signal);
        return search.result();
      } finally {
        search.dispose();
      }
    } finally {
      steps.dispose();
    }
  });
}

async function lastOf<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}
