/** The states that stateful layers keep: set, read and set back to zero, in layers and in models. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { SymbolicTensor } from '../../src/layers/base.ts';
import * as cells from '../../src/layers/cells/index.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import { sequential } from '../../src/model/create.ts';
import { setDevice, tensor } from '../../src/tensor.ts';
import { openAll, reference } from '../support/devices.ts';
import { floats } from '../support/random.ts';
import type { Host } from '../support/random.ts';
import { ints, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;
const [B, T, I, H] = [2, 3, 2, 3];
const x = floats([B, T, I], 1);
const [h, c] = [floats([B, H], 2), floats([B, H], 3)];

function nested({ data, shape: [n, m] }: Host): number[][] {
  return Array.from({ length: n }, (_, i) => Array.from(data.slice(i * m, (i + 1) * m)));
}

describe('resetStates of a layer', () => {
  it('sets what the next batch begins with, in whatever form', async () => {
    for (const device of await openAll()) {
      const layer = layers.lstm(H, { stateful: true });
      const network = stack(device, { shape: [null, I] }, [layer]);
      const states = [input({ shape: [H] }), input({ shape: [H] })];
      const start = input({ shape: [null, I] });
      const plain = layers.lstm(H);
      const outputs = plain.apply(start, { initialState: states });
      const wanted = new Network({ inputs: [start, ...states], outputs, device });
      plain.setWeights(await layer.getWeights());
      const expected = await run(wanted, device, [x, h, c]);
      const tensors = [h, c].map(({ data, shape }) => tensor(data, shape, 'float32', device));
      for (const given of [
        [h, c],
        [h.data as Float32Array, c.data as Float32Array],
        [nested(h), nested(c)],
        tensors,
        { c, h },
      ]) {
        layer.resetStates(given);
        expect((await run(network, device, [x])).outputs).toEqual(expected.outputs);
      }
      // Copied: the layer does not write into what it was given.
      expect(Array.from(await tensors[0].data())).toEqual(Array.from(h.data));
    }
  });

  it('allows another batch size, and zeros them without states', async () => {
    const layer = layers.gru(H, { stateful: true });
    const network = stack(reference, { shape: [null, I] }, [layer]);
    const first = await run(network, reference, [x]);
    layer.resetStates([floats([1, H], 4)]);
    await run(network, reference, [floats([1, T, I], 5)]);
    network.resetStates();
    expect(layer.states).toBeNull();
    expect(await run(network, reference, [x])).toEqual(first);
  });

  it('reads them, and begins another layer with them', async () => {
    const make = () => layers.lstm(H, { stateful: true, returnState: true });
    const [first, second] = [make(), make()];
    const networks = [first, second].map((layer) => {
      const start = input({ shape: [null, I] });
      return new Network({ inputs: start, outputs: layer.apply<SymbolicTensor[]>(start) });
    });
    networks[1].setWeights(await networks[0].getWeights());
    expect(first.states).toBeNull();
    const { outputs } = await run(networks[0], reference, [x]);
    const states = await Promise.all(first.states!.map((state) => state.array()));
    expect(states).toEqual(outputs.slice(1));
    second.resetStates(first.states!);
    const next = floats([B, T, I], 6);
    expect(await run(networks[1], reference, [next])).toEqual(
      await run(networks[0], reference, [next]),
    );
    // A layer may be given its own.
    first.resetStates(second.states!);
    first.resetStates(first.states!);
    expect(await run(networks[0], reference, [x])).toEqual(await run(networks[1], reference, [x]));
  });

  it('counts the steps of a Clockwork RNN from there', async () => {
    const layer = layers.clockworkRNN(4, { periods: [1, 2], stateful: true });
    const network = stack(reference, { shape: [null, I] }, [layer]);
    const state = floats([B, 4], 7);
    const odd = floats([B, 3, I], 8);
    layer.resetStates([state]);
    const first = await run(network, reference, [odd]);
    layer.resetStates([state]);
    expect(await run(network, reference, [odd])).toEqual(first);
  });

  it('of rnn takes those of all cells, in their order or by their names', async () => {
    const layer = layers.rnn([cells.lstm(H), cells.gru(H)], { stateful: true });
    const network = stack(reference, { shape: [null, I] }, [layer]);
    const other = floats([B, H], 9);
    layer.resetStates([h, c, other]);
    const first = await run(network, reference, [x]);
    layer.resetStates({ 'gru_cell h': other, 'lstm_cell c': c, 'lstm_cell h': h });
    expect(await run(network, reference, [x])).toEqual(first);
    expect(() => layer.resetStates([h, c])).toThrow(
      'rnn: expected states lstm_cell h, lstm_cell c, gru_cell h of shapes [2,3], [2,3], [2,3], got [2,3], [2,3]',
    );
  });

  it('of both directions takes one list, or one by layer', async () => {
    const layer = layers.bidirectional(layers.gru(H, { stateful: true }));
    const network = stack(reference, { shape: [null, I] }, [layer]);
    layer.resetStates([h, c]);
    expect(layer.states!.map(({ shape }) => shape)).toEqual([
      [B, H],
      [B, H],
    ]);
    const first = await run(network, reference, [x]);
    layer.resetStates({ forward_gru: [h], backward_gru: [c] });
    expect(await run(network, reference, [x])).toEqual(first);
  });

  it('says what is wrong, and then changes none', async () => {
    const layer = layers.lstm(H, { stateful: true });
    const network = stack(reference, { shape: [null, I], batchSize: B }, [layer]);
    layer.resetStates([h, c]);
    const expected = await run(network, reference, [x]);
    layer.resetStates([h, c]);
    const wide = floats([B, H + 1], 4);
    const three = floats([3, H], 4);
    expect(() => layer.resetStates([h])).toThrow(
      'lstm: expected states h, c of shapes [2,3], [2,3], got [2,3]; give a row for each of a batch',
    );
    expect(() => layer.resetStates([h, wide])).toThrow(
      'lstm: expected states h, c of shapes [2,3], [2,3], got [2,3], [2,4]',
    );
    expect(() => layer.resetStates([three, three])).toThrow(
      'lstm: expected states h, c of shapes [2,3], [2,3], got [3,3], [3,3]',
    );
    expect(() => layer.resetStates({ h })).toThrow('lstm: expected states of h, c, got h');
    const counts = ints([B, H], 1, 2, 3, 4, 5, 6);
    expect(() => layer.resetStates([h, tensor(counts.data, counts.shape)])).toThrow(
      'tensors as float32 on the model',
    );
    expect(await run(network, reference, [x])).toEqual(expected);
    expect(() => layers.gru(H, { stateful: true }).resetStates([h])).toThrow(
      'gru: expected a built layer',
    );
    expect(() => layers.gru(H).resetStates([h])).toThrow(
      'gru: expected a layer with stateful: true, got states for one that keeps none; pass them as initialState',
    );
  });
});

describe('resetStates of a model', () => {
  const make = () =>
    sequential(
      [
        layers.lstm(H, { stateful: true, returnSequences: true }),
        layers.timeDistributed(layers.dense(H)),
        layers.gru(H, { stateful: true }),
      ],
      { seed: 1 },
    );
  const values = async (model: ReturnType<typeof make>) => (await model.predict(x)).array();

  it('takes states by layer; the others begin with zeros', async () => {
    const model = make();
    const first = await values(model);
    model.resetStates({ gru: [h] });
    const other = await values(model);
    expect(other).not.toEqual(first);
    model.resetStates({
      gru: { h },
      lstm: { h: nested(c).map((row) => row.map(() => 0)), c: new Float32Array(B * H) },
    });
    expect(await values(model)).toEqual(other);
    model.resetStates();
    expect(await values(model)).toEqual(first);
  });

  it('says which layers there are', async () => {
    const model = make();
    await values(model);
    expect(() => model.resetStates({ lstm_1: [h] })).toThrow(
      'sequential: expected states by the names of layers (input_layer, lstm, time_distributed, gru), got lstm_1; recurrent layers with stateful: true keep states',
    );
    expect(() => model.resetStates([h, c])).toThrow('time_distributed, gru), got a list');
    expect(() => model.resetStates({ time_distributed: [h] })).toThrow(
      'time_distributed: expected states by the names of layers (dense), got a list',
    );
  });
});
