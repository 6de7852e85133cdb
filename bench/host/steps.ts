/** W10: the time of a synchronous step, and what a million of them allocate. */
import { WASM } from '../names.mjs';
import type { Host } from './host.ts';
import { measureTogether } from './measure.ts';
import type { Budget, Entry } from './measure.ts';
import type { Problems, Row } from './rows.ts';
import { addNote } from './table.ts';

/** Steps a millisecond in audio at 48 kHz. */
const RATE = 48;

export async function measureSteps(
  host: Host,
  entries: readonly Entry[],
  budget: Budget,
  say: (text: string) => void,
): Promise<{ rows: Row[]; problems: Problems }> {
  const found = await measureTogether(host, entries, budget, say);
  for (const row of found.rows) {
    if (row.median_ms === null) continue;
    row.real_time_share = RATE * row.median_ms;
    addNote(row, `${(100 * row.real_time_share).toFixed(1)}% of real time at 48 kHz`);
    if (row.contender !== WASM) continue;
    say(`${row.workload}: ${row.contender}, a million steps`);
    row.allocated_bytes = await allocatedBytes(host, row.workload);
    addNote(row, `10⁶ steps allocate ${row.allocated_bytes} bytes`);
  }
  return found;
}

/** What a million steps allocate on the JavaScript heap: without what starting and measuring them does, which one step takes too. */
async function allocatedBytes(timed: Host, workload: string): Promise<number> {
  const host = await timed.forMemory();
  try {
    const [million, one] = [
      await grownBy(host, workload, 'million'),
      await grownBy(host, workload, 'one'),
    ];
    return million - one;
  } finally {
    await host.close();
  }
}

/** By how many bytes a repetition of so many steps makes the heap grow. */
async function grownBy(host: Host, workload: string, steps: 'million' | 'one'): Promise<number> {
  const session = await host.session();
  const once = () => session.run({ minimum: 1, maximum: 1, milliseconds: 0 });
  try {
    await session.open(WASM, workload, steps);
    await once();
    await session.heap();
    const before = await session.heap(false);
    await once();
    return (await session.heap(false)) - before;
  } finally {
    await session.close();
  }
}
