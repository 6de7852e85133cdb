/**
 * RNN, LSTM and GRU. One operation over the whole sequence, wherever a cell here computes the same; otherwise step by step, see stepwise.ts. The
 * gates of ONNX are i o f c and z r h, weights are [gates · units, features].
 */
import { LSTM_PEEPHOLE_KERNELS } from '../../../kernel_groups/lstm_peephole.generated.ts';
import { addKernels } from '../../../kernel_sources.ts';
import type { CellName } from '../../../backend.ts';
import type { MapName } from '../../../kernels.generated.ts';
import { add, concat, reshape, slice, split, stack, transpose } from '../../../ops/index.ts';
import { runRecurrent } from '../../../ops/recurrent_run.ts';
import { sequenceMask } from '../../../ops/sequence_mask.ts';
import { zeros } from '../../../tensor.ts';
import type { Tensor } from '../../../tensor.ts';
import { transposed } from '../moves.ts';
import { isZero } from '../values.ts';
import { activationsOf } from './cell_activations.ts';
import type { Given, Operator } from './given.ts';
import type { Kind, Recurrence, RecurrenceResult } from './recurrence.ts';
import { runStepwise } from './stepwise.ts';

const GATES: Record<Kind, number> = { RNN: 1, LSTM: 4, GRU: 3 };

const recurrentOperator =
  (kind: Kind): Operator =>
  (given) => {
    const batchFirst = given.attribute('layout', 0) === 1;
    const recurrence = recurrenceOf(kind, given, batchFirst);
    const { output, states } = (isFused(recurrence) ? runFused : runStepwise)(recurrence);
    const [batch, time] = recurrence.x.shape;
    const { directions, units } = recurrence;
    const D = directions.length;
    const sequences = (): Tensor => {
      const apart = reshape(output, [batch, time, D, units]);
      return batchFirst ? apart : (transposed(apart, [1, 2, 0, 3]) as Tensor);
    };
    const lastOf = (s: number): Tensor => {
      const each = states.map((own) => own[s]);
      return batchFirst ? stack(each, 1) : stack(each, 0);
    };
    const taken = given.node.outputs;
    return [
      ...(recurrence.sequences ? [sequences()] : [output]),
      ...(taken.length > 1 ? [lastOf(0)] : []),
      ...(taken.length > 2 ? [lastOf(1)] : []),
    ];
  };

function recurrenceOf(kind: Kind, given: Given, batchFirst: boolean): Recurrence {
  const { device } = given;
  const x = given.floats(0);
  if (x.rank !== 3) throw new Error(`expected an input of 3 axes, got ${x}`);
  const inBatches = batchFirst ? x : (transposed(x, [1, 0, 2]) as Tensor);
  const [batch, time, features] = inBatches.shape;
  const direction = given.text('direction', 'forward');
  const D = direction === 'bidirectional' ? 2 : 1;
  if (D === 1 && direction !== 'forward' && direction !== 'reverse')
    throw new Error(
      `expected a direction of forward, reverse or bidirectional, got '${direction}'`,
    );
  const G = GATES[kind];
  const recurrentKernels = given.floats(2);
  const units = given.attribute('hidden_size', recurrentKernels.shape.at(-1)!);
  const expectShape = (what: string, tensor: Tensor, shape: readonly number[]): Tensor => {
    if (String(tensor.shape) === String(shape)) return tensor;
    throw new Error(`expected ${what} of [${shape}], got ${tensor}`);
  };
  const kernels = expectShape('W', given.floats(1), [D, G * units, features]);
  expectShape('R', recurrentKernels, [D, G * units, units]);
  const biases = given.optionalFloats(3);
  if (biases) expectShape('B', biases, [D, 2 * G * units]);
  const peepholes = kind === 'LSTM' ? given.optionalFloats(7) : null;
  if (peepholes) expectShape('P', peepholes, [D, 3 * units]);
  const statesOf = (at: number, name: string): Tensor[] | null => {
    const value = given.optional(at);
    if (!value || isZero(value)) return null;
    const state = given.floats(at);
    const shape = batchFirst ? [batch, D, units] : [D, batch, units];
    return parts(expectShape(name, state, shape), batchFirst ? 1 : 0);
  };
  const initialH = statesOf(5, 'initial_h');
  const initialC = kind === 'LSTM' ? statesOf(6, 'initial_c') : null;
  const none = initialH || initialC ? zeros([batch, units], 'float32', device) : null;
  const activations = activationsOf(kind, given, D);
  const [ofKernels, ofRecurrent] = [parts(kernels, 0), parts(recurrentKernels, 0)];
  const [ofBiases, ofPeepholes] = [biases && parts(biases, 0), peepholes && parts(peepholes, 0)];
  const lengths = given.optional(4) ? given.tensor(4) : null;
  return {
    kind,
    x: inBatches,
    units,
    directions: ofKernels.map((kernel, d) => ({
      kernel,
      recurrentKernel: ofRecurrent[d],
      bias: ofBiases && (split(ofBiases[d], 2, 0) as [Tensor, Tensor]),
      peepholes: ofPeepholes && (split(ofPeepholes[d], 3, 0) as [Tensor, Tensor, Tensor]),
      states:
        none &&
        (kind === 'LSTM'
          ? [initialH?.[d] ?? none, initialC?.[d] ?? none]
          : [initialH?.[d] ?? none]),
      activations: activations[d],
      reverse: direction === 'reverse' || d === 1,
    })),
    mask: lengths && sequenceMask(lengths, time, device),
    clip: given.attribute('clip', undefined) ?? null,
    inputForget: given.flag('input_forget'),
    resetAfter: given.flag('linear_before_reset'),
    sequences: given.node.outputs[0] !== null,
  };
}

