/** What a layer computes at every step that is no single recurrent operation: of a cell that goes step by step, and of a scan. */
import { computed, noGrad } from '../autograd.ts';
import type { NumericArray } from '../backend.ts';
import { stateNorms, unreached } from '../ops/fold_trace.ts';
import type { Trace, TraceArray } from '../ops/fold_trace.ts';
import type { ScanForm } from '../ops/scan.ts';
import { cast } from '../ops/compare.ts';
import { maximum, mul } from '../ops/map.ts';
import { reshape, slice, stack } from '../ops/shape.ts';
import { Tensor, zeros } from '../tensor.ts';
import type { AfterStep, ScanWatch, StepMasks, StepWatch } from './watches.ts';

/** The same numbers in a tensor of their own, whose gradient `see` gets. */
function watched(x: Tensor, see: (gradient: Tensor) => void): Tensor {
  return computed(new Tensor(x.device, x.storage, x.shape), [x], (gradient) => {
    see(gradient);
    return [gradient];
  });
}

const arrayOf = async (x: Tensor): Promise<TraceArray> => ({
  data: await x.data(),
  shape: x.shape,
});

/** A trace of the states, in the order of `names`; `gradients` are those of their gradients, null without a loss. */
function traceOf(
  names: readonly string[],
  states: readonly TraceArray[],
  gradients: readonly TraceArray[] | null,
  others: Pick<Trace, 'gates' | 'outputs' | 'mask'>,
): Trace {
  const byName = (list: readonly TraceArray[]) =>
    Object.fromEntries(names.map((name, s) => [name, list[s]]));
  return {
    ...others,
    states: byName(states),
    gradients: gradients && byName(gradients),
    gradientNorms: gradients && byName(gradients.map(stateNorms)),
  };
}

// ---- a cell ---------------------------------------------------------------------------------------------------------

interface Step extends AfterStep {
  /** By state, null where no gradient arrives. */
  readonly gradients: (Tensor | null)[];
}

export class StepTrace implements StepWatch {
  private readonly names: readonly string[];
  private readonly hasLoss: boolean;
  /** By time step. */
  private readonly seen: Step[] = [];
  private mask: Tensor | null = null;
  /** [batch]: 1 in rows with a real step so far. */
  private begun: Tensor | null = null;

  constructor({ stateNames }: { readonly stateNames: readonly string[] }, hasLoss: boolean) {
    this.names = stateNames;
    this.hasLoss = hasLoss;
  }

  step(t: number, made: AfterStep, kept: AfterStep, masks: StepMasks): AfterStep {
    this.mask = masks.mask;
    const gradients = kept.states.map((): Tensor | null => null);
    this.seen[t] = { ...kept, gradients };
    if (!this.hasLoss) return kept;
    const states = kept.states.map((state, s) =>
      watched(state, (gradient) => (gradients[s] = gradient)),
    );
    const shown = this.shownRows(t, masks);
    // An output that is a state becomes the state that is watched, at masked steps too.
    const outputs = kept.outputs.map((output, i) => {
      const state: Tensor | undefined = states[made.states.indexOf(made.outputs[i])];
      if (!state || !shown) return state ?? output;
      return mul(state, reshape(shown, [shown.size, ...output.shape.slice(1).map(() => 1)]));
    });
    return { outputs, states };
  }

  /** [batch]: 1 in rows whose output is not zero for a mask; null where none is. */
  private shownRows(t: number, { mask, zeroOutputForMask }: StepMasks): Tensor | null {
    if (!mask) return null;
    const [batch] = mask.shape;
    const real = cast(reshape(slice(mask, [0, t], [batch, 1]), [batch]), 'float32');
    if (zeroOutputForMask) return real;
    this.begun = this.begun ? maximum(this.begun, real) : real;
    return this.begun;
  }

  /** As of `FoldTrace`. */
  async read(layer: string): Promise<Trace[]> {
    const { names, seen, mask, hasLoss } = this;
    if (hasLoss && names.length > 0 && seen.every(({ gradients }) => gradients.every((g) => !g)))
      throw unreached(layer);
    const overTime = (of: (step: Step) => Tensor): Promise<TraceArray> =>
      noGrad(() => arrayOf(stack(seen.map(of), 1)));
    const each = (of: (step: Step, s: number) => Tensor): Promise<TraceArray[]> =>
      Promise.all(names.map((_, s) => overTime((step) => of(step, s))));
    const gradientOf = ({ states, gradients }: Step, s: number): Tensor =>
      gradients[s] ?? zeros(states[s].shape, 'float32', states[s].device);
    const [states, changes, outputs, shownMask] = await Promise.all([
      each(({ states: own }, s) => own[s]),
      hasLoss ? each(gradientOf) : null,
      Promise.all(seen[0].outputs.map((_, i) => overTime(({ outputs: own }) => own[i]))),
      mask && arrayOf(mask),
    ]);
    return [traceOf(names, states, changes, { gates: {}, outputs, mask: shownMask })];
  }
}

