/** The recurrent operation beyond PyTorch's cases: masks, sizes, chunks, limits, counts, determinism, bad input. */
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/backward.ts';
import type { CellName, Device, SequenceOptions } from '../../src/backend.ts';
import { CELLS, MAPS } from '../../src/kernels.generated.ts';
import type { MapName } from '../../src/kernels.generated.ts';
import { ACTIVATION_NAMES } from '../../src/ops/activations.ts';
import { recurrent } from '../../src/ops/recurrent.ts';
import type { Direction, RecurrentOptions } from '../../src/ops/recurrent.ts';
import type { Tensor } from '../../src/tensor.ts';
import { fill, scope, tensor, Variable } from '../../src/tensor.ts';
import { checkOp, compute, expectClose } from '../support/check.ts';
import type { Build } from '../support/check.ts';
import { gpu, reference } from '../support/devices.ts';
import { pairs } from '../support/pairs.ts';
import { floats, generator } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';

const NAMES = Object.keys(CELLS) as CellName[];

interface Setup {
  cell: CellName;
  B: number;
  T: number;
  I: number;
  H: number;
  /** Width of the first state, of a cell that projects it; about half of H. */
  P?: number;
  reverse?: readonly boolean[];
  initial?: boolean;
  bias?: boolean;
  mask?: Int32Array;
  /** Which directions have a recurrent dropout mask. */
  dropout?: readonly boolean[];
  options?: Partial<RecurrentOptions>;
}

/** Inputs and a build function for a setup; the outputs are y and all final states. */
function problem(setup: Setup): { inputs: Host[]; build: Build } {
  const { cell, B, T, I, H, reverse = [false], initial = false, bias = true } = setup;
  const { gates, states, recurrentGates, recurrentBias, unitWeights, projection } = CELLS[cell];
  const P = projection ? (setup.P ?? Math.ceil(0.6 * H)) : H;
  const [GATES, STATES, OWN] = [gates.length, states.length, unitWeights.length];
  // Whole numbers for weights that are fixed, such as periods.
  const fixed = OWN > 0 && unitWeights.every(({ gradient }) => !gradient);
  const periods = Float32Array.from({ length: OWN * H }, (_, j) => 1 + (j % 3));
  const inputs: Host[] = [floats([B, T, I], 1)];
  const scale = 1 / Math.sqrt(H);
  reverse.forEach((_, d) => {
    inputs.push(floats([I, GATES * H], 10 + d, 0.5));
    if (recurrentGates > 0) inputs.push(floats([P, recurrentGates * H], 20 + d, scale));
    if (projection) inputs.push(floats([H, P], 70 + d, scale));
    if (bias) inputs.push(floats(recurrentBias ? [2, GATES * H] : [GATES * H], 30 + d, 0.3));
    if (OWN > 0 && !fixed) inputs.push(floats([OWN, H], 60 + d, 0.5));
    if (initial)
      states.forEach((name, s) => inputs.push(stateOf(name, [B, s === 0 ? P : H], 40 + 2 * d + s)));
  });
  const build: Build = ([x, ...rest]) => {
    const device = x.device;
    const directions = reverse.map((reversed, d): Direction => {
      const next = (present: boolean): Tensor | null => (present ? rest.shift()! : null);
      return {
        kernel: next(true)!,
        recurrentKernel: next(recurrentGates > 0),
        projection: next(projection !== null),
        bias: next(bias),
        unitWeights: fixed ? tensor(periods, [OWN, H], 'float32', device) : next(OWN > 0),
        initialState: initial ? rest.splice(0, STATES) : null,
        reverse: reversed,
        recurrentDropout: setup.dropout?.[d] ? dropoutOf(device, B, P) : null,
      };
    });
    const mask = setup.mask ? tensor(setup.mask, [B, T], 'int32', device) : null;
    const result = recurrent(x, directions, {
      cell,
      mask,
      returnSequences: true,
      ...setup.options,
    });
    return [result.output, ...result.states.flat()];
  };
  return { inputs, build };
}

/** A random state; n, which normalizes an sLSTM's output, is positive. */
function stateOf(name: string, shape: number[], seed: number): Host {
  const state = floats(shape, seed);
  return name === 'n' ? { shape, data: state.data.map((x) => 1.5 + x) } : state;
}

