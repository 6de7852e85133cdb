/** What a narrower state changes for a layer: shapes, initial states, errors. test/golden/projection.test.ts has the numbers. */
import { describe, expect, it } from 'vitest';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import * as layers from '../../src/layers/index.ts';
import { model, sequential } from '../../src/model/create.ts';
import type { Tensor } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { allDevices, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';

const [B, T, I, H, P] = [3, 6, 2, 8, 3];
const options = { projectionUnits: P, returnSequences: true, returnState: true } as const;

describe.each(allDevices)('on %s', (_, open) => {
  it('goes on from the states that it returned, h narrower than c', async () => {
    const x = layers.input({ shape: [null, I] });
    const states = [layers.input({ shape: [P] }), layers.input({ shape: [H] })];
    const outputs = layers.projectedLSTM(H, options).apply(x, { initialState: states });
    const network = model({ inputs: [x, ...states], outputs, device: await open(), seed: 4 });
    const values = floats([B, T, I], 1).data;
    const steps = (begin: number, end: number): Host => ({
      shape: [B, end - begin, I],
      data: Float32Array.from({ length: B * (end - begin) * I }, (_, k) => {
        const [b, rest] = [Math.floor(k / ((end - begin) * I)), k % ((end - begin) * I)];
        return values[(b * T + begin) * I + rest];
      }),
    });
    const run = async (inputs: Host[]): Promise<Host[]> => {
      const found = await network.predict<Tensor[]>(inputs);
      const data = await Promise.all(found.map((one) => one.data()));
      for (const one of found) one.dispose();
      return found.map(({ shape }, i) => ({ shape: [...shape], data: data[i] as Float32Array }));
    };
    const zero = [P, H].map((width) => ({ shape: [B, width], data: new Float32Array(B * width) }));
    const [, ...whole] = await run([steps(0, T), ...zero]);
    const [, ...middle] = await run([steps(0, 2), ...zero]);
    expect(middle.map(({ shape }) => shape)).toEqual([
      [B, P],
      [B, H],
    ]);
    const [y, ...last] = await run([steps(2, T), ...middle]);
    expect(y.shape).toEqual([B, T - 2, P]);
    last.forEach(({ data }, s) => expectClose(data, whole[s].data, `state ${s}`));
  });
});

it('has the shapes of both states both ways', () => {
  const x = layers.input({ shape: [T, I] });
  const both = layers.bidirectional(layers.projectedLSTM(H, options));
  const outputs = both.apply<SymbolicTensor[]>(x);
  expect(outputs.map(({ shape }) => shape)).toEqual([
    [null, T, 2 * P],
    ...[P, H, P, H].map((width) => [null, width]),
  ]);
});

it('names its weights', async () => {
  const layer = layers.projectedLSTM(H, { projectionUnits: P });
  const built = sequential([layers.input({ shape: [T, I] }), layer], { device: reference });
  expect((await built.getWeights()).map(({ name, shape }) => [name, shape])).toEqual([
    ['projected_lstm/kernel', [I, 4 * H]],
    ['projected_lstm/recurrent_kernel', [P, 4 * H]],
    ['projected_lstm/projection_kernel', [H, P]],
    ['projected_lstm/bias', [4 * H]],
  ]);
});

it('says what it takes', () => {
  expect(() => layers.projectedLSTM(4, { projectionUnits: 5 })).toThrow(
    'projected_lstm: expected projectionUnits of at most 4, as many as units, got 5',
  );
  expect(() => layers.projectedLSTM(4, {} as never)).toThrow(/projectionUnits/);
  const x = layers.input({ shape: [T, I] });
  const initialState = [layers.input({ shape: [4] }), layers.input({ shape: [4] })];
  expect(() => layers.projectedLSTM(4, { projectionUnits: 2 }).apply(x, { initialState })).toThrow(
    'projected_lstm: expected initial states h, c of shapes [null,2], [null,4], got [null,4], [null,4]; pass initialState: [h, c]',
  );
});