/** The slices along an axis, which goes. */
function parts(x: Tensor, axis: 0 | 1): Tensor[] {
  const count = x.shape[axis];
  const rest = x.shape.filter((_, a) => a !== axis);
  if (count === 1) return [reshape(x, rest)];
  return Array.from({ length: count }, (_, k) =>
    reshape(
      slice(
        x,
        x.shape.map((_, a) => (a === axis ? k : 0)),
        x.shape.map((extent, a) => (a === axis ? 1 : extent)),
      ),
      rest,
    ),
  );
}

// ---- as one operation -------------------------------------------------------------------------------------------------

/** Whether a cell computes it: with functions that it knows, the same in all directions, and for the candidate and the output. */
function isFused({ kind, directions, clip }: Recurrence): boolean {
  const [{ activations: first }] = directions;
  const isSame = directions.every(({ activations }) =>
    activations.every(({ filler }, k) => filler !== null && filler === first[k].filler),
  );
  // The output of an LSTM is given what is not clipped.
  const isClipped =
    clip !== null && first.slice(0, 2).some(({ flatFrom = Infinity }) => clip < flatFrom);
  return isSame && !isClipped && (kind !== 'LSTM' || first[1].filler === first[2].filler);
}

/** The cell, and which of ONNX' gates its own are. */
function cellOf({
  kind,
  directions,
  inputForget,
  resetAfter,
}: Recurrence): [cell: CellName, order: readonly number[]] {
  if (kind === 'RNN') return ['simple', [0]];
  if (kind === 'GRU') return [resetAfter ? 'gru' : 'gru_reset_before', [0, 1, 2]];
  if (inputForget) return ['lstm_peephole_coupled', [0, 3, 1]];
  return [directions[0].peepholes ? 'lstm_peephole' : 'lstm', [0, 2, 3, 1]];
}

function runFused(recurrence: Recurrence): RecurrenceResult {
  const { kind, x, directions, mask, inputForget, units } = recurrence;
  const [{ activations, peepholes }] = directions;
  const [cell, order] = cellOf(recurrence);
  const isPeephole = cell.startsWith('lstm_peephole');
  if (isPeephole) addKernels(LSTM_PEEPHOLE_KERNELS);
  const gates = GATES[kind];
  const inOrder = (weights: Tensor): Tensor => {
    if (order.length === gates && order.every((gate, k) => gate === k)) return weights;
    const apart = split(weights, gates, 0);
    return concat(
      order.map((gate) => apart[gate]),
      0,
    );
  };
  const none = isPeephole && !peepholes ? zeros([units], 'float32', x.device) : null;
  const { output, states } = runRecurrent(
    x,
    directions.map((direction) => {
      const [input, recurrent] = direction.bias?.map(inOrder) ?? [];
      const [i, o, f] = direction.peepholes ?? [none!, none!, none!];
      return {
        kernel: transpose(inOrder(direction.kernel)),
        recurrentKernel: transpose(inOrder(direction.recurrentKernel)),
        bias: !input ? null : cell === 'gru' ? stack([input, recurrent]) : add(input, recurrent),
        unitWeights: isPeephole ? stack(inputForget ? [i, o] : [i, f, o]) : null,
        initialState: direction.states,
        reverse: direction.reverse,
      };
    }),
    {
      cell,
      name: kind,
      activation: activations.at(-1)!.filler as MapName,
      ...(kind !== 'RNN' && { recurrentActivation: activations[0].filler as MapName }),
      mask,
      returnSequences: recurrence.sequences,
      zeroOutputForMask: true,
    },
  );
  return { output, states };
}

export const RECURRENT: Record<string, Operator> = {
  RNN: recurrentOperator('RNN'),
  LSTM: recurrentOperator('LSTM'),
  GRU: recurrentOperator('GRU'),
};
