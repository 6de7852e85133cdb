/**
 * How a sequence is folded on a GPU. `fold`: one dispatch, a workgroup keeps its rows' states from step to step. `step`: one
 * dispatch a phase and time step, for hidden states beyond a workgroup's reach. The rule: fold where a workgroup has a
 * thread for every unit with the limits that every device guarantees, H <= 256.
 */
import { CELLS } from '../kernels.generated.ts';
import type { WebGPUDevice } from './device.ts';
import type { Plan } from './plans.ts';

type Params = Parameters<Plan>[2];

const FOLD_UNITS = 256;

function folds(device: WebGPUDevice, H: number): boolean {
  const forced = device.sequence.variant;
  if (forced === 'fold' && H > FOLD_UNITS)
    throw new Error(
      `the fold reaches ${FOLD_UNITS} units, not ${H}: leave the variant to the rule`,
    );
  return forced ? forced === 'fold' : H <= FOLD_UNITS;
}

/**
 * Threads and rows of a workgroup. Eight rows use every weight twice as often as four; but the gate gradients of eight rows
 * fill the guaranteed 16 KiB at 128 units, and where the batch has no more than four, half would be idle.
 */
function foldConstants(H: number, B: number): { UNITS: number; FOURS: number } {
  const UNITS = Math.ceil(H / 32) * 32;
  return { UNITS, FOURS: UNITS > 128 || B <= 4 ? 1 : 2 };
}

/** Parameters that are compiled in. */
function compiled({ hasBias, hasMask, hasDropout, yMode }: Params): Record<string, number> {
  return { BIASED: hasBias, MASKED: hasMask, DROPPED: hasDropout, Y_MODE: yMode };
}

export const sequenceForward: Plan = (device, bindings, params, variant) => {
  const { T, B, H } = params;
  const { cell } = variant;
  const constants = { ...variant.constants, ...compiled(params) };
  if (folds(device, H)) {
    const all = { ...constants, ...foldConstants(H, B) };
    device.dispatch('sequence_forward', bindings, params, { cell, constants: all });
    return;
  }
  for (let step = 0; step < T; step++)
    for (let PHASE = 0; PHASE < CELLS[cell!].PHASES; PHASE++)
      device.dispatch(
        'sequence_forward_step',
        bindings,
        { ...params, step },
        { cell, constants: { ...constants, PHASE } },
      );
};

export const sequenceBackward: Plan = (device, bindings, params, variant) => {
  const { T, B, H } = params;
  const { cell } = variant;
  const constants = { ...variant.constants, ...compiled(params) };
  if (folds(device, H)) {
    const all = { ...constants, ...foldConstants(H, B) };
    device.dispatch('sequence_backward', bindings, params, { cell, constants: all });
    return;
  }
  const last = CELLS[cell!].PHASES - 1;
  const run = (step: number, PHASE: number): void =>
    device.dispatch(
      'sequence_backward_step',
      bindings,
      { ...params, step },
      { cell, constants: { ...constants, PHASE } },
    );
  for (let step = T; step > 0; step--) for (let phase = last; phase >= 0; phase--) run(step, phase);
  run(0, last);
};