// ---- a scan ---------------------------------------------------------------------------------------------------------

/** What is asked of a layer on the scan. */
export interface ScannedLayer {
  readonly stateNames: readonly string[];
  readonly form: ScanForm;
  readonly options: { readonly goBackwards: boolean };
  /** The gates by name, [batch, time, units] each. */
  gates(x: Tensor): Readonly<Record<string, Tensor>>;
}

export class ScanTrace implements ScanWatch {
  private readonly layer: ScannedLayer;
  private readonly hasLoss: boolean;
  private seen: { x: Tensor; a: Tensor; states: Tensor; mask: Tensor | null } | null = null;
  /** Of the states, by their outputs alone: not through later steps. */
  private gradient: Tensor | null = null;

  constructor(layer: ScannedLayer, hasLoss: boolean) {
    this.layer = layer;
    this.hasLoss = hasLoss;
  }

  scan(x: Tensor, a: Tensor, states: Tensor, mask: Tensor | null): Tensor {
    this.seen = { x, a, states, mask };
    return this.hasLoss ? watched(states, (gradient) => (this.gradient = gradient)) : states;
  }

  /** As of `FoldTrace`. */
  async read(layer: string): Promise<Trace[]> {
    const { x, a, states, mask } = this.seen!;
    const { gradient, hasLoss } = this;
    if (hasLoss && !gradient) throw unreached(layer);
    const gates = Object.entries(noGrad(() => this.layer.gates(x)));
    const [shown, factors, direct, shownMask, ...values] = await Promise.all([
      arrayOf(states),
      gradient && arrayOf(a),
      gradient && arrayOf(gradient),
      mask && arrayOf(mask),
      ...gates.map(([, gate]) => arrayOf(gate)),
    ]);
    if (shownMask) for (const { data, shape } of values) hideMasked(data, shape[2], shownMask.data);
    const changes = direct && [this.throughTime(factors!, direct, shownMask)];
    return [
      traceOf(this.layer.stateNames, [shown], changes, {
        gates: Object.fromEntries(gates.map(([name], k) => [name, values[k]])),
        outputs: null,
        mask: shownMask,
      }),
    ];
  }

  /** The gradients through later steps too: what a step passes on to the one before it is its own times the factor of the state. */
  private throughTime(a: TraceArray, direct: TraceArray, mask: TraceArray | null): TraceArray {
    const { form, options } = this.layer;
    const [batch, time, features] = direct.shape;
    const width = form === 'complex' ? 2 : 1;
    const data = direct.data.slice();
    // [..] of a, whose extents of 1, and axes in front, stand for all.
    const extents = [1, 1, ...a.shape].slice(-3);
    const strides = [extents[1] * extents[2], extents[2], 1].map((n, k) =>
      extents[k] > 1 ? n : 0,
    );
    for (let b = 0; b < batch; b++)
      for (let n = 1; n < time; n++) {
        // From the step that is processed last to the first.
        const later = options.goBackwards ? n - 1 : time - n;
        const t = options.goBackwards ? n : time - 1 - n;
        const real = !mask || mask.data[b * time + later] !== 0;
        for (let k = 0; k < features; k += width) {
          const from = (b * time + later) * features + k;
          const to = (b * time + t) * features + k;
          const place = b * strides[0] + later * strides[1] + k * strides[2];
          const [re, im] = real ? factorAt(a.data, place, form) : [1, 0];
          data[to] += re * data[from];
          if (width === 1) continue;
          // The conjugate of the factor.
          data[to] += im * data[from + 1];
          data[to + 1] += re * data[from + 1] - im * data[from];
        }
      }
    return { data, shape: direct.shape };
  }
}

/** By what a state goes into the next one, as a complex number. */
function factorAt(a: NumericArray, place: number, form: ScanForm): [re: number, im: number] {
  if (form === 'complex') return [a[place], a[place + 1]];
  return [form === 'gated' ? 1 - a[place] : a[place], 0];
}

/** A masked step computes no gates. */
function hideMasked(gates: NumericArray, width: number, mask: NumericArray): void {
  mask.forEach((real, step) => {
    if (!real) gates.fill(NaN, step * width, (step + 1) * width);
  });
}
