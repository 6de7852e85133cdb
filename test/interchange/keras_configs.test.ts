/** Configurations of Keras: older ones, classes of one's own, and what is refused by its name and its place. */
import { describe, expect, it } from 'vitest';
import { layers, sequential, setSeed } from '../../src/index.ts';
import type { Model } from '../../src/index.ts';
import { loadKeras } from '../../src/interchange/index.ts';
import { openZip } from '../../src/interchange/zip.ts';
import { testedDevices } from '../support/devices.ts';
import { expectOutputs, formatFile, inputOf, loadFormats } from '../support/formats.ts';
import { hdf5 } from '../support/hdf5.ts';
import type { Hdf5Data, Hdf5Tree } from '../support/hdf5.ts';
import { mutations } from '../support/mutations.ts';
import { bytesOf, zip } from '../support/zip.ts';

setSeed(1);
const cases = await loadFormats('keras');
const device = await testedDevices[0].open();

/** A file of Keras with another configuration. */
async function changed(name: string, edit: (config: any) => void): Promise<File> {
  const archive = openZip(name, await formatFile('keras', name));
  const config = JSON.parse(new TextDecoder().decode(await archive.read('config.json')));
  edit(config);
  const weights = await archive.read('model.weights.h5');
  return new File(
    [
      zip([
        { path: 'config.json', content: bytesOf(JSON.stringify(config)) },
        { path: 'model.weights.h5', content: weights },
      ]),
    ],
    name,
  );
}
const load = async (name: string, edit: (config: any) => void, options = {}): Promise<Model> =>
  loadKeras(await changed(name, edit), { device, ...options });
const inLayer = (k: number, options: object) => (json: any) =>
  Object.assign(json.config.layers[k].config, options);

