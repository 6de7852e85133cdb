/** The performance targets of the project, checked with the rows of a run. Targets of rows that were not measured are left out. */
import type { Row } from './host/rows.ts';
import { variantsOf } from './host/variants.ts';
import { BEFORE, GROUPS, WASM } from './names.mjs';
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

/** What rows are compared by: the median of their repetitions, or with steps in flight the median of the means of turns. */
const timeOf = (row: Row) => Number(row.pace_ms ?? row.median_ms);

/** The median of Gatefold is at most `limit` times that of another contender. */
const ratio =
  (workload: string, against: string, limit: number, ours = 'gatefold'): Target =>
  (rows) => {
    const [own, other] = [find(rows, workload, ours), find(rows, workload, against)];
    if (!own || !other) return [];
    return atMost(`${workload}: ${ours} / ${against}`, timeOf(own) / timeOf(other), limit);
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
const masking =
  (ours: string, limit: number): Target =>
  (rows) => {
    const [masked, padded] = [`${ours}-masked`, ours].map((name) => find(rows, 'W7', name));
    if (!masked || !padded) return [];
    const share = Number(masked.real_share);
    return atMost(
      `W7: ${ours}-masked / ${ours}, ${(100 * share).toFixed(1)}% of the tokens real`,
      masked.median_ms! / padded.median_ms!,
      limit * share,
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
    ['', ...variantsOf('gatefold', cell)].map((variant) => {
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

/** W10: fast enough for an audio thread, which must not wait for a garbage collection; some bytes are those of the measurement. */
const steps =
  (workload: string, microseconds: number): Target =>
  (rows) => {
    const row = find(rows, workload, WASM);
    if (!row) return [];
    return [
      ...atMost(`${workload}: a step, µs`, 1000 * row.median_ms!, microseconds),
      ...atMost(`${workload}: share of real time at 48 kHz`, Number(row.real_time_share), 0.5),
      ...atMost(`${workload}: bytes that 10⁶ steps allocate`, Number(row.allocated_bytes), 20_000),
    ];
  };

/** What the WebAssembly device is compared with: the other libraries on WebAssembly, with as many threads as they take. */
const onWasm = (workload: string, against: string, limit: number): Target =>
  ratio(workload, against, limit, WASM);

const wasmTargets: readonly Target[] = [
  onWasm('W1', 'jax-wasm', 0.15),
  onWasm('W1', 'tfjs-wasm', 0.15),
  onWasm('W2-SimpleRNN', 'jax-wasm', 0.33),
  onWasm('W2-GRU', 'jax-wasm', 0.33),
  onWasm('W2-LSTM', 'jax-wasm', 0.2),
  ...['W2-SimpleRNN', 'W2-LSTM', 'W2-GRU'].map((workload) => onWasm(workload, 'tfjs-wasm', 0.2)),
  onWasm('W3', 'jax-wasm', 0.4),
  onWasm('W3', 'tfjs-wasm', 0.1),
  onWasm('W4a', 'ort-wasm', 1),
  onWasm('W4b', 'ort-wasm', 1.2),
  onWasm('W4c', 'ort-wasm', 1.5),
  ratio('W4c', 'ort-wasm', 1, `${WASM}-2`),
  onWasm('W5-512', 'tfjs-wasm', 0.8),
  ratio('W5-512', 'jax-wasm', 1, `${WASM}-2`),
  masking(WASM, 1.1),
  onWasm('W8', 'tfjs-wasm', 0.33),
  steps('W10-64', 5),
  steps('W10-40', 2.5),
  ratio('W10-T16384', `${WASM}-gru`, 0.2, WASM),
  ...GROUPS.W11.cells.flatMap((cell) =>
    ['tfjs-webgpu', 'jax-webgpu', 'tfjs-wasm', 'jax-wasm'].map((other) => onWasm(cell, other, 1)),
  ),
];

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
  masking('gatefold', 1.15),
  ratio('W8', 'tfjs-webgpu', 1 / 3),
  memory,
  ratio('W10-T16384', 'gatefold-gru', 0.2),
  ...GROUPS.W11.cells.flatMap((cell) =>
    ['tfjs-webgpu', 'jax-webgpu'].map((other) => ratio(cell, other, 1)),
  ),
  ...wasmTargets,
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
