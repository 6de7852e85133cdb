/** A million steps without a promise allocate nothing, and how long they take. Needs Node's view of its heap. */
import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { layers, sequential, wasm } from '../../src/index.ts';

const STEPS = 1_000_000;
const PARTS = 100;

it.each([
  [64, 64],
  [40, 1],
])('a million steps of LSTM %i with %i features allocate nothing', async (units, features) => {
  const model = sequential([layers.input({ shape: [null, features] }), layers.lstm(units)], {
    device: await wasm(),
    seed: 1,
  });
  const stepper = await model.stepper();
  const x = new Float32Array(features).fill(0.5);
  const y = new Float32Array(units);
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) stepper.step(x, y);
  };
  // Until the compiler has optimised them.
  run(STEPS / 10);
  let grown = 0;
  let best = Infinity;
  for (let part = 0; part < PARTS; part++) {
    const before = process.memoryUsage().heapUsed;
    const begun = performance.now();
    run(STEPS / PARTS);
    best = Math.min(best, (performance.now() - begun) / (STEPS / PARTS));
    // Less after a collection: what was there before it was counted then.
    grown += Math.max(0, process.memoryUsage().heapUsed - before);
  }
  const share = (100 * best * 48).toFixed(0);
  console.log(
    `LSTM ${units} with ${features} features: ${(1000 * best).toFixed(2)} µs a step, ${share} % of real time at 48 kHz; ` +
      `${grown} bytes in ${STEPS} steps, those of ${PARTS} measurements included`,
  );
  // A single object in a hundred steps would be as much.
  expect(grown).toBeLessThan(STEPS / 5);
});

it('a step allocates nothing in code that is not optimised', async () => {
  setFlagsFromString('--no-opt');
  try {
    const model = sequential([layers.input({ shape: [null, 2] }), layers.lstm(3)], {
      device: await wasm(),
      seed: 1,
    });
    const stepper = await model.stepper();
    const x = new Float32Array(2).fill(0.5);
    const y = new Float32Array(3);
    for (let i = 0; i < 1000; i++) stepper.step(x, y);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 20_000; i++) stepper.step(x, y);
    const grown = process.memoryUsage().heapUsed - before;
    expect(grown).toBeLessThan(20_000);
  } finally {
    setFlagsFromString('--opt');
  }
});
