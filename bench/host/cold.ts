/** W8: the first training step in a new page, including all compilation. */
import { spreadOf } from '../statistics.ts';
import { compareLosses } from './compare.ts';
import type { Host } from './host.ts';
import type { Budget } from './measure.ts';
import type { Problems, Row } from './rows.ts';

const REPEATS = 9;
/** A browser still clears away the last page for a while after it was closed, beside the next one. */
const PAUSE_MS = 500;

export async function measureCold(
  host: Host,
  contenders: readonly string[],
  { repeats }: Budget,
  say: (text: string) => void,
): Promise<{ rows: Row[]; problems: Problems }> {
  if (!host.cold) return { rows: [], problems: [] };
  const found = contenders.map((contender) => ({
    contender,
    times: [] as number[],
    losses: [] as number[],
    failure: '',
  }));
  for (let turn = 1; turn <= (repeats ?? REPEATS); turn++)
    // Another one begins each turn, so that none always follows the same one.
    for (const one of rotated(found, turn - 1)) {
      if (one.failure !== '') continue;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      say(`W8: ${one.contender}, page ${turn}`);
      try {
        const { time, losses } = await host.cold(one.contender, 'W8');
        one.times.push(time);
        one.losses = losses;
      } catch (error) {
        one.failure = error instanceof Error ? error.message.split('\n')[0] : String(error);
      }
    }
  const problems: Problems = [];
  const runs = found.map(({ contender, times, losses, failure }) => {
    const spread = times.length > 0 ? spreadOf(times) : null;
    const row: Row = {
      workload: 'W8',
      contender,
      median_ms: spread?.median ?? null,
      min_ms: spread?.min ?? null,
      max_ms: spread?.max ?? null,
      spread: spread?.spread ?? null,
      n: times.length,
      loss_first: losses[0] ?? null,
      loss_last: losses.at(-1) ?? null,
      note: failure === '' ? '' : `failed: ${failure}`,
    };
    if (failure !== '') problems.push(`W8 ${contender}: ${failure}`);
    return { row, losses };
  });
  problems.push(...compareLosses(runs));
  return { rows: runs.map(({ row }) => row), problems };
}

const rotated = <T>(list: readonly T[], by: number): T[] => {
  const begin = by % list.length;
  return [...list.slice(begin), ...list.slice(0, begin)];
};
