/** NumPy's, TensorFlow.js' and RTNeural's files. */
import { describe, expect, it } from 'vitest';
import { decodeFloat16, encodeFloat16 } from '../../src/float16.ts';
import { layers, sequential, setSeed } from '../../src/index.ts';
import { loadRtneural, loadTfjs, readNpz } from '../../src/interchange/index.ts';
import { testedDevices } from '../support/devices.ts';
import {
  expectClose,
  expectOutputs,
  formatFile,
  inputOf,
  loadFormats,
} from '../support/formats.ts';
import { mutations } from '../support/mutations.ts';
import { serve } from '../support/serve.ts';
import { bytesOf, joinBytes, littleEndian, zip } from '../support/zip.ts';

setSeed(1);
const device = await testedDevices[0].open();

/** The number that was meant by the fewest digits that give it. */
const rounded = (value: any, dtype: string): number =>
  dtype === 'float16'
    ? decodeFloat16(encodeFloat16([value]))[0]
    : dtype === 'float32'
      ? Math.fround(value)
      : Number(value);

describe('readNpz', () => {
  it.each(['arrays.npz', 'arrays_deflated.npz'])('reads %s', async (file) => {
    const { outputs } = (await loadFormats('npz')).get(file)!;
    const arrays = await readNpz(await formatFile('npz', file));
    expect([...arrays.keys()]).toEqual(outputs.map(({ name }) => name));
    for (const { name, dtype, shape, data } of outputs) {
      const found = arrays.get(name)!;
      expect([found.type, found.shape], name).toEqual([dtype, shape]);
      expect(Array.from(found.data as ArrayLike<unknown>, Number), name).toEqual(
        data.map((value) => rounded(value, dtype)),
      );
    }
  });

  const npy = (descr: string, shape: string, content: Uint8Array) => {
    const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;
    return joinBytes(
      Uint8Array.of(0x93),
      bytesOf('NUMPY'),
      littleEndian([1, 1], [1, 0], [2, header.length]),
      bytesOf(header),
      content,
    );
  };

  it('reads one array alone', async () => {
    const file = npy("'<f4'", '(2,)', new Uint8Array(Float32Array.of(1, 2).buffer));
    const arrays = await readNpz(new File([file], 'weights.npy'));
    expect(Array.from(arrays.get('weights')!.data as Float32Array)).toEqual([1, 2]);
  });

  it.each([
    ['objects', npy("'|O'", '(1,)', bytesOf('x')), /got one of \|O; arrays of objects are pickles/],
    ['texts', npy("'<U3'", '(1,)', new Uint8Array(12)), /got one of <U3; convert it with astype/],
    ['records', npy("[('a', '<f4')]", '(1,)', new Uint8Array(4)), /got one of records/],
    [
      'a huge shape',
      npy("'<f4'", '(99999999999, 99999999999)', new Uint8Array(4)),
      /expected \d+|e\+/,
    ],
    [
      'too few numbers',
      npy("'<f4'", '(2,)', new Uint8Array(4)),
      /expected 8 bytes of float32 \[2\], got 4/,
    ],
  ])('refuses %s', async (_, file, problem) => {
    await expect(readNpz(zip([{ path: 'a.npy', content: file }]))).rejects.toThrow(problem);
  });

  it('ends with an error that names the file, however it is damaged', async () => {
    const file = await formatFile('npz', 'arrays_deflated.npz');
    await mutations(file, 300, (damaged) => readNpz(new File([damaged], 'a.npz')));
  });
});

const cases = await loadFormats('tfjs');