function dropoutOf(device: Device, B: number, P: number): Tensor {
  const next = generator(5);
  return tensor(
    Float32Array.from({ length: B * P }, () => (next() < 0.3 ? 0 : 1.25)),
    [B, P],
    'float32',
    device,
  );
}

/** Padding on the left, on the right, gaps, none, everything, and enough rows of other lengths that they are put into order. */
function allMasks(T: number): { B: number; mask: Int32Array } {
  const rows = [
    Array.from({ length: T }, (_, t) => Number(t >= 2)),
    Array.from({ length: T }, (_, t) => Number(t < T - 3)),
    Array.from({ length: T }, (_, t) => Number(t % 3 !== 1)),
    Array.from({ length: T }, () => 1),
    Array.from({ length: T }, () => 0),
    Array.from({ length: T }, (_, t) => Number(t === 4)),
    ...[2, 5, 1, T].map((length) => Array.from({ length: T }, (_, t) => Number(t < length))),
  ];
  return { B: rows.length, mask: Int32Array.from(rows.flat()) };
}

/** Every way to run a sequence, whole and in chunks. */
const FORCED: { name: string; options: SequenceOptions }[] = [
  { name: 'fold', options: { variant: 'fold' } },
  { name: 'step', options: { variant: 'step' } },
  { name: 'rows', options: { variant: 'rows' } },
  { name: 'rows, chunk of 3', options: { variant: 'rows', chunk: 3 } },
  { name: 'fold, chunk of 2', options: { variant: 'fold', chunk: 2 } },
  { name: 'step, chunk of 3', options: { variant: 'step', chunk: 3 } },
];

const DIRECTIONS: { name: string; reverse: readonly boolean[] }[] = [
  { name: 'forward', reverse: [false] },
  { name: 'reversed', reverse: [true] },
  { name: 'bidirectional', reverse: [false, true] },
];

/** The kernel for few rows takes four units at a time. */
const unitsFor = (options: SequenceOptions, H: number): number =>
  options.variant === 'rows' ? Math.ceil(H / 4) * 4 : H;

/**
 * The combinations, each with so many cells, which take turns. What a kernel does about masks, rows, tiles, order and dropout is written once for
 * all cells: it depends on their numbers of gates, states and phases, not on their equations.
 */
const inTurn = <C extends object>(combinations: readonly C[], cells: number) =>
  combinations.flatMap((combination, i) =>
    Array.from({ length: cells }, (_, k) => {
      const place = i * cells + k;
      // Another round begins at another cell, so that a cell meets other combinations.
      const round = Math.floor(place / NAMES.length);
      return { ...combination, cell: NAMES[(place + round) % NAMES.length] };
    }),
  );

