/** TimeDistributed around recurrent layers and other wrappers: sequences of sequences, with masks of either. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '../../src/layers/base.ts';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import { setDevice } from '../../src/tensor.ts';
import type { Device } from '../../src/backend.ts';
import type { Nested } from '../../src/tensor.ts';
import { expectClose } from '../support/check.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { TOLERANCE } from '../support/tolerances.ts';
import { ints, reached, run } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
/** Texts of T sentences of S words of I features. */
const [B, T, S, I, H] = [2, 3, 4, 2, 3];

const x = floats([B, T, S, I], 1);
/** By word: real throughout, padded left and right, with a gap, and all mask. */
const WORDS = ints(
  [B, T, S],
  ...[1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1],
  ...[1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0],
);
const SENTENCES = ints([B, T], 1, 1, 0, 1, 0, 1);

function sentence({ data, shape }: Host, t: number): Host {
  const [, , ...rest] = shape;
  const size = rest.reduce((product, extent) => product * extent, 1);
  const part = [0, 1].flatMap((b) =>
    Array.from(data.subarray((b * T + t) * size, (b * T + t + 1) * size)),
  );
  const Type = data.constructor as typeof Float32Array;
  return { shape: [B, ...rest], data: Type.from(part) };
}

/** The outputs and masks of a layer on [B,T,S,I], with a mask given to `apply`; and its weights. */
function wrapped(device: Device, layer: Layer, mask: Host | null): Network {
  const start = input({ shape: [null, S, I] });
  const masks = mask ? [input({ shape: mask.shape.slice(1), dtype: 'int32' })] : [];
  const outputs = layer.apply(start, { mask: masks[0] });
  return new Network({ inputs: [start, ...masks], outputs, device, seed: 3 });
}

const INNER: [string, () => Layer][] = [
  ['lstm', () => layers.lstm(H)],
  ['gru, every output', () => layers.gru(H, { returnSequences: true })],
  ['bidirectional', () => layers.bidirectional(layers.lstm(H))],
  [
    'bidirectional, every output',
    () => layers.bidirectional(layers.gru(H, { returnSequences: true }), { mergeMode: 'sum' }),
  ],
  [
    'bidirectional with a backward layer of its own',
    () =>
      layers.bidirectional(layers.lstm(H), {
        backwardLayer: layers.simpleRNN(H, { activation: 'relu', goBackwards: true }),
      }),
  ],
  ['a model', () => new Network({ layers: [layers.dense(H), layers.gru(H)], name: 'inner' })],
  ['rnn(cell)', () => layers.rnn(cells.lstm(H))],
  [
    'rnn with a stack of cells, every output',
    () => layers.rnn([cells.gru(H), cells.simpleRNN(H)], { returnSequences: true }),
  ],
  ['bidirectional of rnn(cell)', () => layers.bidirectional(layers.rnn(cells.gru(H)))],
  ['another timeDistributed', () => layers.timeDistributed(layers.dense(H))],
];

describe('TimeDistributed', () => {
  it.each(INNER)('gives each sequence its own mask: %s', async (_, make) => {
    for (const device of await openAll()) {
      const network = wrapped(device, layers.timeDistributed(make()), WORDS);
      const { outputs, masks } = await run(network, device, [x, WORDS]);

      // What Keras computes: the layer at one step after the other, with the mask of that step.
      const inner = make();
      const start = input({ shape: [S, I] });
      const alone = new Network({ inputs: start, outputs: inner.apply(start), device });
      alone.setWeights(await network.getWeights());
      for (let t = 0; t < T; t++) {
        const step = await run(alone, device, [sentence(x, t)], { masks: [sentence(WORDS, t)] });
        expectClose(
          (outputs[0] as Nested[][]).map((row) => row[t]).flat(4) as number[],
          (step.outputs[0] as Nested[]).flat(4) as number[],
          `${device.kind}: step ${t}`,
          device === reference ? { absolute: 1e-9, relative: 1e-9 } : TOLERANCE.gpu,
        );
        // What the layer leaves of the mask; or else, whether the sequence has any step.
        const left = step.masks[0] as number[][] | null;
        const any = [0, 1].map((b) =>
          Math.max(...sentence(WORDS, t).data.subarray(b * S, b * S + S)),
        );
        expect((masks[0] as Nested[][]).map((row) => row[t])).toEqual(left ?? any);
      }
      expect(reached(network, device, [x, WORDS])).toEqual(network.weights.map(({ name }) => name));
    }
  });

  it.each(INNER)(
    'hands a mask of whole sequences on, and computes them all: %s',
    async (_, make) => {
      const network = wrapped(reference, layers.timeDistributed(make()), SENTENCES);
      const { outputs, masks } = await run(network, reference, [x, SENTENCES]);
      const plain = wrapped(reference, layers.timeDistributed(make()), null);
      plain.setWeights(await network.getWeights());
      expect((await run(plain, reference, [x])).outputs).toEqual(outputs);
      expect(masks).toEqual([
        [
          [1, 1, 0],
          [1, 0, 1],
        ],
      ]);
    },
  );

  it('goes into one another, with the mask of the innermost sequences', async () => {
    const deep = layers.timeDistributed(
      layers.timeDistributed(layers.bidirectional(layers.gru(H))),
    );
    const start = input({ shape: [T, S, I] });
    const mask = input({ shape: [T, S], dtype: 'int32' });
    const network = new Network({
      inputs: [start, mask],
      outputs: layers.timeDistributed(layers.bidirectional(layers.gru(H))).apply(start, { mask }),
      seed: 5,
    });
    const wanted = await run(network, reference, [x, WORDS]);
    const [text, words] = [
      input({ shape: [B, T, S, I] }),
      input({ shape: [B, T, S], dtype: 'int32' }),
    ];
    const nested = new Network({
      inputs: [text, words],
      outputs: deep.apply(text, { mask: words }),
    });
    nested.setWeights(await network.getWeights());
    const found = await run(nested, reference, [
      { ...x, shape: [1, ...x.shape] },
      { ...WORDS, shape: [1, ...WORDS.shape] },
    ]);
    expect(found).toEqual({
      outputs: [wanted.outputs[0]].map((y) => [y]),
      masks: [[wanted.masks[0]]],
    });
  });

  it('refuses a mask of other steps', () => {
    const start = input({ shape: [T, S, I] });
    const layer = layers.timeDistributed(layers.bidirectional(layers.gru(H)));
    const mask = input({ shape: [T + 1], dtype: 'int32' });
    expect(() => layer.apply(start, { mask })).toThrow(
      'time_distributed: expected a mask int32[null,3] for an input [null,3,4,2], got int32[null,4]; 1 where a step counts',
    );
  });
});
