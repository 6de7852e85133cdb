/** What the ways to choose tokens have in common, and the loop that runs each of them. */
import type { Device, Storage } from '../../backend.ts';
import { periodicYield } from '../../event_loop.ts';

/** What `generate` made. */
export interface Generated {
  /** The new ids of each row, without the stop token; of several for a row the best comes first. */
  sequences: number[][];
  /** Of each sequence: the sum of the log-probabilities of its tokens, the stop token included, divided by their number to the power of lengthPenalty. */
  scores: number[];
}

export interface Search {
  /** What the host reads of every step, int32. */
  readonly picked: Storage;
  /** How many steps there can be. */
  readonly steps: number;
  /** Whether all rows have ended. */
  readonly done: boolean;
  /** Has the device take a step. */
  record(): void;
  /** Takes what a step picked. Returns the new id of each row, -1 where there is none; null where no row has one. */
  take(picked: Int32Array): number[] | null;
  result(): Generated;
  dispose(): void;
}

/** Steps that a GPU is given before the first of them is read. */
const IN_FLIGHT = 8;

/** Takes steps until all rows have ended. Of a GPU none is waited for before the next ones are on their way. */
export async function* follow(
  search: Search,
  device: Device,
  signal: AbortSignal | undefined,
): AsyncGenerator<number[], void> {
  const most = device.kind === 'webgpu' ? IN_FLIGHT : 1;
  const pending: Promise<Int32Array>[] = [];
  const pause = periodicYield();
  let left = search.steps;
  try {
    while (!search.done) {
      signal?.throwIfAborted();
      for (; left > 0 && pending.length < most; left--) {
        search.record();
        const read = device.read(search.picked, { poll: true }) as Promise<Int32Array>;
        // It is waited for in its turn.
        read.catch(() => undefined);
        pending.push(read);
      }
      const ids = search.take(await pending.shift()!);
      if (ids) yield ids;
      const waiting = pause();
      if (waiting) await waiting;
    }
  } finally {
    await Promise.allSettled(pending);
  }
}

/** The float32 numbers whose bits a kernel handed out. */
export const floatsOf = (picked: Int32Array): Float32Array =>
  new Float32Array(picked.buffer, picked.byteOffset, picked.length);

export function noToken(row: number): Error {
  return new Error(
    `generate: expected a token that can follow in row ${row}, got none: the model gives numbers that are not finite, or all tokens are forbidden; look at what predict() gives`,
  );
}