// All with all would be many minutes: every two choices meet in one of the combinations, and every cell meets every way in the first test.
describe('recurrent, each way to run it', () => {
  const forced = FORCED;
  const either = [true, false];

  it.each(pairs({ cell: NAMES, forced, direction: DIRECTIONS, initial: either }))(
    'agrees with the twin and finite differences: $cell, $forced.name, $direction.name, initial state $initial',
    async ({ cell, forced, direction, initial }) => {
      const H = unitsFor(forced.options, 7);
      const sizes = { cell, B: 3, T: 5, I: 4, H };
      const { inputs, build } = problem({ ...sizes, reverse: direction.reverse, initial });
      await checkOp(build, inputs, { sequence: forced.options });
    },
  );

  it.each(
    inTurn(
      pairs({ forced, direction: DIRECTIONS, zeroOutputForMask: either, returnSequences: either }),
      1,
    ),
  )(
    'masks, every pattern at once: $cell, $forced.name, $direction.name, zeros $zeroOutputForMask, sequences $returnSequences',
    async ({ cell, forced, direction, zeroOutputForMask, returnSequences }) => {
      const { B, mask } = allMasks(7);
      const H = unitsFor(forced.options, 5);
      const { inputs, build } = problem({
        ...{ cell, B, T: 7, I: 3, H, reverse: direction.reverse, initial: true, mask },
        options: { zeroOutputForMask, returnSequences },
      });
      await checkOp(build, inputs, { sequence: forced.options });
    },
  );

  // One, two and nine to twelve rows: of a workgroup, and of workgroups that are no whole pairs.
  const fewRows = [
    { B: 1, H: 12 },
    { B: 2, H: 68 },
    { B: 11, H: 12 },
  ];
  it.each(inTurn(pairs({ forced, size: fewRows }), 1))(
    'few rows, masked and with dropout: $cell, $forced.name, $size.B rows',
    async ({ cell, forced, size: { B, H } }) => {
      const T = 5;
      const mask = Int32Array.from({ length: B * T }, (_, i) => Number(i % T < T - ((i / T) % 3)));
      const given = { cell, B, T, I: 3, H, reverse: [false, true], initial: true, mask };
      const { inputs, build } = problem({ ...given, dropout: [true, false] });
      await checkOp(build, inputs, { sequence: forced.options, finiteDifferences: false });
    },
  );

  // Whole tiles of rows: beginnings, ends, and everything of a tile masked, and no state to begin with.
  it.each(inTurn(pairs({ forced, returnSequences: either }), 1))(
    'masks that whole tiles of rows share: $cell, $forced.name, sequences $returnSequences',
    async ({ cell, forced, returnSequences }) => {
      const [B, T] = [20, 6];
      const mask = Int32Array.from({ length: B * T }, (_, i) =>
        Number(i < 9 * T && i % T >= 2 && i % T < 5),
      );
      const H = unitsFor(forced.options, 9);
      const { inputs, build } = problem({
        ...{ cell, B, T, I: 3, H, reverse: [false, true], mask },
        options: { returnSequences },
      });
      await checkOp(build, inputs, { sequence: forced.options, finiteDifferences: false });
    },
  );

  it.each(
    inTurn(
      FORCED.map((forced) => ({ forced })),
      2,
    ),
  )(
    'goes backwards in processing order, and drops parts of the state: $cell, $forced.name',
    async ({ cell, forced }) => {
      const { B, mask } = allMasks(6);
      const H = unitsFor(forced.options, 5);
      const { inputs, build } = problem({
        ...{ cell, B, T: 6, I: 3, H, reverse: [true], mask, dropout: [true], initial: true },
        options: { processingOrder: true },
      });
      await checkOp(build, inputs, { sequence: forced.options });
    },
  );

  const dropped = [
    [true, false],
    [false, true],
    [true, true],
  ];
  it.each(inTurn(pairs({ forced, dropout: dropped }), 1))(
    'drops in one direction and not in the other: $cell, $forced.name, $dropout',
    async ({ cell, forced, dropout }) => {
      const H = unitsFor(forced.options, 5);
      const { inputs, build } = problem({
        ...{ cell, B: 3, T: 4, I: 3, H, reverse: [false, true], dropout, initial: true },
      });
      await checkOp(build, inputs, { sequence: forced.options });
    },
  );

  const zoneouts = [
    { name: 'drawn', zoneout: { output: 0.3, state: 0.5, draws: { seed: 7, step: 2 } } },
    { name: 'expected', zoneout: { output: 0.3, state: 0.5, draws: null } },
  ];
  it.each(
    inTurn(
      pairs({
        ...{ variant: ['fold', 'step', 'rows'] as const, chunk: [undefined, 2] },
        ...{ mode: zoneouts, direction: DIRECTIONS, full: either },
      }),
      1,
    ),
  )(
    'zoneout: $cell, $variant, chunk $chunk, $mode.name, $direction.name, all options $full',
    async ({ cell, variant, chunk, mode: { zoneout }, direction: { reverse }, full }) => {
      const T = 5;
      const rows = full ? allMasks(T) : { B: 3 };
      const H = unitsFor({ variant }, 7);
      const { inputs, build } = problem({
        ...{ cell, ...rows, T, I: 3, H, reverse, initial: full },
        dropout: full ? [true, false] : undefined,
        options: { zoneout, returnSequences: chunk !== undefined },
      });
      await checkOp(build, inputs, { sequence: { variant, chunk } });
    },
  );

  const alone = [
    { B: 1, H: 4, reverse: [false] },
    { B: 1, H: 68, reverse: [true] },
    { B: 2, H: 8, reverse: [false, true] },
    { B: 3, H: 12, reverse: [false] },
    { B: 9, H: 4, reverse: [true] },
    { B: 5, H: 260, reverse: [false, true] },
  ];
  it.each(inTurn(pairs({ size: alone, initial: either, full: either }), 2))(
    'computes a step that stands alone: $cell, $size.B rows of $size.H, initial state $initial, all options $full',
    async ({ cell, size: { B, H, reverse }, initial, full }) => {
      const { inputs, build } = problem({
        ...{ cell, B, T: 1, I: 4, H, reverse, initial, bias: full },
        mask: full ? Int32Array.from({ length: B }, (_, b) => +(b % 3 !== 1)) : undefined,
        dropout: full ? [true, false] : undefined,
        options: { returnSequences: full },
      });
      await checkOp(build, inputs, { finiteDifferences: H < 50 });
    },
  );

  // Beyond 128 units a workgroup has four rows, beyond 256 there is no fold.
  const units = [1, 4, 33, 64, 65, 128, 129, 160, 256, 257];
  it.each(inTurn(pairs({ H: units, masked: either, direction: DIRECTIONS }), 1))(
    '$H units: $cell, $direction.name, masked $masked',
    async ({ cell, H, masked, direction: { reverse } }) => {
      const rows = masked ? allMasks(7) : { B: H % 2 ? 3 : 9 };
      const sizes = { cell, ...rows, T: masked ? 7 : 2, I: 5, H };
      const { inputs, build } = problem({ ...sizes, reverse, initial: masked });
      await checkOp(build, inputs, { finiteDifferences: false });
    },
  );
});

