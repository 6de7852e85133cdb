// Tests the built library without WebGPU: trains a GRU on the CPU to tell whether the first and the last bit of a sequence differ.
//   npm run build && node scripts/xor.mjs
import { cpu, layers, optimizers, sequential, setDevice } from '../dist/index.js';

const LENGTH = 6;

setDevice(cpu());
const x = Array.from({ length: 2 ** LENGTH }, (_, n) =>
  Array.from({ length: LENGTH }, (_, t) => [(n >> t) & 1]),
);
const y = x.map((bits) => bits[0][0] ^ bits[LENGTH - 1][0]);

const model = sequential(
  [layers.input({ shape: [LENGTH, 1] }), layers.gru(8), layers.dense(1, { activation: 'sigmoid' })],
  { seed: 1 },
);
model.compile({
  optimizer: optimizers.adam({ learningRate: 0.03 }),
  loss: 'binaryCrossentropy',
  metrics: ['accuracy'],
});
const { epoch } = await model.fit(x, y, {
  epochs: 200,
  batchSize: 16,
  verbose: 0,
  callbacks: [
    {
      onEpochEnd(_, logs) {
        model.stopTraining = logs.accuracy === 1 && logs.loss < 0.05;
      },
    },
  ],
});
const { accuracy } = await model.evaluate(x, y, { verbose: 0 });
console.log(`xor of a sequence, on the ${model.device.description}: ${epoch.length} epochs`);
console.log(`accuracy: ${accuracy.toFixed(4)} (n=${x.length})`);
process.exitCode = accuracy === 1 ? 0 : 1;
