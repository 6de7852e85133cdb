/** The performance targets of the project, checked with the rows of a run. Targets of rows that were not measured are left out. */
import type { Row } from './host/rows.ts';
import { VARIANTS } from './host/variants.ts';
import { BEFORE, GROUPS } from './names.mjs';
import { fitLine, median } from './statistics.ts';

export interface Judged {
  readonly text: string;
  /** Of several runs, the median. */
  readonly value: number;
  /** What each run gave. */
  readonly runs: readonly number[];
  readonly limit: number;
  readonly met: boolean;
}

type Target = (rows: readonly Row[]) => Judged[];

const find = (rows: readonly Row[], workload: string, contender: string) =>
  rows.find(
    (row) => row.workload === workload && row.contender === contender && row.median_ms !== null,
  );

const atMost = (text: string, value: number, limit: number): Judged[] => [
  { text, value, runs: [value], limit, met: value <= limit },
];

/** The median of Gatefold is at most `limit` times that of another contender. */
const ratio =
  (workload: string, against: string, limit: number, ours = 'gatefold'): Target =>
  (rows) => {
    const [own, other] = [find(rows, workload, ours), find(rows, workload, against)];
    if (!own || !other) return [];
    return atMost(`${workload}: ${ours} / ${against}`, own.median_ms! / other.median_ms!, limit);
  };

const trained = ['W1', 'W2-SimpleRNN', 'W2-LSTM', 'W2-GRU'];

/** W6: the time of a step is a + b·T, and the number of its dispatches is a + b·⌈T/256⌉. */
const scaling: Target = (rows) => {
  const points = rows.filter(
    ({ workload, contender, median_ms }) =>
      workload.startsWith('W6-') && contender === 'gatefold' && median_ms !== null,
  );
  if (points.length < 3) return [];
  const time = points.map(({ workload }) => Number(workload.slice(3)));
  const { a, b, residual } = fitLine(
    time,
    points.map(({ median_ms }) => median_ms!),
  );
  const dispatches = points.map((row) => Number(row.dispatches));
  const chunks = fitLine(
    time.map((steps) => Math.ceil(steps / 256)),
    dispatches,
  );
  return [
    ...atMost(
      `W6: residual of ${a.toFixed(1)} + ${b.toFixed(4)}·T ms (largest, relative)`,
      residual,
      0.1,
    ),
    ...atMost(
      `W6: residual of ${chunks.a.toFixed(1)} + ${chunks.b.toFixed(1)}·⌈T/256⌉ dispatches`,
      chunks.residual,
      1e-6,
    ),
  ];
};

/** W7: masked time steps cost almost nothing. */
const masking: Target = (rows) => {
  const [masked, padded] = ['gatefold-masked', 'gatefold'].map((name) => find(rows, 'W7', name));
  if (!masked || !padded) return [];
  const share = Number(masked.real_share);
  return atMost(
    `W7: masked / unmasked, ${(100 * share).toFixed(1)}% of the tokens real`,
    masked.median_ms! / padded.median_ms!,
    1.15 * share,
  );
};

const pipelined: Target = (rows) => {
  const row = find(rows, 'W4a', 'gatefold-pipelined-8');
  return row ? atMost('W4a: a step with eight of them in flight, ms', row.median_ms!, 0.3) : [];
};

/** Gatefold compared with an earlier commit of itself. A single step of inference is too short to be timed as precisely as the rest. */
const before: readonly Target[] = Object.values(GROUPS)
  .flatMap(({ cells }) => cells)
  .flatMap((cell) =>
    ['', ...(VARIANTS[cell] ?? [])].map((variant) => {
      const end = variant === '' ? '' : `-${variant}`;
      return ratio(cell, BEFORE + end, cell === 'W4a' ? 1.1 : 1.05, `gatefold${end}`);
    }),
  );

/** W9: growth in bytes after the first hundred steps. The heap is never exactly the same; one number per step would be 80 kB. */
const memory: Target = (rows) => {
  const row = find(rows, 'W9', 'gatefold');
  if (!row) return [];
  return [
    ...atMost('W9: growth of GPU memory, bytes', Number(row.gpu_growth_bytes), 0),
    ...(row.heap_growth_bytes === null
      ? []
      : atMost('W9: growth of the JS heap, bytes', Number(row.heap_growth_bytes), 20_000)),
  ];
};

export const TARGETS: readonly Target[] = [
  ...trained.map((workload) => ratio(workload, 'tfjs-webgpu', 1 / 12)),
  ...trained.map((workload) => ratio(workload, 'jax-webgpu', 1 / 2.5)),
  ratio('W2-LSTM', 'tfjs-wasm', 1),
  ratio('W2-GRU', 'tfjs-wasm', 1),
  ratio('W3', 'tfjs-webgpu', 1 / 9),
  ratio('W3', 'jax-webgpu', 1 / 2),
  ratio('W3', 'tfjs-webgl', 1),
  ratio('W4a', 'ort-webgpu', 1 / 2),
  ratio('W4b', 'ort-webgpu', 0.8),
  ratio('W4c', 'ort-webgpu', 1 / 3),
  ratio('W4c', 'jax-webgpu', 1),
  pipelined,
  // At least 1.3 times as many operations in the same time.
  ratio('W5-512', 'jax-webgpu', 1 / 1.3),
  ratio('W5-1024', 'jax-webgpu', 1 / 1.3),
  scaling,
  masking,
  ratio('W8', 'tfjs-webgpu', 1 / 3),
  memory,
  ...before,
];

/** Judges the rows of one run or several: each target by the median of what the runs gave. */
export function judge(...runs: readonly (readonly Row[])[]): Judged[] {
  return TARGETS.flatMap((target) => {
    const [first = [], ...others] = runs.map(target).filter((judged) => judged.length > 0);
    return first.map(({ text, limit, runs: [own] }, i) => {
      const values = [own, ...others.map((judged) => judged[i].value)];
      const value = median(values);
      return { text, value, runs: values, limit, met: value <= limit };
    });
  });
}