/** Cells of every kind: with one phase and two, with weights of units that are trained and that are fixed, with a projection and with moments. */
const KINDS = [
  ...(['lstm', 'gru_reset_before', 'lstm_peephole'] as const),
  ...(['clockwork', 'lstm_projected', 'lstm_layernorm'] as const),
];

// Tests that need no size of their own use the same sizes, and so the same pipelines: compiling one takes longer than running it.
describe.each(NAMES)('recurrent %s', (cell) => {
  // The derivative of one follows from its value, that of the other from what it was applied to.
  it.each([
    ['sigmoid', 'silu'],
    ['silu', 'tanh'],
  ] as const)(
    'takes other activations, %s and for the gates %s',
    async (activation, recurrentActivation) => {
      const { inputs, build } = problem({
        ...{ cell, B: 2, T: 3, I: 4, H: 6 },
        options: { activation, recurrentActivation },
      });
      await checkOp(build, inputs);
    },
  );

  // Kinks and the order of differences are of no interest here: test/ops/maps.test.ts has each function's derivative.
  it('takes any activation that works element by element', async () => {
    const names = ACTIVATION_NAMES.filter((name) => name in MAPS) as MapName[];
    // Each activation meets a cell as that of the candidate, and one as that of the gates.
    const mine = names.filter((_, k) => k % NAMES.length === NAMES.indexOf(cell));
    for (const activation of mine) {
      const recurrentActivation = names[(names.indexOf(activation) + 7) % names.length];
      const { inputs, build } = problem({
        ...{ cell, B: 2, T: 3, I: 4, H: 6 },
        options: { activation, recurrentActivation },
      });
      await checkOp(build, inputs, { finiteDifferences: false });
    }
  });

  it('has no bias if asked', async () => {
    const { inputs, build } = problem({ cell, B: 3, T: 3, I: 4, H: 6, bias: false });
    await checkOp(build, inputs);
  });

  // Point by point what DESIGN's contract says of masks, against a loop that is told only the real steps.
  it.each(DIRECTIONS)('a masked step does not count: $name', async ({ reverse }) => {
    const T = 6;
    const { B, mask } = allMasks(T);
    const padded = problem({ cell, B, T, I: 3, H: 5, P: 5, reverse, initial: true, mask });
    const device = await gpu({ poison: true });
    const whole = await compute(device, padded.build, padded.inputs);
    const states = whole.outputs.slice(1);
    const D = reverse.length;
    for (let b = 0; b < B; b++) {
      const steps = Array.from({ length: T }, (_, t) => t).filter((t) => mask[b * T + t]);
      const row = (host: Host, size: number): Host => ({
        shape: [1, ...host.shape.slice(1)],
        data: host.data.slice(b * size, (b + 1) * size),
      });
      // Row b alone, its masked steps cut out.
      const short = problem({
        cell,
        B: 1,
        T: Math.max(steps.length, 1),
        I: 3,
        H: 5,
        P: 5,
        reverse,
        initial: true,
      });
      const inputs = padded.inputs.map((host, i) => {
        if (i === 0)
          return {
            shape: [1, Math.max(steps.length, 1), 3],
            data: Float32Array.from(steps.length ? steps : [0], () => 0).length
              ? Float32Array.of(
                  ...(steps.length ? steps : [0]).flatMap((t) =>
                    Array.from(host.data.slice((b * T + t) * 3, (b * T + t + 1) * 3)),
                  ),
                )
              : new Float32Array(3),
          };
        return host.shape[0] === B && host.shape[1] === 5 && host.shape.length === 2 && i > 2
          ? row(host, 5)
          : host;
      });
      const alone = steps.length
        ? await compute(device, short.build, inputs, { gradient: false })
        : null;
      for (let d = 0; d < D; d++) {
        const y = (t: number) =>
          Array.from(
            whole.outputs[0].data.slice(
              (b * T + t) * 5 * D + d * 5,
              (b * T + t) * 5 * D + d * 5 + 5,
            ),
          );
        const order = reverse[d]
          ? Array.from({ length: T }, (_, i) => T - 1 - i)
          : Array.from({ length: T }, (_, i) => i);
        let last: number[] = [0, 0, 0, 0, 0]; // zero before the first real step, even with an initial state
        for (const t of order) {
          const index = steps.indexOf(t);
          if (index >= 0)
            last = Array.from(
              alone!.outputs[0].data.slice(index * 5 * D + d * 5, index * 5 * D + d * 5 + 5),
            );
          expectClose(y(t), last, `row ${b}, direction ${d}, output at ${t}`);
        }
        const count = CELLS[cell].states.length;
        for (let s = 0; s < count; s++) {
          const final = states[d * count + s].data.slice(b * 5, b * 5 + 5);
          const initial = padded.inputs.filter(
            (h) => h.shape[0] === B && h.shape.length === 2 && h.shape[1] === 5,
          )[d * count + s];
          const expected = alone
            ? alone.outputs[1 + d * count + s].data
            : initial.data.slice(b * 5, b * 5 + 5);
          expectClose(final, expected, `row ${b}, direction ${d}, final state ${s}`);
        }
      }
    }
  });

  it('takes lengths for a mask', async () => {
    const mask = Int32Array.of(1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1);
    const setup = { cell, B: 3, T: 4, I: 3, H: 5, reverse: [false, true] };
    const masked = await compute(
      await gpu({ poison: true }),
      problem({ ...setup, mask }).build,
      problem(setup).inputs,
    );
    const { build, inputs } = problem({ ...setup, options: { lengths: [3, 0, 4] } });
    const counted = await compute(await gpu({ poison: true }), build, inputs);
    expect(counted).toEqual(masked);
  });

  it('padding changes neither results nor gradients', async () => {
    const device = await gpu({ poison: true });
    const STATES = CELLS[cell].states.length;
    const B = 3;
    for (const at of [
      [0, 1],
      [5, 6],
      [2, 4],
    ]) {
      for (const { reverse } of DIRECTIONS) {
        const given = { cell, B, I: 3, H: 5, P: 5, reverse, initial: true };
        const plain = problem({ ...given, T: 5 });
        const mask = Int32Array.from({ length: B * 7 }, (_, i) => Number(!at.includes(i % 7)));
        const padded = problem({ ...given, T: 7, mask });
        const real = [0, 1, 2, 3, 4, 5, 6].filter((t) => !at.includes(t));
        // What stands at masked steps must not matter, NaN included.
        const wide = new Float32Array(B * 7 * 3).fill(NaN);
        for (let b = 0; b < B; b++)
          real.forEach((t, i) =>
            wide.set(
              plain.inputs[0].data.slice((b * 5 + i) * 3, (b * 5 + i + 1) * 3),
              (b * 7 + t) * 3,
            ),
          );
        const inputs = [{ shape: [B, 7, 3], data: wide }, ...plain.inputs.slice(1)];
        const D = reverse.length;
        const [y, ...states] = [
          floats([B, 5, 5 * D], 80),
          ...Array.from({ length: D * STATES }, (_, i) => floats([B, 5], 81 + i)),
        ];
        const spread = (short: Float32Array, width: number): Float32Array => {
          const long = new Float32Array(B * 7 * width);
          for (let b = 0; b < B; b++)
            real.forEach((t, i) =>
              long.set(
                short.slice((b * 5 + i) * width, (b * 5 + i + 1) * width),
                (b * 7 + t) * width,
              ),
            );
          return long;
        };
        const expected = await compute(device, plain.build, plain.inputs, {
          cotangents: [y, ...states],
        });
        const actual = await compute(device, padded.build, inputs, {
          cotangents: [
            { shape: [B, 7, 5 * D], data: spread(y.data as Float32Array, 5 * D) },
            ...states,
          ],
        });
        states.forEach((_, i) =>
          expectClose(actual.outputs[1 + i].data, expected.outputs[1 + i].data, `state ${i}`),
        );
        expected.gradients.forEach((gradient, i) => {
          const wanted = i === 0 ? spread(gradient as Float32Array, 3) : gradient!;
          expectClose(
            actual.gradients[i]!,
            wanted,
            `gradient of input ${i}, padding at ${at.join()}`,
          );
        });
      }
    }
  });
});