describe('loadTfjs', () => {
  const filesOf = async (file: string) => {
    const folder = file.split('/')[0];
    const { weightsManifest } = JSON.parse(
      new TextDecoder().decode(await formatFile('tfjs', file)),
    );
    const names = ['model.json', ...weightsManifest.flatMap(({ paths }: any) => paths)] as string[];
    const entries = names.map(
      async (name) => [name, await formatFile('tfjs', `${folder}/${name}`)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  };

  it.each([...cases.keys()])('%s answers as in TensorFlow.js', async (file) => {
    const found = cases.get(file)!;
    const net = await loadTfjs(await filesOf(file), { device });
    expect(net.countParams()).toBe(found.parameters);
    const inputs = found.inputs.map(inputOf);
    await expectOutputs(
      await net.predict<any>(inputs.length > 1 ? inputs : inputs[0]),
      found.outputs,
    );
  });

  it('reads the files beside an address, and those of an input element', async () => {
    const file = 'functional_bigru_uint8/model.json';
    const files = await filesOf(file);
    const served = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [`/m/${name}`, bytes]),
    );
    const net = await serve(served, () => loadTfjs('https://host/m/model.json', { device }));
    const given = Object.entries(files).map(([name, bytes]) => new File([bytes], name));
    const other = await loadTfjs(given, { device });
    expect((await net.getWeights()).map(({ data }) => data)).toEqual(
      (await other.getWeights()).map(({ data }) => data),
    );
  });

  it('refuses graph models, files elsewhere, and weights that do not fit', async () => {
    const files = await filesOf('masked_lstm/model.json');
    const json = JSON.parse(new TextDecoder().decode(files['model.json']));
    const load = (changed: object, others: object = {}) =>
      loadTfjs(
        { ...files, ...others, 'model.json': bytesOf(JSON.stringify({ ...json, ...changed })) },
        { device },
      );
    await expect(load({ format: 'graph-model', modelTopology: { node: [] } })).rejects.toThrow(
      /expected a layers model, got a graph model, whose layers are taken apart into operations/,
    );
    const [group] = json.weightsManifest;
    await expect(
      load({ weightsManifest: [{ ...group, paths: ['../weights.bin'] }] }),
    ).rejects.toThrow(/expected files of weights beside it, got '\.\.\/weights\.bin'/);
    await expect(load({}, { 'weights.bin': files['weights.bin'].slice(0, 100) })).rejects.toThrow(
      /expected 336 bytes of 'words\/embeddings' \[14,6\] from byte 0 of the weights on, got 100/,
    );
    await expect(
      load({ weightsManifest: [{ ...group, weights: group.weights.slice(0, 5) }] }),
    ).rejects.toThrow(/a file is damaged or missing/);
    const huge = structuredClone(json.modelTopology);
    huge.config.layers[1].config.units = 100_000;
    await expect(load({ modelTopology: huge })).rejects.toThrow(
      /asks for 'memory\/kernel' of \[6,400000\]; it was made to fill the memory/,
    );
    const odd = structuredClone(json.modelTopology);
    odd.config.layers[1].class_name = 'Lambda';
    await expect(load({ modelTopology: odd })).rejects.toThrow(
      /layer memory: expected a layer that is known here \(.*\), got Lambda; give a function that makes it as customLayers\.Lambda/,
    );
  });
});

