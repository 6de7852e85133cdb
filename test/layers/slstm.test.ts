/** The sLSTM against its equations as they stand, without the stabilizer: neither values nor gradients may depend on it. */
import { describe, expect, it } from 'vitest';
import * as layers from '../../src/layers/index.ts';
import { model, sequential } from '../../src/model/create.ts';
import { recurrent } from '../../src/ops/recurrent.ts';
import type { Tensor } from '../../src/tensor.ts';
import { compute, expectClose } from '../support/check.ts';
import type { Build } from '../support/check.ts';
import { allDevices, reference, testedDevices } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { B, block, expectUnrolled, H, I, sigmoid, T } from './unrolled.ts';
import type { Step } from './unrolled.ts';

const GATES = ['sigmoid', 'exponential'] as const;

/** c and n are those of the paper's equations 8 and 9. */
const stepOf =
  (forgetGate: (typeof GATES)[number]): Step =>
  (x, [h, c, n], [W, R, b]) => {
    const [i, f, z, o] = [0, 1, 2, 3].map((k) =>
      block(x, W, k).map((v, j) => v + block(h, R, k)[j] + b[k * H + j]),
    );
    const forget = f.map(forgetGate === 'sigmoid' ? sigmoid : Math.exp);
    const next = c.map((v, j) => forget[j] * v + Math.exp(i[j]) * Math.tanh(z[j]));
    const sum = n.map((v, j) => forget[j] * v + Math.exp(i[j]));
    return [next.map((v, j) => (sigmoid(o[j]) * v) / sum[j]), next, sum];
  };

describe.each(allDevices)('on %s', (_, open) => {
  it.each(GATES)('computes its equations both ways, %s forget gate', async (forgetGate) => {
    const make = (options: object) => layers.sLSTM(H, { ...options, forgetGate });
    await expectUnrolled(await open(), make, 3, stepOf(forgetGate));
  });

  it('remembers a first step whose input gate is as good as closed', async () => {
    const layer = layers.sLSTM(H);
    const built = sequential([layers.input({ shape: [1, I] }), layer], { device: await open() });
    const [W, R, b] = (await built.getWeights()).map(({ shape }, i) => floats([...shape], i));
    b.data.fill(-500, 0, H);
    built.setWeights([W, R, b]);
    const x = floats([1, 1, I], 9);
    const sums = [2, 3].map((k) =>
      block(Array.from(x.data), W.data, k).map((v, j) => v + b.data[k * H + j]),
    );
    const output = await built.predict(x);
    const expected = sums[0].map((z, j) => Math.tanh(z) * sigmoid(sums[1][j]));
    expectClose(await output.data(), expected, 'o∘z');
    output.dispose();
  });

  it('goes on from states that stand for the same in the same way', async () => {
    const x = layers.input({ shape: [T, I] });
    const initialState = [0, 1, 2, 3].map(() => layers.input({ shape: [H] }));
    const outputs = layers.sLSTM(H, { returnSequences: true }).apply(x, { initialState });
    const built = model({ inputs: [x, ...initialState], outputs, device: await open(), seed: 4 });
    const [h, c, n, m] = [1, 2, 3, 4].map((seed) => floats([B, H], seed).data);
    const predicted = async (moved: number) => {
      const states = [
        h,
        c.map((v) => v * Math.exp(-moved)),
        n.map((v) => (2 + v) * Math.exp(-moved)),
        m.map((v) => v + moved),
      ].map((data) => ({ data: data as Float32Array, shape: [B, H] }));
      const y = await built.predict<Tensor>([floats([B, T, I], 5), ...states]);
      const values = await y.data();
      y.dispose();
      return values;
    };
    const expected = await predicted(0);
    for (const moved of [-3, 2, 30])
      expectClose(await predicted(moved), expected, `m + ${moved}`, TOLERANCE.long);
  });
});

const NAMES = ['x', 'kernel', 'recurrent kernel', 'bias', 'h', 'c', 'n', 'm'];
const STATE = [B, H];
const WEIGHTS = [floats([I, 4 * H], 2), floats([H, 4 * H], 3), floats([4 * H], 4)];
const [h, c, any, m] = [5, 6, 7, 8].map((seed) => floats(STATE, seed));
const n: Host = { shape: STATE, data: any.data.map((v) => 1.5 + v) };
const zeros = (shape: number[]): Host => floats(shape, 0, 0);
/** As a layer begins with them. */
const FRESH = [0, 1, 2, 3].map(() => zeros(STATE));