describe.each(KINDS)('recurrent %s, sizes and steps', (cell) => {
  it('B=1, T=1 and a batch beyond one workgroup', async () => {
    for (const [B, T] of [
      [1, 1],
      [1, 6],
      [17, 1],
      [33, 3],
    ]) {
      const { inputs, build } = problem({ cell, B, T, I: 2, H: 5, initial: true });
      await checkOp(build, inputs);
    }
  });

  it('gives the same bits twice', async () => {
    const { B, mask } = allMasks(9);
    const { inputs, build } = problem({
      cell,
      B,
      T: 9,
      I: 8,
      H: 40,
      reverse: [false, true],
      initial: true,
      mask,
    });
    const device = await gpu({ poison: true });
    const first = await compute(device, build, inputs);
    const second = await compute(device, build, inputs);
    first.outputs.forEach((o, i) => expect(second.outputs[i].data).toEqual(o.data));
    first.gradients.forEach((g, i) => expect(second.gradients[i]).toEqual(g));
  });

  it('160 units by steps, in chunks', async () => {
    const { B, mask } = allMasks(7);
    const { inputs, build } = problem({
      ...{ cell, B, T: 7, I: 3, H: 160, reverse: [false, true], initial: true, mask },
    });
    await checkOp(build, inputs, {
      sequence: { variant: 'step', chunk: 3 },
      finiteDifferences: false,
    });
  });

  // So large a batch has eight rows to a thread, of which the last has five.
  it.each([68, 264])('%i units, 29 rows, with dropout', async (H) => {
    const { inputs, build } = problem({
      ...{ cell, B: 29, T: 3, I: 3, H, dropout: [true], initial: true },
    });
    await checkOp(build, inputs, { sequence: { variant: 'rows' }, finiteDifferences: false });
  });

  it('saves nothing over T that must fit one binding', async () => {
    const small = await gpu({ limits: { maxBindingBytes: 24_064 } });
    const { inputs, build } = problem({
      cell,
      B: 3,
      T: 200,
      I: 2,
      H: 5,
      reverse: [false, true],
      initial: true,
    });
    const expected = await compute(reference, build, inputs);
    const before = small.stats().copies;
    const actual = await compute(small, build, inputs);
    // More than one chunk, or there was nothing to show.
    expect(small.stats().copies - before).toBeGreaterThan(8);
    expected.outputs.forEach((o, i) =>
      expectClose(actual.outputs[i].data, o.data, `output ${i}`, TOLERANCE.long),
    );
    expected.gradients.forEach((g, i) =>
      expectClose(actual.gradients[i]!, g!, `gradient ${i}`, TOLERANCE.long),
    );
  });
});

