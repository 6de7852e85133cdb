/**
 * How a GPU runs a cell over a sequence, shaders/sequence/. `fold`: one dispatch, a workgroup keeps its rows' states from step to step.
 * `rows`: the same with four units of a row to a thread, for few rows and for CPUs behind WebGPU. `steps`: one dispatch for each phase
 * and time step, for hidden states beyond a workgroup's reach, and for cells with a projection or moments.
 */
import type { CellName, KernelName } from '../backend.ts';
import { CELLS } from '../kernels.generated.ts';
import type { CellFacts } from '../kernels.generated.ts';
import type { Plan, PlanDevice } from './plan.ts';

type Params = Parameters<Plan>[2];
type Constants = Readonly<Record<string, number>>;

/** A fold has a thread for each unit, with the limits that every device guarantees. */
const FOLD_UNITS = 256;
/** The kernels for few rows have four or eight units a thread. */
const ROW_UNITS = 1024;

/**
 * Threads and rows of a fold's workgroup. Eight rows use every weight twice as often as four; but backward's gate gradients of eight
 * rows fill 16 KiB at 128 units, and where the batch has no more than four rows, half of eight would be idle.
 */
function foldConstants(device: PlanDevice, forward: boolean, { B, H }: Params): Constants {
  const THREADS = Math.ceil(H / 4) * 4;
  const memory = device.gpuLimits.maxComputeWorkgroupStorageSize;
  const fits = forward || 4 * THREADS * 8 * 4 <= memory;
  return { THREADS, FOURS: B <= 4 || !fits ? 1 : 2 };
}

/**
 * Threads of the forward kernel for few rows, and fours of units of each: as many as make four products, which share what is loaded of
 * their left operand, but no fewer than eight threads. A single step is spread over workgroups.
 */
function rowConstants(phases: readonly number[], { H, total }: Params): Constants {
  if (total === 1) return { FOLDED: 0, THREADS: 16, EACH: 1 };
  const EACH = Math.max(1, Math.floor(Math.min(4 / Math.max(1, ...phases), H / 32)));
  return { FOLDED: 1, THREADS: Math.ceil(H / 4 / EACH), EACH };
}

/** In bytes: a larger recurrent kernel leaves too little of a core's cache for everything else. */
const LARGE_RECURRENT_KERNEL = 256 * 1024;

/**
 * Rows of a thread of the kernels for few rows. With eight, R is read half as often as with four, but there are half as many workgroups:
 * so there are eight where that still makes four workgroups for the cores. A forward step that stands alone has more workgroups, enough
 * for the few cores behind a software adapter, but gains only where R is large.
 */
function rowsOfThread(
  phases: readonly number[],
  { B, D, H, total }: Params,
  alone: boolean,
  isSoftware: boolean,
): number {
  const bytes = phases.reduce((sum, products) => sum + products, 0) * H * H * 4;
  const large = bytes > LARGE_RECURRENT_KERNEL;
  const eight = total > 1 ? D * Math.ceil(B / 8) >= 4 : alone && isSoftware && B >= 8 && large;
  if (eight) return 8;
  return B > 2 ? 4 : B;
}

/** A way to carry out a sequence, and the constants that make it. */
interface Way {
  readonly name: 'fold' | 'rows' | 'steps';
  readonly constants: Constants;
}

/**
 * Every way that can carry out a sequence, that of the rule first; only those that `device.sequence` allows.
 *
 * The kernel for few rows takes one step alone in a dispatch for each phase, since no workgroup need keep anything, and folds several
 * on software adapters, where that is faster; a GPU wants a thread for each unit. A cell that cannot be folded goes step by step, whatever
 * is wanted.
 */