describe('what a file asks for', () => {
  it.each([
    [
      'Lambda',
      2,
      'Lambda',
      /tagger\.keras, layer lstm: expected a layer that is known here \(InputLayer, SimpleRNN, .*\), got Lambda of keras\.layers; give a function that makes it as customLayers\.Lambda/,
    ],
    ['a class of its own', 2, 'os.system', /layer lstm: .*, got os\.system of keras\.layers/],
    ['a name of objects', 2, '__proto__', /layer lstm: .*, got __proto__/],
    ['another name of objects', 2, 'constructor', /layer lstm: .*, got constructor/],
  ])('%s is refused by its name', async (_, k, className, problem) => {
    await expect(
      load('tagger.keras', (json) => (json.config.layers[k].class_name = className)),
    ).rejects.toThrow(problem);
  });

  it('a layer inside of others is named with where it stands', async () => {
    const edit = (json: any) => (json.config.layers[2].config.layer.class_name = 'Mystery');
    await expect(load('summed_bigru.keras', edit)).rejects.toThrow(
      /summed_bigru\.keras, layer bidirectional\/forward_gru: expected a layer that is known here/,
    );
    const cell = (json: any) =>
      (json.config.layers[1].config.cell.config.cells[1].class_name = 'Cell');
    await expect(load('stacked_cells.keras', cell)).rejects.toThrow(
      /stacked_cells\.keras, layer pair\/stacked_rnn_cells\/lstm_cell_1: .* got Cell/,
    );
  });

  it('customLayers make the layers that are not known', async () => {
    const found = cases.get('tagger.keras')!;
    const given: unknown[] = [];
    const net = await load(
      'tagger.keras',
      (json) =>
        Object.assign(json.config.layers[2], {
          class_name: 'Lstm',
          registered_name: 'my_package>Lstm',
          module: 'my',
        }),
      {
        customLayers: {
          Lstm: (config: any) => {
            given.push(config.units);
            return layers.lstm(config.units);
          },
        },
      },
    );
    expect(given).toEqual([9]);
    // Weights are by the class in the file, and by names where it says them.
    await expectOutputs(await net.predict(inputOf(found.inputs[0])), found.outputs);
  });

  it.each([
    [
      'an option',
      inLayer(1, { lora_rank: 4 }),
      /layer embedding: expected lora_rank null, got 4, which Embedding has not here/,
    ],
    [
      'an option that is new',
      inLayer(2, { sparkle: 1 }),
      /layer lstm: expected options that LSTM has here \(units, .*\), got sparkle 1/,
    ],
    [
      'an activation',
      inLayer(3, { activation: { class_name: 'function', config: 'my_act', module: 'my' } }),
      /layer dense, activation: expected the name of an activation, got/,
    ],
    [
      'another activation',
      inLayer(3, { activation: 'my_act' }),
      /layer dense, activation: expected one of .*, got 'my_act', a function of its author's/,
    ],
    [
      'int8',
      inLayer(3, {
        dtype: { class_name: 'QuantizedDTypePolicy', config: { name: 'int8_from_float32' } },
      }),
      /the dtype policy "int8_from_float32"; save the model before it is quantized/,
    ],
    ['a value that cannot be', inLayer(2, { units: -3 }), /tagger\.keras, layer lstm: .*units/],
    [
      'more than it holds',
      inLayer(2, { units: 5000 }),
      /tagger\.keras: expected as many weights as its \d+ bytes hold, got a configuration that asks for 'lstm\/(kernel|recurrent_kernel)' of \[\d+,20000\]; it was made to fill the memory/,
    ],
    [
      'other shapes',
      inLayer(2, { units: 8 }),
      /layer lstm: expected weights \[7,32\], \[8,32\], \[32\], got \[7,36\], \[9,36\], \[36\]/,
    ],
    [
      'a model of its own',
      (json: any) => (json.class_name = 'MyModel'),
      /the model: expected a Sequential or a Functional model, got MyModel, a class of its author's/,
    ],
    [
      'no layers',
      (json: any) => (json.config.layers = []),
      /the model: expected at least one layer/,
    ],
    [
      'no class',
      (json: any) => (json.config.layers[1] = 7),
      /the model: expected a layer with a class_name/,
    ],
  ])('refuses %s', async (_, edit, problem) => {
    await expect(load('tagger.keras', edit)).rejects.toThrow(problem);
  });

  it('says what it leaves out', async () => {
    const said: string[] = [];
    const edit = (json: any) => {
      json.config.layers[1].config.kernel_regularizer = { class_name: 'L2', config: { l2: 0.01 } };
      json.compile_config.metrics = ['accuracy', 'my_metric'];
    };
    const warn = (message: string) => said.push(message);
    const net = await load('learner_adam.keras', edit, { warn });
    expect(said).toEqual([
      'learner_adam.keras, layer gru_2: kernel_regularizer is left out, which matters for training alone',
      'learner_adam.keras: the metric myMetric is not known here and left out',
    ]);
    expect(net.optimizer.iterations).toBe(3);
    const other = (json: any) => (json.compile_config.optimizer.class_name = 'Lion');
    const plain = await load('learner_adam.keras', other, { warn });
    expect(said[2]).toBe(
      'learner_adam.keras: the model is not compiled: its optimizer is Lion; call compile(), or pass { compile }',
    );
    expect(() => plain.optimizer).toThrow(/expected a compiled model/);
  });

  it('takes schedules, clipping and losses with options', async () => {
    const edit = ({ compile_config: config }: any) => {
      Object.assign(config.optimizer.config, {
        learning_rate: {
          module: 'keras.optimizers.schedules',
          class_name: 'ExponentialDecay',
          config: {
            initial_learning_rate: 0.1,
            decay_steps: 10,
            decay_rate: 0.5,
            staircase: true,
            name: 'x',
          },
        },
        clipnorm: 2,
      });
      config.loss = {
        module: 'keras.losses',
        class_name: 'SparseCategoricalCrossentropy',
        config: { from_logits: true, reduction: 'sum', name: 'a', ignore_class: null },
      };
    };
    const { optimizer } = await load('learner_adam.keras', edit);
    expect(optimizer.getConfig()).toMatchObject({
      clipNorm: 2,
      learningRate: {
        name: 'exponentialDecay',
        initialLearningRate: 0.1,
        decaySteps: 10,
        staircase: true,
      },
    });
  });
});