/** Dispatches and submits of a training step over T time steps. */
async function counter(cell: CellName) {
  const device = await gpu();
  return (T: number) => {
    const { inputs, build } = problem({ cell, B: 2, T, I: 3, H: 16, reverse: [false, true] });
    device.submit();
    const before = device.stats();
    scope(() => {
      const leaves = inputs.map((h) => {
        const t = tensor(h.data, h.shape, 'float32', device);
        return new Variable(device, t.storage, h.shape, 'w', true);
      });
      const outputs = build(leaves) as Tensor[];
      backward(outputs.slice(0, 1), [fill(device, outputs[0].shape, 1)]);
    });
    device.submit();
    const after = device.stats();
    return {
      dispatches: after.dispatches - before.dispatches,
      submits: after.submits - before.submits,
    };
  };
}

describe('recurrent, counted', () => {
  it.each(NAMES.filter((cell) => CELLS[cell].foldable))(
    'dispatches a + b chunks for H <= 128, in one submit: %s',
    async (cell) => {
      const counts = await counter(cell);
      // One chunk of 256 steps, then two, then three.
      const [short, full, two, three] = [counts(2), counts(256), counts(500), counts(700)];
      expect(full).toEqual(short);
      expect(two.submits).toBe(1);
      expect(three.dispatches - two.dispatches).toBeGreaterThan(0);
      expect(counts(1000).dispatches - three.dispatches).toBe(three.dispatches - two.dispatches);
    },
  );

  it.each(NAMES.filter((cell) => !CELLS[cell].foldable))(
    'dispatches each phase, and the moments behind it, of each step where they are no fold: %s',
    async (cell) => {
      const counts = await counter(cell);
      const { phases, moments } = CELLS[cell];
      const each = phases.length + moments.filter((found) => found !== null).length;
      const [few, more] = [counts(2), counts(7)];
      // Forward and backward.
      expect(more.dispatches - few.dispatches).toBe(5 * 2 * each);
      expect(more.submits).toBe(1);
    },
  );
});

