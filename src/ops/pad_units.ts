/** Units added to a recurrent operation whose number does not suit the device's kernels. They have weights of zero and change nothing. */
import type { CellFacts } from '../kernels.generated.ts';
import type { Tensor } from '../tensor.ts';
import type { Direction } from './fold_plan.ts';
import { padWith } from './pad_with.ts';
import { slice } from './slice.ts';
import { reshape } from './views.ts';

/** A direction of `units` units, with as many more as make `wanted`. */
export function padUnits(
  direction: Direction,
  facts: CellFacts,
  units: number,
  wanted: number,
): Direction {
  const more = [0, wanted - units] as const;
  const none = [0, 0] as const;
  /** [rows, blocks·units] */
  const blocks = (x: Tensor, count: number, rowsToo = false): Tensor => {
    const [rows] = x.rank === 1 ? [1] : x.shape;
    const split = reshape(x, [rows, count, units]);
    const padded = padWith(split, [rowsToo ? more : none, none, more]);
    const width = count * wanted;
    return reshape(padded, x.rank === 1 ? [width] : [padded.shape[0], width]);
  };
  const { kernel, recurrentKernel, bias, unitWeights, initialState, recurrentDropout } = direction;
  const gates = facts.gates.length;
  return {
    ...direction,
    kernel: kernel && blocks(kernel, gates),
    recurrentKernel: recurrentKernel && blocks(recurrentKernel, facts.recurrentGates, true),
    bias: bias && blocks(bias, gates),
    unitWeights: unitWeights && blocks(unitWeights, 1),
    initialState: initialState && initialState.map((state) => blocks(state, 1)),
    recurrentDropout: recurrentDropout && blocks(recurrentDropout, 1),
  };
}

/** A direction whose first state has P units, with zeros behind them up to H. */
export function widenState(direction: Direction, P: number, H: number): Direction {
  const { initialState, recurrentDropout } = direction;
  const wide = (x: Tensor): Tensor =>
    padWith(x, [
      [0, 0],
      [0, H - P],
    ]);
  return {
    ...direction,
    initialState: initialState && initialState.map((state, s) => (s === 0 ? wide(state) : state)),
    recurrentDropout: recurrentDropout && wide(recurrentDropout),
  };
}

/** The first `units` of the last axis. */
export function firstUnits(x: Tensor, units: number): Tensor {
  const outer = x.shape.slice(0, -1);
  return slice(
    x,
    x.shape.map(() => 0),
    [...outer, units],
  );
}
