/** `npm run fuzz`: hands cases to processes until time is up or they are all run, prints what was found, and sums up. */
import { FINDING_KINDS, signature } from './judge.ts';
import type { Case } from './program.ts';
import { Worker } from './worker.ts';
import type { Result } from './worker.ts';

/** Cases in the run that is part of the tests, by kind: `kinds/index.ts` says how many. The library is not loaded here. */
export interface Settings {
  readonly kinds: Readonly<Record<string, number>>;
  /** What the cases of a kind take turns at, by kind. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly seed: number;
  /** null: the cases of the short run, whatever time they take. */
  readonly seconds: number | null;
  /** The number of the first one. */
  readonly from: number;
  /** A single one, by its number. */
  readonly index: number | null;
  readonly device: Case['device'] | null;
  readonly workers: number;
  readonly caseSeconds: number;
  readonly processMebibytes: number;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

const MIB = 2 ** 20;
/** Cases that a process is handed at once; fewer where they take long. */
const AT_ONCE = 100;
const SLICE_SECONDS = 2;

interface Progress {
  next: number;
  cases: number;
  refused: number;
  /** Cases and refused ones of each part. */
  readonly parts: { readonly name: string; cases: number; refused: number }[];
  /** Of processes, all together. */
  seconds: number;
}

/** How often each finding was seen, by its signature. */
type Found = Map<string, { result: Result; count: number }>;

/** Runs cases; resolves to the number of findings. `stop` ends it early. */
export function fuzz(settings: Settings): { done: Promise<number>; stop: () => void } {
  const { kinds, print } = settings;
  const start = Date.now();
  const progress = new Map<string, Progress>(
    Object.keys(kinds).map((kind) => [
      kind,
      {
        ...{ next: settings.index ?? settings.from, cases: 0, refused: 0, seconds: 0 },
        parts: settings.parts[kind].map((name) => ({ name, cases: 0, refused: 0 })),
      },
    ]),
  );
  const found: Found = new Map();
  const limits = { seconds: settings.caseSeconds, bytes: settings.processMebibytes * MIB };
  const workers = Array.from({ length: settings.workers }, () => new Worker(limits, settings.env));
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    for (const worker of workers) worker.stop();
  };

  const onResult = (result: Result): void => {
    const { kind, outcome } = result;
    const state = progress.get(kind)!;
    const { parts } = state;
    for (const count of [
      state,
      ...(parts.length > 0 ? [parts[result.index % parts.length]] : []),
    ]) {
      count.cases++;
      if (outcome.verdict === 'refused') count.refused++;
    }
    if (outcome.verdict === 'finished' || outcome.verdict === 'refused') return;
    const key = signature(kind, result.index, outcome);
    const before = found.get(key);
    if (before) before.count++;
    else {
      found.set(key, { result, count: 1 });
      print(describe(result, settings));
    }
  };

  /** The kind that has had the least time, and has cases left; null where none has. */
  const nextJob = (): { kind: string; from: number; to: number } | null => {
    const open = [...progress].filter(
      ([kind, { next }]) =>
        settings.seconds !== null ||
        next < (settings.index === null ? kinds[kind] : settings.index + 1),
    );
    const [first] = open.sort(([, a], [, b]) => a.seconds - b.seconds);
    if (!first) return null;
    const [kind, state] = first;
    const each = state.cases > 0 ? state.seconds / state.cases : 0.05;
    const count = Math.max(1, Math.min(AT_ONCE, Math.floor(SLICE_SECONDS / Math.max(1e-3, each))));
    const most =
      settings.seconds !== null
        ? Infinity
        : settings.index === null
          ? kinds[kind]
          : settings.index + 1;
    const from = state.next;
    state.next = Math.min(most, from + count);
    return { kind, from, to: state.next };
  };

  const work = async (worker: Worker): Promise<void> => {
    for (let job = nextJob(); job && !stopped; job = nextJob()) {
      const begun = Date.now();
      await worker.run({ ...job, seed: settings.seed, device: settings.device }, onResult);
      progress.get(job.kind)!.seconds += (Date.now() - begun) / 1000;
    }
  };

  const bound = settings.seconds === null ? 'a fixed number of cases' : `${settings.seconds} s`;
  print(
    `${Object.keys(kinds).join(', ')}: ${bound}, seed ${settings.seed}; Ctrl-C ends it with a summary`,
  );
  const every = process.stdout.isTTY ? 1000 : 15_000;
  const line = (): string => {
    const counts = [...progress].map(([kind, { cases }]) => `${kind} ${cases}`).join(', ');
    return `${((Date.now() - start) / 1000).toFixed(0)} s: ${counts} | ${found.size} findings`;
  };
  const ticker = setInterval(() => print(line()), every);
  const timer = settings.seconds === null ? null : setTimeout(stop, settings.seconds * 1000);

  const done = Promise.all(workers.map(work))
    .finally(() => {
      clearInterval(ticker);
      if (timer) clearTimeout(timer);
      stop();
    })
    .then(() => {
      print(summary(progress, found, (Date.now() - start) / 1000, settings.seed));
      return found.size;
    });
  return { done, stop };
}

function describe({ kind, index, outcome, file }: Result, { seed }: Settings): string {
  const { verdict, message, place } = outcome;
  return `
---- ${verdict}: ${kind} ${index} of seed ${seed}${place ? ` (${place})` : ''}
${(message ?? '').slice(0, 600)}
${file}
----`;
}

function summary(
  progress: Map<string, Progress>,
  found: Found,
  seconds: number,
  seed: number,
): string {
  const line = (name: string, { cases, refused }: Pick<Progress, 'cases' | 'refused'>): string =>
    `${name.padEnd(12)} ${String(cases).padStart(8)} cases, ${refused} refused with an error`;
  const lines = [...progress].flatMap(([kind, state]) => [
    line(kind, state),
    ...state.parts.map((part) => line(`  ${part.name}`, part)),
  ]);
  const total = [...progress.values()].reduce((sum, { cases }) => sum + cases, 0);
  const counts = FINDING_KINDS.map((verdict) => {
    const several = [...found.values()].filter(({ result }) => result.outcome.verdict === verdict);
    return `${several.length} ${PLURALS[verdict] ?? verdict}`;
  });
  const list = [...found].map(
    ([key, { result, count }]) =>
      `${String(count).padStart(6)} × ${key} (${result.kind} ${result.index})`,
  );
  return [
    '',
    ...lines,
    ...(list.length > 0 ? ['', ...list] : []),
    '',
    `${total} cases in ${seconds.toFixed(0)} s, seed ${seed}: ${counts.join(', ')}`,
  ].join('\n');
}

const PLURALS: Readonly<Record<string, string>> = {
  'internal error': 'internal errors',
  'silent NaN': 'silent NaN',
  hang: 'hangs',
  'process died': 'dead processes',
  memory: 'of memory',
  'state changed': 'changed states',
  accepted: 'accepted that are wrong',
  'not an Error': 'thrown that are no Error',
  'unhandled rejection': 'unhandled rejections',
  'wrong result': 'wrong results',
  'unclear message': 'unclear messages',
};
