/**
 * Beam search. The device keeps the beams and hands out the candidates of every step, from which the host follows which sequences there are and
 * which have ended.
 */
import type { Storage } from '../../backend.ts';
import type { Network } from '../../layers/network.ts';
import type { Tensor } from '../../tensor.ts';
import type { Settings } from './options.ts';
import { Prompt } from './prompt.ts';
import { floatsOf, noToken } from './search.ts';
import type { Generated, Search } from './search.ts';
import { onDevice } from './steps.ts';
import type { Steps } from './steps.ts';

/** A beam that has no sequence yet, as the kernel has it. */
const NONE = -3e38;

interface Sequence {
  readonly ids: readonly number[];
  readonly sum: number;
}
interface Ended {
  readonly ids: readonly number[];
  readonly score: number;
}

export class Beams implements Search {
  readonly steps: number;
  private readonly settings: Settings;
  private readonly prompt: Prompt;
  private readonly model: Steps;
  private readonly candidates: number;
  private readonly tensors: Record<
    'kinds' | 'script' | 'positions' | 'picked' | 'scores' | 'parents',
    Tensor
  >;
  /** By row, what its beams hold, those that have ended, the best first, and whether the search is over. */
  private readonly beams: Sequence[][];
  private readonly ended: Ended[][];
  private readonly over: boolean[];
  private position: number;

  /** @param steps of all beams */
  constructor(model: Network, settings: Settings, steps: Steps) {
    const { numBeams, vocabulary } = settings;
    const prompt = new Prompt(settings, 1);
    const { rows } = prompt;
    this.settings = settings;
    this.prompt = prompt;
    this.model = steps;
    this.steps = prompt.steps;
    // Enough that as many as there are beams do not end.
    this.candidates = Math.min(1 + prompt.stops.size, vocabulary) * numBeams;
    this.beams = prompt.starts.map(() => [{ ids: [], sum: 0 }]);
    this.ended = prompt.starts.map(() => []);
    this.over = prompt.starts.map(() => false);
    this.position = prompt.common;
    if (prompt.common > 0) steps.read(prompt.beginning(numBeams));
    model.device.write(steps.ids.storage, prompt.next(numBeams));
    // All beams begin alike, and one of them counts.
    const scores = Float32Array.from({ length: rows * numBeams }, (_, i) =>
      i % numBeams === 0 ? 0 : NONE,
    );
    this.tensors = {
      kinds: onDevice(model, prompt.kinds),
      script: onDevice(model, prompt.script),
      positions: onDevice(model, new Int32Array(rows).fill(prompt.common)),
      picked: onDevice(model, new Int32Array(2 * rows * this.candidates)),
      scores: onDevice(model, scores),
      parents: onDevice(model, new Int32Array(rows * numBeams)),
    };
  }

  get picked(): Storage {
    return this.tensors.picked.storage;
  }
  get done(): boolean {
    return !this.over.includes(false);
  }

  record(): void {
    const { numBeams: beams, vocabulary } = this.settings;
    const { rows, length } = this.prompt;
    const { kinds, script, positions, picked, scores, parents } = this.tensors;
    this.model.repeat((logProbs) => {
      logProbs.device.run(
        'beam_step',
        {
          logProbs: logProbs.storage,
          kinds: kinds.storage,
          script: script.storage,
          scores: scores.storage,
          positions: positions.storage,
          ids: this.model.ids.storage,
          parents: parents.storage,
          picked: picked.storage,
        },
        { rows, beams, vocabulary, scriptLength: length, candidates: this.candidates },
      );
      this.model.reorder(parents, beams);
    });
  }

  take(picked: Int32Array): null {
    this.position++;
    const sums = floatsOf(picked);
    const { candidates, prompt } = this;
    for (let row = 0; row < prompt.rows; row++) {
      // Before its first new token a row has one beam, which follows its prefix.
      if (this.over[row] || this.position < prompt.starts[row]) continue;
      const places = picked.subarray(row * candidates, (row + 1) * candidates);
      const from = (prompt.rows + row) * candidates;
      this.takeRow(row, places, sums.subarray(from, from + candidates));
    }
    return null;
  }

  private takeRow(row: number, places: Int32Array, sums: Float32Array): void {
    const { vocabulary, numBeams } = this.settings;
    const { stops } = this.prompt;
    const before = this.beams[row];
    const going: Sequence[] = [];
    const count = this.position - this.prompt.starts[row] + 1;
    places.forEach((place, rank) => {
      if (place < 0) return;
      const id = place % vocabulary;
      const { ids } = before[Math.floor(place / vocabulary)];
      const sum = sums[rank];
      if (!stops.has(id)) {
        if (going.length < numBeams) going.push({ ids: [...ids, id], sum });
      } else if (rank < numBeams) this.end(row, { ids, sum }, count);
    });
    if (going.length === 0 && this.ended[row].length === 0) throw noToken(row);
    this.beams[row] = going;
    const last = count >= this.settings.maxNewTokens[row];
    if (last) for (const one of going) this.end(row, one, count);
    const worst = this.ended[row][numBeams - 1]?.score ?? -Infinity;
    // The sums are in order. A beam that ended now would have this score.
    const best = going.length > 0 ? this.scoreOf(going[0].sum, count) : -Infinity;
    this.over[row] = last || going.length === 0 || worst >= best;
  }

  private end(row: number, { ids, sum }: Sequence, count: number): void {
    const list = this.ended[row];
    list.push({ ids, score: this.scoreOf(sum, count) });
    list.sort((a, b) => b.score - a.score);
    list.length = Math.min(list.length, this.settings.numBeams);
  }

  private scoreOf(sum: number, count: number): number {
    return sum / count ** this.settings.lengthPenalty;
  }

  result(): Generated {
    const { numReturnSequences: each } = this.settings;
    const best = this.ended.map((list, row) => {
      if (list.length < each)
        throw new Error(
          `generate: expected ${each} sequences for each row, found ${list.length} for row ${row}: no others are possible; ask for fewer, or force and forbid less`,
        );
      return list.slice(0, each);
    });
    return {
      sequences: best.flat().map(({ ids }) => [...ids]),
      scores: best.flat().map(({ score }) => score),
    };
  }

  dispose(): void {
    for (const one of Object.values(this.tensors)) one.dispose();
  }
}