describe('loadRtneural', () => {
  const nested = (data: ArrayLike<number>, shape: readonly number[]): unknown => {
    if (shape.length === 0) return data[0];
    const size = data.length / shape[0];
    return Array.from({ length: shape[0] }, (_, k) =>
      nested(Array.prototype.slice.call(data, k * size, (k + 1) * size), shape.slice(1)),
    );
  };
  const x = { shape: [2, 9, 2], data: Float32Array.from({ length: 36 }, (_, i) => Math.sin(i)) };
  const fileOf = (json: object) => bytesOf(JSON.stringify(json));

  it("takes layers with Keras' weights, and adds the input", async () => {
    const net = sequential(
      [
        layers.input({ shape: [null, 2] }),
        layers.conv1D(3, 4, { padding: 'causal', dilationRate: 2, activation: 'tanh' }),
        layers.gru(5, { returnSequences: true, biasInitializer: 'glorotUniform' }),
        layers.lstm(4, { returnSequences: true }),
        layers.dense(2, { activation: 'sigmoid', biasInitializer: 'glorotUniform' }),
      ],
      { device },
    );
    const [, ...used] = net.layers;
    const lists = await Promise.all(used.map((layer) => layer.getWeights()));
    const facts = [
      {
        type: 'conv1d',
        activation: 'tanh',
        shape: [null, null, 3],
        kernel_size: [4],
        dilation: [2],
      },
      { type: 'gru', activation: 'tanh', shape: [null, null, 5] },
      { type: 'lstm', activation: 'tanh', shape: [null, null, 4] },
      { type: 'time-distributed-dense', activation: 'sigmoid', shape: [null, null, 2] },
    ];
    const json = {
      in_shape: [null, null, 2],
      layers: facts.map((fact, k) => ({
        ...fact,
        weights: lists[k].map(({ data, shape }) => nested(data, shape)),
      })),
    };
    const expected = await net.predict(x);
    const data = Array.from(await expected.data());
    const plain = await loadRtneural(fileOf(json), { device });
    await expectOutputs(await plain.predict(x), [
      { name: 'y', dtype: 'float32', shape: expected.shape, data },
    ]);
    const skipping = await loadRtneural(fileOf({ ...json, in_skip: 1 }), { device });
    const sums = data.map((value, i) => value + x.data[i]);
    await expectOutputs(await skipping.predict(x), [
      { name: 'y', dtype: 'float32', shape: expected.shape, data: sums },
    ]);
  });

  it("takes PyTorch's weights, with and without the facts of the model", async () => {
    const torch = await loadFormats('pytorch');
    const { readStateDict } = await import('../../src/interchange/index.ts');
    const state = await readStateDict(await formatFile('pytorch', 'lstm_legacy.pt'));
    const lists = Object.fromEntries(
      [...state].map(([name, { data, shape }]) => [
        name.replace('lstm', 'rec').replace('head', 'lin'),
        nested(data as Float32Array, shape),
      ]),
    );
    const { inputs, outputs } = torch.get('lstm_legacy.pt')!;
    for (const json of [
      lists,
      {
        model_data: { model: 'SimpleRNN', input_size: 4, skip: 0, output_size: 2 },
        state_dict: lists,
      },
    ]) {
      const net = await loadRtneural(fileOf(json), { device });
      expect(net.layers.map(({ name }) => name)).toEqual(['input', 'rec', 'lin']);
      const y = await net.predict(inputOf(inputs[0]));
      const data = await y.data();
      const last = {
        shape: [3, 2],
        data: [0, 1, 2].flatMap((b) => [...data.slice((b * 5 + 4) * 2, (b * 5 + 5) * 2)]),
      };
      expectClose(last, outputs[0]);
    }
  });

  it.each([
    [
      'another layer',
      { in_shape: [null, 1], layers: [{ type: 'prelu', shape: [1] }] },
      /layer 0: expected one of dense, .*, got 'prelu'/,
    ],
    ['a gain', { in_shape: [1], in_gain: 3, layers: [] }, /expected in_gain 0, got 3 dB/],
    [
      'ragged lists',
      { in_shape: [2], layers: [{ type: 'dense', shape: [1], weights: [[[1], [2, 3]], [0]] }] },
      /layer 0 \(dense\), weights 0: expected lists of 1, got a list of 2/,
    ],
    [
      'texts',
      { in_shape: [1], layers: [{ type: 'dense', shape: [1], weights: [[['a']], [0]] }] },
      /expected numbers, got 'a'/,
    ],
    [
      'other shapes',
      { in_shape: [3], layers: [{ type: 'dense', shape: [1], weights: [[[1]], [0]] }] },
      /expected dense_0\/kernel of \[3,1\], got \[1,1\]/,
    ],
    [
      'another activation',
      { in_shape: [1], layers: [{ type: 'dense', activation: 'cube', shape: [1], weights: [] }] },
      /expected an activation of tanh, .*, got 'cube'/,
    ],
    ['no shape', { layers: [] }, /expected in_shape/],
    ['nothing', {}, /expected tensors by their names/],
  ])('refuses %s', async (_, json, problem) => {
    await expect(loadRtneural(new File([fileOf(json)], 'amp.json'), { device })).rejects.toThrow(
      problem,
    );
    await expect(loadRtneural(new File([fileOf(json)], 'amp.json'), { device })).rejects.toThrow(
      /^amp\.json/,
    );
  });
});
