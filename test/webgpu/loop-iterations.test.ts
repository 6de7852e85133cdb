/**
 * Loops of many iterations. Mesa's llvmpipe counts the iterations of all loops of an invocation together, and leaves loops after 65 535 of them
 * without a word: results were wrong where a fold took more (recurrent layers of 64 units from about 240 steps on).
 */
import { describe, expect, it } from 'vitest';
import { CELLS } from '../../src/kernels.generated.ts';
import type { CellName } from '../../src/backend.ts';
import { cumsum } from '../../src/ops/index.ts';
import { recurrent } from '../../src/ops/recurrent.ts';
import { tensor } from '../../src/tensor.ts';
import { compute, expectClose } from '../support/check.ts';
import type { Build } from '../support/check.ts';
import { gpu, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';

/** y of a recurrent layer, both ways, and its gradients; rows of all lengths and one without any step, where they are masked. */
function problem(
  cell: CellName,
  T: number,
  H: number,
  masked: boolean,
): { inputs: Host[]; build: Build } {
  // A thread has four rows at most, so that more of them make no loop longer.
  const B = masked ? 12 : 4;
  const GATES = CELLS[cell].gates.length;
  const RECURRENT = CELLS[cell].recurrentGates;
  const OWN = CELLS[cell].unitWeights.length;
  // Whole numbers where they are fixed, such as periods; else small ones, so that 250 steps do not amplify rounding.
  const fixed = CELLS[cell].unitWeights.every(({ gradient }) => !gradient);
  const ofUnits = Float32Array.from({ length: OWN * H }, (_, j) => (fixed ? 1 + (j % 2) : 0.1));
  const { projection } = CELLS[cell];
  const P = projection ? Math.ceil(H / 2) : H;
  const weights = [0, 1].flatMap((d) => [
    floats([2, GATES * H], 10 + d, 0.5),
    ...(RECURRENT > 0 ? [floats([P, RECURRENT * H], 20 + d, 1 / Math.sqrt(H))] : []),
    ...(projection ? [floats([H, P], 30 + d, 1 / Math.sqrt(H))] : []),
  ]);
  const build: Build = ([x, ...rest]) => {
    const directions = [false, true].map((reverse, d) => {
      const count = rest.length / 2;
      const own = rest.slice(count * d, count * (d + 1));
      const kernel = own.shift()!;
      const recurrentKernel = RECURRENT > 0 ? own.shift()! : null;
      const [projected] = own;
      const unitWeights = OWN > 0 ? tensor(ofUnits, [OWN, H], 'float32', x.device) : null;
      return {
        ...{ kernel, recurrentKernel, projection: projected, bias: null, unitWeights },
        ...{ initialState: null, reverse },
      };
    });
    const steps = Int32Array.from(
      { length: B * T },
      (_, i) => +(i % T < (Math.floor(i / T) * T) / B),
    );
    const mask = masked ? tensor(steps, [B, T], 'int32', x.device) : null;
    return [recurrent(x, directions, { cell, mask, returnSequences: true }).output];
  };
  return { inputs: [floats([B, T, 2], 1), ...weights], build };
}

interface Sizes {
  T: number;
  H: number;
  masked?: boolean;
}

async function expectAgreement(
  cell: CellName,
  { T, H, masked = false }: Sizes,
  device = gpu({ poison: true }),
): Promise<void> {
  const { inputs, build } = problem(cell, T, H, masked);
  const expected = await compute(reference, build, inputs);
  const actual = await compute(await device, build, inputs);
  expectClose(actual.outputs[0].data, expected.outputs[0].data, 'y', TOLERANCE.long);
  expected.gradients.forEach((gradient, i) =>
    expectClose(actual.gradients[i]!, gradient!, `gradient ${i}`, TOLERANCE.long),
  );
}

/** All where loops are counted; elsewhere one of each kind: with one phase and two, with a projection and with moments. */
const { limits } = await gpu();
const NAMES =
  limits.maxLoopIterations < Infinity
    ? (Object.keys(CELLS) as CellName[])
    : (['lstm', 'gru', 'gru_reset_before', 'lstm_projected', 'lstm_layernorm'] as const);

describe('loops of many iterations', () => {
  it.each(NAMES)('%s, 250 steps of 96 units', async (cell) => {
    await expectAgreement(cell, { T: 250, H: 96 });
  });

  it('lstm, 250 steps of 96 units, masked', async () => {
    await expectAgreement('lstm', { T: 250, H: 96, masked: true });
  });

  it('lstm, 80 steps of 256 units', async () => {
    await expectAgreement('lstm', { T: 80, H: 256 });
  });

  it('chunks are as short as the limit asks', async () => {
    const dispatches = async (maxLoopIterations: number) => {
      const device = await gpu({ limits: { maxLoopIterations }, poison: true });
      const before = device.stats().dispatches;
      await expectAgreement('lstm', { T: 60, H: 8 }, Promise.resolve(device));
      return device.stats().dispatches - before;
    };
    // 4 · 8 + 100 iterations a step: seven steps in 1000.
    const [few, many] = [await dispatches(1000), await dispatches(60 * 132)];
    expect(few).toBeGreaterThan(2 * many);
  });

  it('what cannot be cut is refused, and the device goes on', async () => {
    const device = await gpu({ limits: { maxLoopIterations: 1000 } });
    const x = (length: number) =>
      tensor(new Float32Array(length).fill(1), [length], 'float32', device);
    expect(() => cumsum(x(1001))).toThrow(
      /^cumsum: a thread would need 1001 loop iterations, and this driver \(.+\) ends loops after 1000, with wrong results/,
    );
    expect((await cumsum(x(1000)).data())[999]).toBe(1000);
  });
});
