/**
 * A scan, cut into blocks of rows where its columns alone would not keep the GPU busy:
 *
 *   blocks   what each block makes of the state before it: a factor and a summand
 *   join     the state before each block, from the first to the last
 *   scan     the states in each block
 *
 * The gradient likewise, from the last block to the first. A single step takes one dispatch, and so do columns enough, however few the
 * rows: they are time steps, on whose number the dispatches of a training step must not depend.
 */
import type { Plan, PlanDevice } from './plan.ts';

/** Threads that keep a large GPU busy, and the cores of a CPU. */
const BUSY = 65536;
const BUSY_SOFTWARE = 256;

type Params = Parameters<Plan>[2];

const [GATED, COMPLEX] = [1, 2];

export const scan: Plan = (device, bindings, params) => run(device, 'scan', bindings, params);
export const scanGradient: Plan = (device, bindings, params) =>
  run(device, 'scan_gradient', bindings, params);

function run(
  device: PlanDevice,
  kernel: 'scan' | 'scan_gradient',
  bindings: Parameters<Plan>[1],
  given: Params,
): void {
  const fours = canTakeFours(given);
  const params = fours ? inFours(given) : given;
  const number = fours ? 'fours' : given.form === COMPLEX ? 'complex' : 'real';
  const GATED_FORM = Number(given.form === GATED);
  const variant = { slots: { number }, constants: { GATED: GATED_FORM } } as const;
  const sizes = blocksOf(device, params);
  if (sizes.blocks === 1) {
    device.dispatch(kernel, bindings, { ...params, ...sizes }, variant);
    return;
  }
  const GRADIENT = Number(kernel === 'scan_gradient');
  const width = fours ? 4 : given.form === COMPLEX ? 2 : 1;
  const length = params.outer * sizes.blocks * params.columns * width;
  const scratch = {
    factors: device.alloc(length, 'float32'),
    ends: device.alloc(length, 'float32'),
  };
  const all = { ...params, ...sizes };
  try {
    const b = GRADIENT ? bindings.dh : bindings.b;
    device.dispatch('scan_blocks', { a: bindings.a, b, ...scratch }, all, {
      slots: { number },
      constants: { GATED: GATED_FORM, GRADIENT },
    });
    device.dispatch('scan_join', { ...scratch, starts: bindings.starts }, all, {
      slots: { number },
      constants: { GRADIENT },
    });
    device.dispatch(
      kernel,
      { ...bindings, starts: scratch.ends },
      { ...all, hasStart: 1 },
      variant,
    );
  } finally {
    for (const storage of Object.values(scratch)) device.free(storage);
  }
}

/** Whether four neighbouring columns of every operand are one vector. */
function canTakeFours({ columns, aOuter, aRow, aColumn, form }: Params): boolean {
  return form !== COMPLEX && aColumn === 1 && [columns, aOuter, aRow].every((n) => n % 4 === 0);
}

const inFours = (params: Params): Params => ({
  ...params,
  columns: params.columns / 4,
  aOuter: params.aOuter / 4,
  aRow: params.aRow / 4,
});

/** How the rows are divided, from the shapes alone. */
function blocksOf(
  { isSoftware, limits, sequence }: PlanDevice,
  { outer, rows, columns }: Params,
): { blocks: number; block: number } {
  const busy = isSoftware ? BUSY_SOFTWARE : BUSY;
  // √rows blocks of √rows rows: then the second step takes no longer than the others.
  const wanted = Math.min(Math.ceil(Math.sqrt(rows)), Math.ceil(busy / (outer * columns)));
  const least = Math.ceil(rows / limits.maxLoopIterations);
  const block = sequence.chunk ?? Math.ceil(rows / Math.max(wanted, least));
  return { blocks: Math.ceil(rows / block), block };
}