describe.each([
  ['log σ', 'logSigmoid'],
  ['log exp', 'linear'],
] as const)('with %s', (_, recurrentActivation) => {
  const build: Build = ([x, kernel, recurrentKernel, bias, ...initialState]) => {
    const direction = { kernel, recurrentKernel, bias, initialState, reverse: false };
    const options = { cell: 'slstm', recurrentActivation, returnSequences: true } as const;
    const { output, states } = recurrent(x, [direction], options);
    return [output, ...states[0]];
  };

  /** Each gradient of the twin against differences, element by element. */
  async function expectExact(inputs: Host[], cotangents: Host[]): Promise<void> {
    const { gradients } = await compute(reference, build, inputs, { cotangents });
    const valueAt = async (moved: Host[]): Promise<number> => {
      const { outputs } = await compute(reference, build, moved, { gradient: false });
      return outputs.reduce(
        (sum, { data }, o) =>
          (data as Float64Array).reduce((part, v, k) => part + v * cotangents[o].data[k], sum),
        0,
      );
    };
    for (const [i, { data, shape }] of inputs.entries()) {
      const found: number[] = [];
      for (let k = 0; k < data.length; k++) {
        const at = (offset: number) => {
          const moved = Float64Array.from(data, (v, j) => (j === k ? v + offset : v));
          const host = { shape, data: moved as unknown as Float32Array };
          return valueAt(inputs.map((one, j) => (j === i ? host : one)));
        };
        found.push(((await at(1e-5)) - (await at(-1e-5))) / 2e-5);
      }
      const tolerance = { absolute: 1e-8, relative: 1e-6 };
      expectClose(gradients[i]!, found, `gradient of ${NAMES[i]}`, tolerance);
    }
  }
  const x = floats([B, T, I], 1);
  const outputs = [[B, T, H], ...FRESH.map(() => STATE)];

  it('all gradients of the output and of every state returned are exact', async () => {
    const cotangents = outputs.map((shape, o) => floats(shape, 20 + o));
    await expectExact([x, ...WEIGHTS, h, c, n, m], cotangents);
  });

  it('all gradients of the output are exact from states of zeros', async () => {
    const cotangents = outputs.map((shape, o) => (o === 0 ? floats(shape, 20) : zeros(shape)));
    await expectExact([x, ...WEIGHTS, ...FRESH], cotangents);
  });

  // Sums of hundreds: float32 has no room for e^89, and none for 1 / e^104.
  it.each(testedDevices)('2000 steps of large gates stay in range on $name', async ({ open }) => {
    const inputs = [floats([B, 2000, I], 1, 200), ...WEIGHTS, ...FRESH];
    const found = await compute(await open({ poison: true }), build, inputs);
    const [{ data }] = found.outputs;
    expect(Math.max(...data.map(Math.abs))).toBeLessThan(1.001);
    for (const values of [...found.outputs.map((output) => output.data), ...found.gradients])
      expect(values!.every((v) => Number.isFinite(v))).toBe(true);
  });
});

it('names its weights, and lets it remember at first', async () => {
  for (const forgetGate of GATES) {
    const layer = layers.sLSTM(H, { forgetGate });
    const built = sequential([layers.input({ shape: [T, I] }), layer], { device: reference });
    const weights = await built.getWeights();
    expect(weights.map(({ name, shape }) => [name, shape])).toEqual([
      ['slstm/kernel', [I, 4 * H]],
      ['slstm/recurrent_kernel', [H, 4 * H]],
      ['slstm/bias', [4 * H]],
    ]);
    const bias = Array.from(weights[2].data);
    const ones = forgetGate === 'sigmoid' ? 1 : 0;
    expect(bias).toEqual(bias.map((_, k) => (k >= H && k < 2 * H ? ones : 0)));
  }
});

it('says which forget gates it has', () => {
  expect(() => layers.sLSTM(H, { forgetGate: 'relu' as never })).toThrow(
    "slstm: expected forgetGate to be one of sigmoid, exponential, got 'relu'",
  );
});
