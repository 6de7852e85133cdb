/** Measures all contenders alternately, after each has been prepared. */
import { WASM } from '../names.mjs';
import type { Measured } from '../session.ts';
import { mean, spreadOf } from '../statistics.ts';
import { flopsOf, PYTORCH_MS, WORKLOADS } from '../workloads.ts';
import { compareLosses, compareOutputs, lossFalls } from './compare.ts';
import type { Host, RemoteSession } from './host.ts';
import type { Problems, Row } from './rows.ts';
import { isSame } from './variants.ts';

export interface Entry {
  readonly workload: string;
  readonly contender: string;
  /** '' for the variant that is compared; otherwise the variant to measure, which is appended to the name in the table. */
  readonly variant: string;
}

const nameOf = ({ contender, variant }: Entry) =>
  variant === '' ? contender : `${contender}-${variant}`;
const fullName = (entry: Entry) => `${entry.workload} ${nameOf(entry)}`;

export interface Budget {
  /** The number of repetitions of each contender; null for as many as fit into the time. */
  readonly repeats: number | null;
}

const SECONDS = 6;
/** The least number of repetitions, and that of short ones (below BRIEF_MS): a median of three is hardly better than one. */
const MINIMUM = 3;
const MINIMUM_BRIEF = 7;
const BRIEF_MS = 5000;
const MAXIMUM = 3000;
/** How long a contender runs before the next one does, in milliseconds: at least one repetition. */
const TURN_MS = 250;
/** If the first repetition takes longer than this, there is no second one. */
const TOO_SLOW_MS = 120_000;

interface Running extends Measured {
  readonly entry: Entry;
  readonly session: RemoteSession;
  /** The mean of each turn, in milliseconds. */
  readonly turns: number[];
  readonly times: number[];
  readonly losses: number[];
  failure: string | null;
  /** Whether the first repetition is the only one. */
  slow: boolean;
}

/** Measures all entries alternately, and compares those of the same workload. */
export async function measureTogether(
  host: Host,
  entries: readonly Entry[],
  budget: Budget,
  say: (text: string) => void,
): Promise<{ rows: Row[]; problems: Problems }> {
  const running: Running[] = [];
  try {
    for (const entry of entries) {
      say(`${fullName(entry)} gets ready`);
      running.push(await warmUp(host, entry));
    }
    await takeTurns(running, budget, say);
    const rows: Row[] = [];
    for (const one of running) rows.push(await rowOf(one));
    const problems: Problems = [];
    for (const { failure, entry } of running)
      if (failure !== null) problems.push(`${fullName(entry)}: ${failure}`);
    const measured = running
      .map((one, i) => ({ ...one, row: rows[i] }))
      .filter(({ failure }) => failure === null);
    for (const { row, losses, slow } of measured)
      if (!slow) problems.push(...lossFalls(row, losses));
    for (const workload of new Set(entries.map((entry) => entry.workload))) {
      const comparable = measured.filter(
        ({ entry }) => entry.workload === workload && isSame(entry.variant),
      );
      problems.push(...compareLosses(comparable));
      const outputs = [];
      for (const { row, session } of comparable)
        outputs.push({ row, output: await session.output() });
      problems.push(...compareOutputs(outputs));
    }
    return { rows, problems };
  } finally {
    for (const { session } of running) await session.close();
  }
}

/** Opens a contender and runs it until it has finished compiling. */
async function warmUp(host: Host, entry: Entry): Promise<Running> {
  const session = await host.session();
  const one: Running = {
    entry,
    session,
    turns: [],
    times: [],
    losses: [],
    failure: null,
    slow: false,
  };
  try {
    const first = await (async () => {
      await session.open(entry.contender, entry.workload, entry.variant);
      return session.run({ minimum: 1, maximum: 1, milliseconds: 0 });
    })();
    one.losses.push(...first.losses);
    if (first.times[0] > TOO_SLOW_MS) {
      one.times.push(...first.times);
      one.slow = true;
      return one;
    }
    // A second repetition if it is cheap: some contenders compile during the second step.
    if (first.times[0] < 5_000) {
      const second = await session.run({ minimum: 1, maximum: 50, milliseconds: 300 });
      one.losses.push(...second.losses);
    }
  } catch (error) {
    one.failure = describe(error);
  }
  return one;
}

