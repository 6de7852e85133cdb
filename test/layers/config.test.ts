/** Configs: every layer comes back from its own; layers of one's own; options that no layer knows. */
import { beforeAll, describe, expect, it } from 'vitest';
import { constant, randomNormal } from '../../src/initializers.ts';
import { Layer } from '../../src/layers/base.ts';
import type { Config, LayerConfig } from '../../src/layers/base.ts';
import * as cells from '../../src/layers/cells/index.ts';
import { CLASSES } from '../../src/model/layer_classes/all.generated.ts';
import * as layers from '../../src/layers/index.ts';
import { Network } from '../../src/layers/network.ts';
import { registerLayer } from '../../src/layers/custom_layers.ts';
import type { PartialShape } from '../../src/layers/shapes.ts';
import { mul } from '../../src/ops/map.ts';
import { setDevice } from '../../src/tensor.ts';
import type { Tensor, Variable } from '../../src/tensor.ts';
import { gpu, reference } from '../support/devices.ts';
import { loadLayer, networkFromConfig, numbers, run, stack } from './support.ts';

beforeAll(() => setDevice(reference));
const { input } = layers;

const EVERY: Layer[] = [
  layers.activation('gelu'),
  layers.add(),
  layers.additiveAttention({ useScale: false, returnAttentionScores: true }),
  layers.attention({ useScale: true, scoreMode: 'concat', dropout: 0.1, seed: 3 }),
  layers.multiHeadAttention(2, 3, { valueDim: 4, outputShape: [5], useCausalMask: true }),
  layers.scheduledSampling(0.2, { rampSteps: 100 }),
  cells.attention(cells.gru(3), { scoreMode: 'general', units: 5, returnAttentionScores: true }),
  layers.average(),
  layers.batchNormalization({ axis: 1, momentum: 0.9, epsilon: 1e-5, scale: false }),
  layers.bidirectional(layers.lstm(3, { returnSequences: true }), { mergeMode: 'ave' }),
  layers.clockworkRNN(4, { periods: [1, 3], goBackwards: true }),
  layers.concatenate({ axis: 1 }),
  cells.carryLSTM(3, { unitForgetBias: false }),
  cells.clippedLSTM(3, { clip: 2, outputActivation: 'linear' }),
  cells.convLSTM1D(2, 3, { padding: 'same', strides: 2 }),
  cells.gru(3, { resetAfter: false }),
  cells.highway(cells.lstm(3)),
  cells.jordan(3, 2, { outputActivation: 'sigmoid' }),
  cells.lstm(3, { unitForgetBias: false, recurrentDropout: 0.1 }),
  cells.residual(cells.gru(2)),
  cells.scrn(4, 2, { alpha: 0.9 }),
  cells.simpleRNN(3, { activation: 'relu', name: 'mine', trainable: false }),
  cells.stacked([cells.lstm(3), cells.gru(2)]),
  layers.conv1D(3, 2, { padding: 'causal', dilationRate: 2, useBias: false }),
  layers.conv2D(3, [2, 3], { padding: 'same', strides: 2, activation: 'relu', useBias: false }),
  layers.dense(3, { activation: 'relu', useBias: false, kernelInitializer: 'heNormal' }),
  layers.dense(2, { kernelInitializer: randomNormal({ stddev: 0.1 }), trainable: false }),
  layers.dropout(0.2, { seed: 7 }),
  layers.embedding(9, 4, { maskZero: true, embeddingsInitializer: 'zeros' }),
  layers.flatten({ name: 'flat' }),
  layers.globalAveragePooling1D({ keepDims: true }),
  layers.globalMaxPooling1D(),
  layers.gru(3, { resetAfter: false, recurrentActivation: 'hardSigmoid', dropout: 0.1 }),
  layers.indRNN(3, { activation: 'tanh', recurrentInitializer: 'ones' }),
  layers.layerNormLSTM(3, { unitForgetBias: false, returnSequences: true }),
  layers.layerNormalization({ axis: [1, 2], epsilon: 1e-5, center: false }),
  layers.lstm(3, { unitForgetBias: false, returnState: true, stateful: true }),
  layers.lru(3, { stateUnits: 4, rMin: 0.5, rMax: 0.9, maxPhase: 1, dropout: 0.1 }),
  layers.gru(3, {
    resetAfter: false,
    recurrentActivation: 'hardSigmoid',
    dropout: 0.1,
    zoneout: 0.2,
  }),
  layers.layerNormLSTM(3, { unitForgetBias: false, returnSequences: true }),
  layers.layerNormalization({ axis: [1, 2], epsilon: 1e-5, center: false }),
  layers.lstm(3, {
    ...{ unitForgetBias: false, returnState: true, stateful: true },
    zoneout: { output: 0.1, state: 0.5 },
  }),
  layers.masking({ maskValue: -1 }),
  layers.maximum(),
  layers.maxPooling2D([2, 3], { strides: 1, padding: 'same' }),
  layers.minGRU(3, { positive: true, goBackwards: true }),
  layers.minLSTM(3, { useBias: false, stateful: true }),
  layers.minimalGatedUnit(3, { recurrentActivation: 'hardSigmoid' }),
  layers.minimum(),
  layers.multiply(),
  layers.peepholeLSTM(3, { coupled: true, peepholeInitializer: 'zeros' }),
  layers.projectedLSTM(5, { projectionUnits: 2, recurrentInitializer: 'glorotUniform' }),
  layers.repeatVector(4),
  layers.reshape([-1, 2]),
  layers.rnn([cells.simpleRNN(3), cells.lstm(2)], { returnSequences: true, stateful: true }),
  layers.sampledSoftmax(9, { numSampled: 4, removeAccidentalHits: false, seed: 3 }),
  layers.simpleRNN(3, { activation: 'relu', goBackwards: true, zeroOutputForMask: true, seed: 1 }),
  layers.sLSTM(3, { forgetGate: 'exponential', unitForgetBias: true }),
  layers.spatialDropout1D(0.3),
  layers.sru(3, { activation: 'relu', returnState: true }),
  layers.subtract(),
  layers.timeDistributed(layers.dense(2)),
];