// A caller that has done more with x·W than to add b gives the result.
describe('recurrent, without a kernel', () => {
  const cells = ['lstm', 'lstm_layernorm'] as const;
  it.each(pairs({ cell: cells, forced: FORCED, masked: [true, false] }))(
    'takes the input sides of the gates: $cell, $forced.name, masked $masked',
    async ({ cell, forced, masked }) => {
      const rows = allMasks(6);
      const [B, T, H] = [rows.B, 6, unitsFor(forced.options, 5)];
      const OWN = CELLS[cell].unitWeights.length;
      const weights = [0, 1].flatMap((d) => [
        floats([H, 4 * H], 20 + d, 0.5),
        ...(OWN > 0 ? [floats([OWN, H], 60 + d, 0.5)] : []),
      ]);
      const build: Build = ([x, ...rest]) => {
        const given = { kernel: null, bias: null, initialState: null };
        const [a, b] = [rest.slice(0, rest.length / 2), rest.slice(rest.length / 2)];
        const directions = [a, b].map(([recurrentKernel, unitWeights = null], d): Direction => ({
          ...given,
          ...{ recurrentKernel, unitWeights, reverse: d === 1 },
        }));
        const mask = masked ? tensor(rows.mask, [B, T], 'int32', x.device) : null;
        return recurrent(x, directions, { cell, mask, returnSequences: true }).output;
      };
      const inputs = [floats([B, T, 2 * 4 * H], 1), ...weights];
      await checkOp(build, inputs, { sequence: forced.options });
    },
  );
});

