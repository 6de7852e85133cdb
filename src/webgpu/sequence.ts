/**
 * How a sequence is folded on a GPU. `fold`: one dispatch, a workgroup keeps its rows' states from step to step. `step`: one
 * dispatch a phase and time step, for hidden states beyond a workgroup's reach. The rule: fold where a workgroup has a
 * thread for every unit with the limits that every device guarantees, H <= 256.
 */
import type { CellName } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import type { WebGPUDevice } from './device.ts';
import type { Plan } from './plans.ts';

type Params = Parameters<Plan>[2];

const FOLD_UNITS = 256;
/** Of the kernel for few rows, four units a thread, and of the fold backward with eight. */
const ROW_UNITS = 1024;

/** Whether operands are shared in workgroup memory, a unit a thread. */
const isShared = (device: WebGPUDevice): boolean => device.sequence.shared ?? !device.isSoftware;

function folds(device: WebGPUDevice, forward: boolean, H: number): boolean {
  const forced = device.sequence.variant;
  const units = forward || isShared(device) ? FOLD_UNITS : ROW_UNITS;
  if (forced === 'fold' && H > units)
    throw new Error(`the fold reaches ${units} units, not ${H}: leave the variant to the rule`);
  return forced !== 'step' && H <= units;
}

/**
 * Threads, their units, and rows of a workgroup.
 *
 * A GPU wants many threads, and shares operands in workgroup memory: a unit a thread. Eight rows use every weight twice as often
 * as four; but backward's gate gradients of eight rows fill 16 KiB at 128 units.
 *
 * A software adapter wants few loads for each multiplication: 8 x 8 sums a thread, as in the matrix product. To it all memory is
 * the same, and it clears workgroup memory with a program as long as that memory is large, so backward has none.
 *
 * Where the batch has no more than four rows, half of eight would be idle.
 */
function foldConstants(
  device: WebGPUDevice,
  forward: boolean,
  cell: CellName,
  { B, H }: Params,
): Record<string, number> {
  const shared = isShared(device);
  const EACH = shared ? 1 : forward ? COLUMNS[cell] : 8;
  const THREADS = Math.ceil(H / EACH / 4) * 4;
  const FOURS = B <= 4 ? 1 : 2;
  if (forward) return { EACH, THREADS, FOURS };
  const fits = !shared || 4 * THREADS * 8 * 4 <= device.gpuLimits.maxComputeWorkgroupStorageSize;
  return { EACH, THREADS, FOURS: fits ? FOURS : 1, SHARED: Number(shared) };
}

/** Units of a thread that make eight sums of four rows with the gates of the cell's largest phase, or nearly so. */
const COLUMNS: Record<CellName, number> = { simple: 8, gru: 2, gru_reset_before: 4, lstm: 2 };

/**
 * The kernel for a few rows: by dispatches of a phase where the sequence is one step, of which no workgroup need keep anything, else
 * by one that folds, where the adapter is software; a GPU wants a thread a unit. Null where the other kernels run.
 */
function ofRows(device: WebGPUDevice, { total, B, H }: Params): Record<string, number> | null {
  const forced = device.sequence.variant;
  if (H % 4 !== 0 || H > ROW_UNITS || (forced ?? 'rows') !== 'rows') return null;
  const ROWS = B > 2 ? 4 : B;
  if (total === 1) return { ROWS, FOLDED: 0, THREADS: 16 };
  const better = device.isSoftware && (B <= 2 || H > FOLD_UNITS);
  return better || forced ? { ROWS, FOLDED: 1, THREADS: H / 4 } : null;
}

/** Parameters that are compiled in. */
function compiled({ hasBias, hasMask, hasDropout, yMode }: Params): Record<string, number> {
  return { BIASED: hasBias, MASKED: hasMask, DROPPED: hasDropout, Y_MODE: yMode };
}

/** Which steps and phases are dispatched one after the other where there is no fold. */
type Order = (T: number, phases: number) => Generator<[step: number, phase: number]>;

function plan(kernel: 'sequence_forward' | 'sequence_backward', order: Order): Plan {
  const forward = kernel === 'sequence_forward';
  return (device, bindings, params, { cell, constants: given }) => {
    const { T, H } = params;
    const constants = { ...given, ...compiled(params) };
    const rows = forward && ofRows(device, params);
    if (rows) {
      const dispatches = rows.FOLDED ? 1 : CELLS[cell!].PHASES;
      for (let PHASE = 0; PHASE < dispatches; PHASE++)
        device.dispatch('sequence_forward_rows_step', bindings, params, {
          cell,
          constants: { ...constants, PHASE, ...rows },
        });
      return;
    }
    if (folds(device, forward, H)) {
      const fold = foldConstants(device, forward, cell!, params);
      device.dispatch(kernel, bindings, params, { cell, constants: { ...constants, ...fold } });
      return;
    }
    for (const [step, PHASE] of order(T, CELLS[cell!].PHASES))
      device.dispatch(
        `${kernel}_step`,
        bindings,
        { ...params, step },
        { cell, constants: { ...constants, PHASE } },
      );
  };
}

export const sequenceForward = plan('sequence_forward', function* (T, phases) {
  for (let step = 0; step < T; step++)
    for (let phase = 0; phase < phases; phase++) yield [step, phase];
});

/** Steps count from 1; step 0 only completes the gradients of the initial states. */
export const sequenceBackward = plan('sequence_backward', function* (T, phases) {
  for (let step = T; step > 0; step--)
    for (let phase = phases - 1; phase >= 0; phase--) yield [step, phase];
  yield [0, phases - 1];
});