function waysOf(
  device: PlanDevice,
  forward: boolean,
  { phases, foldable }: CellFacts,
  params: Params,
): Way[] {
  const steps: Way[] = [{ name: 'steps', constants: {} }];
  if (!foldable) return steps;
  const { H, total } = params;
  const wanted = device.sequence.variant;
  const alone = forward && total === 1;
  const constants = {
    ROWS: rowsOfThread(phases, params, alone, device.isSoftware),
    ...(forward ? rowConstants(phases, params) : { THREADS: Math.ceil(H / 8) }),
  };
  const rows: Way[] = H % 4 === 0 && (alone || H <= ROW_UNITS) ? [{ name: 'rows', constants }] : [];
  const fold: Way[] =
    H <= FOLD_UNITS ? [{ name: 'fold', constants: foldConstants(device, forward, params) }] : [];
  if (wanted === 'fold' && fold.length === 0)
    throw new Error(`the fold does not reach ${H} units: leave the variant to the rule`);
  const ruled =
    alone || device.isSoftware ? [...rows, ...fold, ...steps] : [...fold, ...steps, ...rows];
  const found = ruled.filter(({ name }) => name === (wanted === 'step' ? 'steps' : wanted));
  return found.length > 0 ? found : ruled;
}

/** Parameters that are compiled in. */
function compiled({ hasBias, hasMask, hasDropout, yMode, zoneout, keepsMade }: Params): Constants {
  const given = { BIASED: hasBias, MASKED: hasMask, DROPPED: hasDropout, Y_MODE: yMode };
  return { ...given, ZONEOUT: zoneout, MADE: keepsMade };
}

/** Which steps and phases are dispatched one after the other where there is no fold. */
type Order = (T: number, phases: number) => Generator<[step: number, phase: number]>;

/** The moments that a cell declares behind a phase, if any, of the step that the parameters name. */
function dispatchMoments(
  device: PlanDevice,
  { gates, flags }: Parameters<Plan>[1],
  params: Params,
  { moments, saves }: CellFacts,
  phase: number,
  backward: boolean,
): void {
  const found = moments[phase];
  if (!found) return;
  const { slot, count, mean, variance } = found;
  const slots = { FIRST_SLOT: slot, SLOTS: count, MEAN_SLOT: mean, VARIANCE_SLOT: variance };
  device.dispatch('sequence_steps_moments', { gates, flags }, params, {
    constants: { ...slots, SAVES: saves.length, LANES: 64, BACKWARD: Number(backward) },
  });
}

function plan(direction: 'forward' | 'backward', order: Order): Plan {
  const forward = direction === 'forward';
  return (device, bindings, params, { slots }) => {
    const cell = slots!.cell!;
    const facts = CELLS[cell];
    const { phases } = facts;
    const ways = waysOf(device, forward, facts, params);
    const free = device.sequence.variant === undefined;
    const way = device.choose(keyOf(`sequence_${direction}`, cell, params), ways, free);
    const run = (own: Params, more: Constants): void =>
      device.dispatch(`sequence_${way.name}_${direction}` as KernelName, bindings, own, {
        slots,
        constants: { ...compiled(params), ...way.constants, ...more },
      });
    if (way.name === 'steps')
      for (const [step, PHASE] of order(params.T, phases.length)) {
        run({ ...params, step }, { PHASE });
        const behind = forward ? PHASE : PHASE - 1;
        const own = { ...params, step: forward ? step : step - 1 };
        if (own.step >= 0) dispatchMoments(device, bindings, own, facts, behind, !forward);
      }
    else if (way.constants.FOLDED === 0)
      for (let PHASE = 0; PHASE < phases.length; PHASE++) run(params, { PHASE });
    else run(params, {});
  };
}

/** What choices are kept under. */
function keyOf(kernel: string, cell: CellName, params: Params): string {
  const { T, B, H, D, total, hasMask } = params;
  const time = T === 1 && total > 1 ? '1 of more' : T;
  return `${kernel} ${cell} T ${time} B ${B} H ${H}${D > 1 ? ' both ways' : ''}${hasMask ? ' masked' : ''}`;
}

export const sequenceForward = plan('forward', function* (T, phases) {
  for (let step = 0; step < T; step++)
    for (let phase = 0; phase < phases; phase++) yield [step, phase];
});

/** Steps count from 1; step 0 only completes the gradients of the initial states. */
export const sequenceBackward = plan('backward', function* (T, phases) {
  for (let step = T; step > 0; step--)
    for (let phase = phases - 1; phase >= 0; phase--) yield [step, phase];
  yield [0, phases - 1];
});