describe('a config', () => {
  it('is tested of every layer in the list', () => {
    const names = new Set(EVERY.map(({ className }) => className));
    expect([...names].sort()).toEqual(Object.keys(CLASSES).sort());
  });

  it.each(EVERY.map((layer) => [layer.className, layer] as const))(
    'of %s',
    async (className, layer) => {
      const config = JSON.parse(JSON.stringify(layer.getConfig()));
      const copy = await loadLayer(className, config);
      expect(copy.constructor).toBe(layer.constructor);
      expect(JSON.parse(JSON.stringify(copy.getConfig()))).toEqual(config);
      expect(copy.trainable).toBe(layer.trainable);
    },
  );

  it('leaves an initializer of your own to the default', async () => {
    const layer = layers.dense(2, { kernelInitializer: () => new Float32Array(4) });
    const config = JSON.parse(JSON.stringify(layer.getConfig()));
    expect(config).not.toHaveProperty('kernelInitializer');
    expect((await loadLayer('Dense', config)).getConfig()).toMatchObject({
      kernelInitializer: 'glorotUniform',
    });
  });

  it('does not hide a misspelt option', () => {
    expect(() => layers.lstm(3, { returnSequence: true } as never)).toThrow(
      /^lstm: expected options of name, trainable, units, .*, got 'returnSequence'; did you mean 'returnSequences'\?/,
    );
  });
});

/** x · factor, with one trained factor a feature. */
class Scale extends Layer {
  private readonly start: number;
  private factor: Variable | null = null;

  constructor(config: LayerConfig & { start: number }) {
    super(config);
    this.start = config.start;
    this.supportsMasking = true;
  }
  override get className(): string {
    return 'Scale';
  }
  override computeOutputShapes([shape]: readonly PartialShape[]): PartialShape[] {
    return [shape];
  }
  protected override build([shape]: readonly PartialShape[]): void {
    this.factor = this.addWeight('factor', [shape.at(-1)!], constant({ value: this.start }));
  }
  override call([x]: readonly Tensor[]): Tensor[] {
    return [mul(x, this.factor!)];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), start: this.start };
  }
}

describe('a layer of your own', () => {
  it('is used, trained and loaded as the others', async () => {
    const network = stack(reference, { shape: [2] }, [new Scale({ start: 3 })]);
    expect((await run(network, reference, [numbers([1, 2], 1, 2)])).outputs).toEqual([[[3, 6]]]);
    expect(network.trainableWeights.map(({ name }) => name)).toEqual(['scale/factor']);
    const config = JSON.parse(JSON.stringify(network.getConfig()));
    await expect(networkFromConfig(config)).rejects.toThrow(/got 'Scale'; register your own/);
    registerLayer('Scale', (options) => new Scale(options));
    expect((await networkFromConfig(config)).layers[1]).toBeInstanceOf(Scale);
  });
});

describe('a layer', () => {
  it('takes symbolic tensors alone', () => {
    expect(() => layers.dense(2).apply([[1, 2]] as never)).toThrow(
      "dense: expected what input() or another layer's apply() gives, got a list of 2; numbers go into the model",
    );
  });

  it('lives on one device', async () => {
    const device = await gpu();
    const layer = layers.dense(2);
    stack(reference, { shape: [2] }, [layer]);
    const start = input({ shape: [2] });
    expect(() => new Network({ inputs: start, outputs: layer.apply(start), device })).toThrow(
      /^dense: expected all layers of a model on one device, got weights on .*float64.* for a model on/,
    );
  });

  it('keeps its weights when it is built inside of a scope', async () => {
    const network = new Network({ layers: [layers.dense(2)] });
    const data = [numbers([1, 2], 1, 2)];
    const first = await run(network, reference, data);
    expect(await run(network, reference, data)).toEqual(first);
  });
});