describe('recurrent, bad input', () => {
  const make = (shape: number[]) => fill(reference, shape, 0.1);
  const direction = (I: number, H: number, G: number): Direction => ({
    kernel: make([I, G * H]),
    recurrentKernel: make([H, G * H]),
    bias: null,
    initialState: null,
    reverse: false,
  });

  it('says what was expected, what came and what to do', () => {
    const options: RecurrentOptions = { cell: 'lstm' };
    expect(() => recurrent(make([2, 3]), [direction(3, 4, 4)], options)).toThrow(
      'recurrent: expected a float32 input of shape [batch, time, features], got float32[2,3]',
    );
    expect(() => recurrent(make([2, 0, 3]), [direction(3, 4, 4)], options)).toThrow(
      /is empty; give at least one row/,
    );
    expect(() => recurrent(make([2, 5, 3]), [direction(2, 4, 4)], options)).toThrow(
      'recurrent (lstm): expected a kernel of shape [3,16], got float32[2,16]',
    );
    const wrong = { ...direction(3, 4, 4), initialState: [make([2, 4])] };
    expect(() => recurrent(make([2, 5, 3]), [wrong], options)).toThrow(
      /expected 2 initial states, got 1/,
    );
    const bare = { ...direction(3, 4, 4), kernel: null };
    expect(() => recurrent(make([2, 5, 18]), [bare], options)).toThrow(
      'recurrent (lstm): expected the input sides of 4 gates where there is no kernel, a multiple of 4 features, got float32[2,5,18]',
    );
    expect(() => recurrent(make([2, 5, 16]), [{ ...bare, bias: make([16]) }], options)).toThrow(
      'recurrent (lstm): expected no bias beside input sides without a kernel, got float32[16]; add it to them',
    );
    const projected = { ...direction(3, 4, 4), projection: make([4, 5]) };
    expect(() => recurrent(make([2, 5, 3]), [projected], options)).toThrow(
      'recurrent (lstm): expected no projection, got float32[4,5]',
    );
    expect(() => recurrent(make([2, 5, 3]), [projected], { cell: 'lstm_projected' })).toThrow(
      'recurrent (lstm_projected): expected a projection to at most 4 units, as many as the layer has, got float32[4,5]',
    );
    const mask = make([2, 4]);
    expect(() => recurrent(make([2, 5, 3]), [direction(3, 4, 4)], { ...options, mask })).toThrow(
      'recurrent: expected an int32 mask of shape [batch, time] = [2,5], got float32[2,4]',
    );
  });

  it('checks lengths', () => {
    const given = (lengths: readonly number[] | Tensor) => () =>
      recurrent(make([2, 5, 3]), [direction(3, 4, 4)], { cell: 'lstm', lengths });
    expect(given([3, 6])).toThrow('sequenceMask: expected lengths in 0…5 (time steps), got 6');
    expect(given([-1, 2])).toThrow(/got -1/);
    expect(given([2.5, 1])).toThrow(/an int32 tensor needs whole numbers, got 2.5/);
    expect(given(make([2]))).toThrow(/expected int32 lengths of shape \[batch\], got float32\[2\]/);
    expect(given([1, 2, 3])).toThrow(/expected an int32 mask of shape \[batch, time\] = \[2,5\]/);
  });

  it('names the limit that one step passes, and what would fit', async () => {
    const small = await gpu({ limits: { maxBindingBytes: 8192 } });
    const on = (shape: number[]) => fill(small, shape, 0.1);
    const d = { ...direction(1, 8, 4), kernel: on([1, 32]), recurrentKernel: on([8, 32]) };
    expect(() => recurrent(on([64, 2, 1]), [d], { cell: 'lstm' })).toThrow(
      /maxStorageBufferBindingSize, 8192 bytes: at most 32 rows fit/,
    );
  });

  it('does not run backward twice over what it has overwritten', async () => {
    const device = await gpu();
    const x = new Variable(device, fill(device, [2, 3, 4], 0.5).storage, [2, 3, 4], 'x', true);
    const d: Direction = {
      kernel: fill(device, [4, 20], 0.1),
      recurrentKernel: fill(device, [5, 20], 0.1),
      bias: null,
      initialState: null,
      reverse: false,
    };
    const { output } = recurrent(x, [d], { cell: 'lstm' });
    const seed = fill(device, output.shape, 1);
    backward(output, [seed]);
    expect(() => backward(output, [seed])).toThrow(/backward has run already/);
  });
});