async function takeTurns(
  running: readonly Running[],
  { repeats }: Budget,
  say: (text: string) => void,
): Promise<void> {
  const spent = new Map(running.map((one) => [one, 0]));
  const goesOn = (one: Running) => {
    if (one.failure !== null || one.slow) return false;
    const n = one.times.length;
    if (repeats !== null) return n < repeats;
    const minimum = n > 0 && Math.max(...one.times) < BRIEF_MS ? MINIMUM_BRIEF : MINIMUM;
    return n < minimum || (n < MAXIMUM && spent.get(one)! < 1000 * SECONDS);
  };
  for (let turn = 1; running.some(goesOn); turn++) {
    const left = running.filter(goesOn);
    // Who comes after a slow contender, whose garbage is still being collected, must not always be the same one.
    if (turn % 2 === 0) left.reverse();
    say(`turn ${turn}: ${left.map(({ entry }) => fullName(entry)).join(', ')}`);
    for (const one of left) {
      const maximum = (repeats ?? MAXIMUM) - one.times.length;
      try {
        const { times, losses } = await one.session.run({
          minimum: 1,
          maximum,
          milliseconds: TURN_MS,
        });
        one.turns.push(mean(times));
        one.times.push(...times);
        one.losses.push(...losses);
        spent.set(
          one,
          times.reduce((sum, time) => sum + time, spent.get(one)!),
        );
      } catch (error) {
        one.failure = describe(error);
      }
    }
  }
}

async function rowOf(one: Running): Promise<Row> {
  const { entry, times, losses, failure } = one;
  const { workload } = entry;
  const row: Row = {
    workload,
    contender: nameOf(entry),
    median_ms: null,
    min_ms: null,
    max_ms: null,
    spread: null,
    n: times.length,
    loss_first: losses[0] ?? null,
    loss_last: losses.at(-1) ?? null,
    note: failure === null ? '' : `failed: ${failure}`,
  };
  if (failure !== null || times.length === 0) return row;
  const { median, min, max, spread } = spreadOf(times.map((time) => time / unitsOf(workload)));
  const facts: Record<string, number> = { ...(await one.session.facts()) };
  // With steps in flight, the result of one is there at once or after several: only a mean tells their pace.
  if (entry.variant.startsWith('pipelined')) facts.pace_ms = spreadOf(one.turns).median;
  facts.gflops = flopsOf(WORKLOADS[workload]) / median / 1e6;
  const note = one.slow ? 'slow: the first repetition alone' : noteOf(entry, median, facts);
  return { ...row, median_ms: median, min_ms: min, max_ms: max, spread, note, ...facts };
}

/** By what to divide the time of a repetition: a chain of products counts per product, and what is generated per token. */
function unitsOf(workload: string): number {
  const found = WORKLOADS[workload];
  if (found.kind === 'generation') return found.tokens;
  return found.kind === 'product' ? found.products : 1;
}

/** The figures to show for a workload. */
function noteOf(
  { workload, contender, variant }: Entry,
  median: number,
  facts: Record<string, number>,
): string {
  if (workload.startsWith('W5')) return `${facts.gflops.toFixed(1)} GFLOP/s`;
  if (workload.startsWith('W6')) return `${facts.dispatches} dispatches`;
  if ('pace_ms' in facts) return `${facts.pace_ms.toPrecision(3)} ms a step on average`;
  if (variant === 'masked') return `${(100 * facts.real_share).toFixed(1)}% real tokens`;
  if (contender === WASM && variant === '' && workload in PYTORCH_MS)
    return `${(median / PYTORCH_MS[workload]).toFixed(1)} times PyTorch's ${PYTORCH_MS[workload]} ms`;
  return '';
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0].slice(0, 300);
}
