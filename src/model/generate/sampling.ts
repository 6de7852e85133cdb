/** The most probable token at each step, or one that is drawn. */
import type { Storage } from '../../backend.ts';
import type { Network } from '../../layers/network.ts';
import { keyOf } from '../../random.ts';
import type { Tensor } from '../../tensor.ts';
import type { Settings } from './options.ts';
import { Prompt } from './prompt.ts';
import { floatsOf, noToken } from './search.ts';
import type { Generated, Search } from './search.ts';
import { onDevice } from './steps.ts';
import type { Steps } from './steps.ts';

export class Sampling implements Search {
  readonly steps: number;
  private readonly settings: Settings;
  private readonly prompt: Prompt;
  private readonly model: Steps;
  private readonly tensors: Record<'kinds' | 'script' | 'positions' | 'picked', Tensor>;
  private readonly sequences: number[][];
  private readonly sums: number[];
  /** By row, its tokens, the stop token included, and whether it has ended. */
  private readonly counts: number[];
  private readonly ended: boolean[];
  private position: number;

  /** @param steps of as many rows */
  constructor(model: Network, settings: Settings, steps: Steps) {
    const prompt = new Prompt(settings, settings.numReturnSequences);
    this.settings = settings;
    this.prompt = prompt;
    this.model = steps;
    this.steps = prompt.steps;
    this.sequences = prompt.starts.map(() => []);
    this.sums = prompt.starts.map(() => 0);
    this.counts = prompt.starts.map(() => 0);
    this.ended = prompt.starts.map(() => false);
    this.position = prompt.common;
    if (prompt.common > 0) steps.read(prompt.beginning());
    model.device.write(steps.ids.storage, prompt.next());
    this.tensors = {
      kinds: onDevice(model, prompt.kinds),
      script: onDevice(model, prompt.script),
      positions: onDevice(model, new Int32Array(prompt.rows).fill(prompt.common)),
      picked: onDevice(model, new Int32Array(2 * prompt.rows)),
    };
  }

  get picked(): Storage {
    return this.tensors.picked.storage;
  }
  get done(): boolean {
    return !this.ended.includes(false);
  }

  record(): void {
    const { doSample, topK, topP, temperature, seed, vocabulary } = this.settings;
    const { kinds, script, positions, picked } = this.tensors;
    const [seedLow, seedHigh] = keyOf(seed);
    this.model.repeat((logProbs) =>
      logProbs.device.run(
        'sample_tokens',
        {
          logProbs: logProbs.storage,
          kinds: kinds.storage,
          script: script.storage,
          positions: positions.storage,
          ids: this.model.ids.storage,
          picked: picked.storage,
        },
        {
          rows: this.prompt.rows,
          vocabulary,
          scriptLength: this.prompt.length,
          draws: Number(doSample),
          topK: Math.min(topK, vocabulary),
          topP,
          inverseTemperature: 1 / temperature,
          seedLow,
          seedHigh,
        },
      ),
    );
  }

  take(picked: Int32Array): number[] | null {
    const { prompt, settings, ended, sequences, counts } = this;
    const sums = floatsOf(picked);
    const found = Array<number>(prompt.rows).fill(-1);
    let some = false;
    this.position++;
    for (let row = 0; row < prompt.rows; row++) {
      if (ended[row] || this.position < prompt.starts[row]) continue;
      const id = picked[row];
      if (id < 0) throw noToken(row);
      this.sums[row] += sums[prompt.rows + row];
      const most = settings.maxNewTokens[Math.floor(row / settings.numReturnSequences)];
      const stops = prompt.stops.has(id);
      ended[row] = ++counts[row] >= most || stops;
      if (stops) continue;
      sequences[row].push(id);
      found[row] = id;
      some = true;
    }
    return some ? found : null;
  }

  result(): Generated {
    const { numReturnSequences: each, lengthPenalty } = this.settings;
    const all = this.sequences.map((ids, row) => ({
      ids,
      score: this.sums[row] / this.counts[row] ** lengthPenalty,
    }));
    const sorted = Array.from({ length: all.length / each }, (_, row) =>
      all.slice(row * each, (row + 1) * each).sort((a, b) => b.score - a.score),
    ).flat();
    return { sequences: sorted.map(({ ids }) => ids), scores: sorted.map(({ score }) => score) };
  }

  dispose(): void {
    for (const one of Object.values(this.tensors)) one.dispose();
  }
}