describe('graphs', () => {
  it.each([
    [
      'a circle',
      (json: any) =>
        (json.config.layers[1].inbound_nodes[0].args[0].config.keras_history[0] = 'words'),
      /translator\.keras, the model\/[\w]+: expected layers that follow .*, got a circle/,
    ],
    [
      'a missing layer',
      (json: any) => (json.config.output_layers[0] = 'nobody'),
      /the model: expected a layer 'nobody', which is missing/,
    ],
    [
      'a missing use',
      (json: any) => (json.config.output_layers[1] = 3),
      /the model\/words: expected use 3 of the layer/,
    ],
    [
      'a missing output',
      (json: any) => (json.config.output_layers[2] = 3),
      /the model: expected output 3 of 'words'/,
    ],
    [
      'one name twice',
      (json: any) => (json.config.layers[1].config.name = 'source'),
      /expected layers with names of their own, got "source"/,
    ],
    [
      'an operation',
      (json: any) => (json.config.output_layers[0] = 'not_equal_2'),
      /the model\/not_equal_2: expected layers, got the operation NotEqual, which is not one here/,
    ],
    [
      'a mask of its own',
      (json: any) => (json.config.layers[2].inbound_nodes[0].args[1] = 3),
      /the model\/reader: expected the mask that comes with its input, or one that is an input of the model, got one computed by NotEqual \('not_equal_2'\)/,
    ],
    [
      'a mask of another input',
      (json: any) =>
        (json.config.layers[2].inbound_nodes[0].args[0].config.keras_history[0] = 'target'),
      /expected the mask that comes with its input/,
    ],
  ])('refuses %s', async (_, edit, problem) => {
    await expect(load('translator.keras', edit)).rejects.toThrow(problem);
  });

  it('takes a mask that is an input', async () => {
    const found = cases.get('translator.keras')!;
    const net = await load('translator.keras', ({ config }: any) => {
      config.layers.push({
        module: 'keras.layers',
        class_name: 'InputLayer',
        config: { batch_shape: [null, null], dtype: 'bool', name: 'given' },
        registered_name: null,
        name: 'given',
        inbound_nodes: [],
      });
      config.layers[4].inbound_nodes[0].kwargs.mask.config.keras_history = ['given', 0, 0];
      config.input_layers.push(['given', 0, 0]);
    });
    const [source, target] = found.inputs.map(inputOf);
    const mask = {
      shape: source.shape,
      data: (source.data as Int32Array).map((id) => Number(id !== 0)),
    };
    await expectOutputs(await net.predict<any>([source, target, mask]), found.outputs);
  });
});

