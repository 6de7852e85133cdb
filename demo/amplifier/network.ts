// The network: an LSTM over samples and what it adds to them (Wright, Damskägg, Juvela and Välimäki 2020).
import { layers, model, optimizers, schedules } from '../../src/index.ts';
import type { Device, Model } from '../../src/index.ts';
import type { Example } from './sound.ts';

/** The output for a sample is the sample itself and a weighted sum of the LSTM's units. */
export function filterNetwork(device: Device, units = 40): Model {
  const x = layers.input({ shape: [null, 1], name: 'sound' });
  const h = layers.lstm(units, { returnSequences: true }).apply(x);
  const y = layers.add().apply([layers.dense(1).apply(h), x]);
  return model({ inputs: x, outputs: y, device, seed: 1 });
}

export interface TrainingOptions {
  readonly epochs: number;
  /** Samples of a training sequence, and sequences of a step. */
  readonly length?: number;
  readonly batchSize?: number;
  /** Is called after each epoch with what the network leaves of the held-out target's power. */
  readonly onEpoch: (epoch: number, error: number) => void;
  readonly signal?: AbortSignal;
}

/** Trains on all but the last fifth of an example. */
export async function train(
  network: Model,
  example: Example,
  options: TrainingOptions,
): Promise<void> {
  const { epochs, length = 256, batchSize = 32, onEpoch, signal } = options;
  const { training, heldOut } = split(example);
  const [x, y] = [training.input, training.target].map((sound) => rowsOf(sound, length));
  const [heldX, heldY] = [heldOut.input, heldOut.target].map((sound) =>
    rowsOf(sound, sound.length),
  );
  const power = powerOf(heldOut.target);
  const learningRate = schedules.cosineDecay({
    initialLearningRate: 0.008,
    decaySteps: epochs * Math.ceil(x.shape[0] / batchSize),
  });
  network.compile({
    optimizer: optimizers.adam({ learningRate, clipNorm: 1 }),
    loss: 'meanSquaredError',
  });
  await network.fit(x, y, {
    ...{ epochs, batchSize, signal, validationData: [heldX, heldY] },
    callbacks: [{ onEpochEnd: (epoch, logs) => onEpoch(epoch, logs.valLoss / power) }],
  });
}

/** The last fifth of an example is held out. */
export function split({ rate, input, target }: Example): { training: Example; heldOut: Example } {
  const end = Math.floor(0.8 * input.length);
  return {
    training: { rate, input: input.subarray(0, end), target: target.subarray(0, end) },
    heldOut: { rate, input: input.subarray(end), target: target.subarray(end) },
  };
}

const powerOf = (sound: Float32Array): number =>
  sound.reduce((sum, x) => sum + x * x, 0) / sound.length;

/** [rows, length, 1]; what is left over at the end is left out. */
function rowsOf(sound: Float32Array, length: number) {
  const rows = Math.floor(sound.length / length);
  return { data: sound.slice(0, rows * length), shape: [rows, length, 1] };
}
