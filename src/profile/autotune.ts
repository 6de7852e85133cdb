/**
 * Choosing variants of kernels by measuring them where they are used. In each round, every kernel that has another variant runs its
 * next one.
 */
import type { Device } from '../backend.ts';
import { COUNT, readOptions, SHARE } from '../options.ts';
import type { ObservableDevice, Observer } from '../webgpu/observer.ts';
import { clockOf, exclusively, isObservable, median, runOnce, timeKernels } from './measure.ts';
import type { TuneOptions, Tuning } from './types.ts';

interface Candidate {
  /** Of its variants, the rule's first. */
  readonly names: readonly string[];
  /** Milliseconds by name. */
  readonly ms: Map<string, number>;
}

/** Chooses for a device while it is being measured, and collects what there is to choose. */
class Tuner implements Observer {
  readonly candidates = new Map<string, Candidate>();
  round = 0;

  readonly choose = (key: string, names: readonly string[]): string => {
    let candidate = this.candidates.get(key);
    if (!candidate) this.candidates.set(key, (candidate = { names, ms: new Map() }));
    const wanted = candidate.names[Math.min(this.round, candidate.names.length - 1)];
    return names.includes(wanted) ? wanted : names[0];
  };

  get rounds(): number {
    return Math.max(0, ...[...this.candidates.values()].map(({ names }) => names.length));
  }
}

/**
 * Measures the variants of the kernels that `fn` runs, and puts the fastest of each into `device.choices`, where the device finds it
 * from then on. Otherwise a rule chooses, by shape and device alone. Variants round their sums differently: so a model is saved with
 * the choices, and a device of the same description takes them over when the model is loaded there. Like `profile`, it calls the
 * function several times; it should record the same each time, and nothing is chosen for a kernel that is not in every run. On a
 * device without variants, such as cpu(), it does nothing.
 *
 * @returns what was measured, a kernel and size each
 */
export async function autotune(
  device: Device,
  fn: () => unknown,
  options: TuneOptions = {},
): Promise<Tuning[]> {
  const { repeats, gain } = readOptions(
    'autotune',
    options,
    { repeats: 3, gain: 0.05 },
    { repeats: COUNT, gain: SHARE },
  );
  if (!isObservable(device)) return [];
  const tuner = new Tuner();
  await exclusively(device, 'autotune', repeats, async () => {
    await runWith(device, tuner, fn);
    for (tuner.round = 0; tuner.round < tuner.rounds; tuner.round++) {
      await runWith(device, tuner, fn);
      await measureRound(device, fn, repeats, tuner);
    }
  });
  const measured = [...tuner.candidates].filter(
    ([, { names, ms }]) => names.length > 1 && ms.size === names.length,
  );
  return measured.map(([key, candidate]) => {
    const tuning = fastest(key, candidate, gain);
    if (tuning.chosen === tuning.byRule) delete device.choices[key];
    else device.choices[key] = tuning.chosen;
    return tuning;
  });
}

/** One run with the variants of this round that is not timed: it finds them, and compiles them. */
async function runWith(device: ObservableDevice, tuner: Tuner, fn: () => unknown): Promise<void> {
  device.observer = tuner;
  try {
    await runOnce(device, fn);
  } finally {
    device.observer = null;
  }
}

async function measureRound(
  device: ObservableDevice,
  fn: () => unknown,
  repeats: number,
  tuner: Tuner,
): Promise<void> {
  const clock = await clockOf(device, true);
  const runs = await timeKernels(device, fn, repeats, clock, tuner.choose);
  for (const [key, { names, ms }] of tuner.candidates) {
    if (tuner.round >= names.length) continue;
    const times = runs.map((rows) => [...rows.values()].filter((row) => row.choice === key));
    if (times.some((own) => own.length === 0)) continue;
    const totals = times.map((own) => own.reduce((sum, row) => sum + row.ms, 0));
    ms.set(names[tuner.round], median(totals));
  }
}

function fastest(key: string, { names, ms }: Candidate, gain: number): Tuning {
  const [byRule] = names;
  let chosen = byRule;
  let least = (1 - gain) * ms.get(byRule)!;
  for (const name of names) if (ms.get(name)! < least) [chosen, least] = [name, ms.get(name)!];
  return { key, chosen, byRule, ms: Object.fromEntries(ms) };
}