describe('HDF5 of Keras 2', () => {
  const shapeOf = (data: Float32Array, shape: readonly number[]): Hdf5Data => ({
    shape,
    data: [...data],
  });
  /** A whole model: layers as Keras 2 describes them, weights by layer. */
  function file(list: object[], weights: Record<string, Hdf5Data[]>, version = '2.4.0'): File {
    const groups = Object.entries(weights).map(([name, arrays]): [string, Hdf5Tree] => {
      const names = arrays.map((_, i) => `${name}/w${i}:0`);
      const children = Object.fromEntries(arrays.map((array, i) => [`w${i}:0`, array]));
      return [name, { attributes: { weight_names: names }, children: { [name]: { children } } }];
    });
    const config = { class_name: 'Sequential', config: { name: 'old', layers: list } };
    return new File(
      [
        hdf5({
          attributes: { model_config: JSON.stringify(config), keras_version: version },
          children: {
            model_weights: {
              attributes: { layer_names: Object.keys(weights) },
              children: Object.fromEntries(groups),
            },
          },
        }),
      ],
      'old.h5',
    );
  }
  const x = {
    shape: [2, 5, 3],
    data: Float32Array.from({ length: 30 }, (_, i) => Math.sin(3 * i)),
  };
  const noisy = { biasInitializer: 'glorotUniform', unitForgetBias: false } as const;

  /** Kernel and recurrent kernel as cuDNN has them: the inverse of what the reader does. */
  function toCudnn(
    data: Float32Array,
    [rows, columns]: readonly number[],
    gates: number,
  ): Float32Array {
    const units = columns / gates;
    const result = new Float32Array(data.length);
    for (let gate = 0; gate < gates; gate++)
      for (let unit = 0; unit < units; unit++)
        for (let row = 0; row < rows; row++) {
          const place = unit * rows + row;
          result[Math.floor(place / units) * columns + gate * units + (place % units)] =
            data[row * columns + gate * units + unit];
        }
    return result;
  }

  it.each(['CuDNNLSTM', 'CuDNNGRU'])('reads %s', async (className) => {
    const isLstm = className === 'CuDNNLSTM';
    const net = sequential(
      [
        layers.input({ shape: [5, 3] }),
        isLstm ? layers.lstm(4, noisy) : layers.gru(4, { biasInitializer: 'glorotUniform' }),
      ],
      { device },
    );
    const [kernel, recurrent, bias] = await net.getWeights();
    const gates = isLstm ? 4 : 3;
    const two = new Float32Array(2 * gates * 4);
    if (isLstm) two.forEach((_, i) => (two[i] = i < 16 ? bias.data[i] - 0.5 : 0.5));
    else two.set(bias.data);
    const old = file(
      [
        {
          class_name: className,
          config: {
            name: 'r',
            trainable: true,
            units: 4,
            batch_input_shape: [null, 5, 3],
            dtype: 'float32',
            return_sequences: false,
            stateful: false,
            kernel_initializer: {
              class_name: 'VarianceScaling',
              config: { scale: 1, mode: 'fan_avg', distribution: 'uniform', seed: null },
            },
          },
        },
      ],
      {
        r: [
          shapeOf(toCudnn(kernel.data as Float32Array, kernel.shape, gates), kernel.shape),
          shapeOf(toCudnn(recurrent.data as Float32Array, recurrent.shape, gates), recurrent.shape),
          shapeOf(two, [two.length]),
        ],
      },
    );
    const found = await (await loadKeras(old, { device })).predict(x);
    const expected = await net.predict(x);
    await expectOutputs(found, [
      { name: 'y', dtype: 'float32', shape: expected.shape, data: [...(await expected.data())] },
    ]);
  });

  it('resets before the product where the file does not say, as Keras 2 did', async () => {
    const net = sequential(
      [layers.input({ shape: [5, 3] }), layers.gru(4, { resetAfter: false })],
      { device },
    );
    const arrays = (await net.getWeights()).map(({ data, shape }) =>
      shapeOf(data as Float32Array, shape),
    );
    const layer = {
      class_name: 'GRU',
      config: {
        name: 'r',
        units: 4,
        activation: 'tanh',
        recurrent_activation: 'sigmoid',
        use_bias: true,
        batch_input_shape: [null, 5, 3],
      },
    };
    const found = await (await loadKeras(file([layer], { r: arrays }), { device })).predict(x);
    const expected = await net.predict(x);
    await expectOutputs(found, [
      { name: 'y', dtype: 'float32', shape: expected.shape, data: [...(await expected.data())] },
    ]);
  });

  it('names what is missing, and what does not fit', async () => {
    const layer = {
      class_name: 'Dense',
      config: { name: 'd', units: 2, activation: 'linear', batch_input_shape: [null, 3] },
    };
    const one = { shape: [3, 2], data: [1, 2, 3, 4, 5, 6] };
    const read = (weights: Record<string, Hdf5Data[]>) =>
      loadKeras(file([layer], weights), { device });
    await expect(read({})).rejects.toThrow(/old\.h5: expected weights of 'd', got those of none/);
    await expect(read({ d: [one] })).rejects.toThrow(
      /old\.h5, layer d: expected weights \[3,2\], \[2\], got \[3,2\]/,
    );
    const both = [one, { shape: [2], data: [1, 2] }];
    await expect(read({ d: both, e: both })).rejects.toThrow(
      /old\.h5: expected weights of layers of the model alone, got some of 'e'/,
    );
    expect((await (await read({ d: both })).getWeights())[1].data).toEqual(Float32Array.of(1, 2));
  });
});

describe('damaged files', () => {
  it.each(['tagger.keras', 'translator.keras'])(
    'end with an error that names the file: %s',
    async (name) => {
      await mutations(await formatFile('keras', name), 60, (damaged) =>
        loadKeras(new File([damaged], 'a.keras'), { device }),
      );
    },
  );
});
