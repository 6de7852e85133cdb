/**
 * `device.autotune(fn)`: the variants of everything that `fn` records, measured in the place where they stand. In each round every
 * kernel of which there is another variant takes its next one.
 */
import type { TuneOptions, Tuning } from '../backend.ts';
import type { WebGPUDevice } from './device.ts';
import { clockOf, exclusively, median, runOnce, timeKernels } from './profile.ts';

interface Candidate {
  readonly names: readonly string[];
  /** Milliseconds by name. */
  readonly ms: Map<string, number>;
}

/** Chooses for a device while it is being measured. */
export class Tuner {
  readonly found = new Map<string, Candidate>();
  round = 0;

  choose<V extends { readonly name: string }>(key: string, variants: readonly V[]): V {
    let candidate = this.found.get(key);
    if (!candidate) {
      candidate = { names: variants.map(({ name }) => name), ms: new Map() };
      this.found.set(key, candidate);
    }
    const wanted = candidate.names[Math.min(this.round, candidate.names.length - 1)];
    return variants.find(({ name }) => name === wanted) ?? variants[0];
  }

  get rounds(): number {
    return Math.max(0, ...[...this.found.values()].map(({ names }) => names.length));
  }
}

export async function autotune(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
  { repeats = 3, gain = 0.05 }: TuneOptions,
): Promise<Tuning[]> {
  if (!(gain >= 0 && gain < 1))
    throw new Error(`autotune: expected gain to be a part from 0 to 1, got ${gain}`);
  const tuner = new Tuner();
  await exclusively(gpu, 'autotune', repeats, async () => {
    device.tuner = tuner;
    try {
      // The first run says what there is to choose.
      await runOnce(device, gpu, fn);
      for (tuner.round = 0; tuner.round < tuner.rounds; tuner.round++) {
        await runOnce(device, gpu, fn);
        const clock = await clockOf(device, gpu, true);
        await measure(device, gpu, fn, repeats, clock, tuner);
      }
    } finally {
      device.tuner = null;
    }
  });
  // Of what was not in every run there is nothing to compare.
  const measured = [...tuner.found].filter(
    ([, { names, ms }]) => names.length > 1 && ms.size === names.length,
  );
  return measured.map(([key, candidate]) => {
    const tuning = choose(key, candidate, gain);
    if (tuning.chosen === tuning.byRule) delete device.choices[key];
    else device.choices[key] = tuning.chosen;
    return tuning;
  });
}

async function measure(
  device: WebGPUDevice,
  gpu: GPUDevice,
  fn: () => unknown,
  repeats: number,
  clock: Awaited<ReturnType<typeof clockOf>>,
  tuner: Tuner,
): Promise<void> {
  const runs = await timeKernels(device, gpu, fn, repeats, clock);
  for (const [key, { names, ms }] of tuner.found) {
    if (tuner.round >= names.length) continue;
    const times = runs.map((rows) => [...rows.values()].filter((row) => row.choice === key));
    if (times.some((own) => own.length === 0)) continue;
    const totals = times.map((own) => own.reduce((sum, row) => sum + row.ms, 0));
    ms.set(names[tuner.round], median(totals));
  }
}

function choose(key: string, { names, ms }: Candidate, gain: number): Tuning {
  const [byRule] = names;
  let chosen = byRule;
  let least = (1 - gain) * ms.get(byRule)!;
  for (const name of names) if (ms.get(name)! < least) [chosen, least] = [name, ms.get(name)!];
  return { key, chosen, byRule, ms: Object.fromEntries(ms) };
}
