/** W9: memory after the first hundred steps and after all steps. */
import { spreadOf } from '../statistics.ts';
import { FIT_STEPS } from '../workloads.ts';
import { lossFalls } from './compare.ts';
import type { Host } from './host.ts';
import type { Problems, Row } from './rows.ts';

interface Found {
  rows: Row[];
  problems: Problems;
}

export async function measureMemory(
  timed: Host,
  contenders: readonly string[],
  steps: number,
  say: (text: string) => void,
): Promise<Found> {
  const found: Found = { rows: [], problems: [] };
  for (const contender of contenders) {
    const { row, problems } = await measureOne(timed, contender, steps, say);
    found.rows.push(row);
    found.problems.push(...problems);
  }
  return found;
}

async function measureOne(
  timed: Host,
  contender: string,
  steps: number,
  say: (text: string) => void,
): Promise<{ row: Row; problems: Problems }> {
  const host = await timed.forMemory();
  const session = await host.session();
  const once = (times: number) => session.run({ minimum: times, maximum: times, milliseconds: 0 });
  try {
    await session.open(contender, 'W9', 'steady');
    const { losses } = await once(1);
    const now = async (): Promise<Record<string, number>> => ({
      ...(await session.facts()),
      heap: await session.heap(),
    });
    const begin = await now();
    const times: number[] = [];
    const repetitions = Math.max(1, Math.round(steps / FIT_STEPS) - 1);
    for (let done = 0; done < repetitions;) {
      const count = Math.min(10, repetitions - done);
      const found = await once(count);
      times.push(...found.times.map((time) => time / FIT_STEPS));
      losses.push(...found.losses);
      done += count;
      say(`W9: ${contender}, ${(done + 1) * FIT_STEPS} of ${steps} steps`);
    }
    const end = await now();
    const { median, min, max, spread } = spreadOf(times);
    const row: Row = {
      workload: 'W9',
      contender,
      median_ms: median,
      min_ms: min,
      max_ms: max,
      spread,
      n: repetitions * FIT_STEPS,
      loss_first: losses[0],
      loss_last: losses.at(-1)!,
      note: `GPU ${begin.gpu_bytes} -> ${end.gpu_bytes} bytes in ${begin.storages} -> ${end.storages} storages, heap ${begin.heap} -> ${end.heap}`,
      gpu_growth_bytes: end.gpu_bytes - begin.gpu_bytes,
      storage_growth: end.storages - begin.storages,
      heap_growth_bytes: end.heap - begin.heap,
    };
    return { row, problems: lossFalls(row, losses) };
  } finally {
    await session.close();
    await host.close();
  }
}
