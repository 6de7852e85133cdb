/**
 * How a sequence is folded on a GPU. `fold`: one dispatch, a workgroup keeps its rows' states from step to step. `step`: one
 * dispatch a phase and time step, for hidden states beyond a workgroup's reach. The rule: fold where a workgroup has a
 * thread for every unit with the limits that every device guarantees, H <= 256.
 */
import type { CellName, KernelName } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import type { Plan, PlanDevice } from './plan.ts';

type Params = Parameters<Plan>[2];

const FOLD_UNITS = 256;
/** Of the kernels for few rows, four or eight units a thread, and of the fold backward with eight. */
const ROW_UNITS = 1024;
/**
 * Up to so many units, fours of a row are forward no slower than fours of rows on SwiftShader, where what a fold stores is as much work as
 * its products; and without workgroup memory the kernel compiles in half the time. On llvmpipe they are faster at every size.
 */
const ROW_BETTER: Record<CellName, number> = {
  simple: 0,
  gru: 64,
  gru_reset_before: 64,
  lstm: 128,
};

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
  device: PlanDevice,
  forward: boolean,
  shared: boolean,
  cell: CellName,
  { B, H }: Params,
): Record<string, number> {
  const EACH = shared ? 1 : forward ? COLUMNS[cell] : 8;
  const THREADS = Math.ceil(H / EACH / 4) * 4;
  const FOURS = B <= 4 ? 1 : 2;
  if (forward) return { EACH, THREADS, FOURS };
  const fits = !shared || 4 * THREADS * 8 * 4 <= device.gpuLimits.maxComputeWorkgroupStorageSize;
  return { EACH, THREADS, FOURS: fits ? FOURS : 1, SHARED: Number(shared) };
}

/** Units of a thread that make eight sums of four rows with the gates of the cell's largest phase, or nearly so. */
const COLUMNS: Record<CellName, number> = { simple: 8, gru: 2, gru_reset_before: 4, lstm: 2 };

/** A way to carry out a sequence, and the constants that make it. */
interface Form {
  readonly name: string;
  readonly kind: 'fold' | 'rows' | 'step';
  readonly constants: Record<string, number>;
}

/**
 * Every form that can carry out a sequence, that of the rule first; only those that `device.sequence` allows.
 *
 * The kernel for few rows takes one step alone in dispatches of a phase, since no workgroup need keep anything, and folds several
 * on software adapters, where that is faster; a GPU wants a thread a unit. Backward its like is as fast as the fold there, but for
 * few rows, where it is twice as fast, and for masked ones, of which it passes over more, four at a time.
 */
function formsOf(device: PlanDevice, forward: boolean, cell: CellName, params: Params): Form[] {
  const { B, H, total } = params;
  const { variant, shared = !device.isSoftware } = device.sequence;
  const fold = (withShared: boolean): Form[] => {
    if (H > (forward || withShared ? FOLD_UNITS : ROW_UNITS)) return [];
    const name = withShared ? 'fold, shared' : 'fold';
    const constants = foldConstants(device, forward, withShared, cell, params);
    return [{ name, kind: 'fold', constants }];
  };
  const alone = forward && total === 1;
  const folded: Form['constants'] = forward
    ? { FOLDED: 1, THREADS: H / 4 }
    : { THREADS: Math.ceil(H / 8) };
  const form = alone ? { FOLDED: 0, THREADS: 16 } : folded;
  const rows: Form = { name: 'rows', kind: 'rows', constants: { ROWS: B > 2 ? 4 : B, ...form } };
  const ofRows = H % 4 === 0 && (alone || H <= ROW_UNITS) ? [rows] : [];
  const steps: Form = { name: 'steps', kind: 'step', constants: {} };

  const better = B <= 2 || H > FOLD_UNITS || H <= ROW_BETTER[cell] || device.isLlvmpipe;
  const ruled =
    alone || (device.isSoftware && (better || !forward))
      ? [...ofRows, ...fold(shared), steps]
      : [...fold(shared), steps, ...ofRows];
  if (!isPinned(device)) return [...ruled, ...fold(!shared)];
  // Whether operands are shared is a question to the fold alone.
  const kindWanted = variant ?? (fold(shared).length > 0 ? 'fold' : undefined);
  const wanted = ruled.filter(({ kind }) => kind === (kindWanted ?? kind));
  if (variant === 'fold' && wanted.length === 0)
    throw new Error(`the fold does not reach ${H} units: leave the variant to the rule`);
  return wanted.length > 0 ? wanted : [...fold(shared), steps];
}

/** Whether `device.sequence` says more than the rule: it goes before choices. */
function isPinned({ sequence }: PlanDevice): boolean {
  return sequence.variant !== undefined || sequence.shared !== undefined;
}

/** Parameters that are compiled in. */
function compiled({ hasBias, hasMask, hasDropout, yMode }: Params): Record<string, number> {
  return { BIASED: hasBias, MASKED: hasMask, DROPPED: hasDropout, Y_MODE: yMode };
}

/** Which steps and phases are dispatched one after the other where there is no fold. */
type Order = (T: number, phases: number) => Generator<[step: number, phase: number]>;

function plan(kernel: 'sequence_forward' | 'sequence_backward', order: Order): Plan {
  const forward = kernel === 'sequence_forward';
  return (device, bindings, params, { slots, constants: given }) => {
    const cell = slots!.cell!;
    const constants = { ...given, ...compiled(params) };
    const forms = formsOf(device, forward, cell, params);
    const form = device.choose(keyOf(kernel, cell, params), forms, !isPinned(device));
    const run = (name: KernelName, own: Params, more: Record<string, number>): void =>
      device.dispatch(name, bindings, own, { slots, constants: { ...constants, ...more } });
    if (form.kind === 'fold') return run(kernel, params, form.constants);
    const phases = CELLS[cell].PHASES;
    if (form.kind === 'rows' && !forward)
      return run('sequence_backward_rows_step', params, form.constants);
    if (form.kind === 'rows') {
      const dispatches = form.constants.FOLDED ? 1 : phases;
      for (let PHASE = 0; PHASE < dispatches; PHASE++)
        run('sequence_forward_rows_step', params, { ...form.constants, PHASE });
      return;
    }
    for (const [step, PHASE] of order(params.T, phases))
      run(`${kernel}_step`, { ...params, step }, { PHASE });
  };
}

/** What choices are kept under. */
function keyOf(kernel: string, cell: CellName, params: Params): string {
  const { T, B, H, D, total, hasMask } = params;
  const time = T === 1 && total > 1 ? '1 of more' : T;
  return `${kernel} ${cell} T ${time} B ${B} H ${H}${D > 1 ? ' both ways' : ''}${hasMask ? ' masked' : ''}`;
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
