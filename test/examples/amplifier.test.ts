/** The amplifier of the demo: its sounds and its baseline, what training brings, and a minute of sound through the audio worklet. */
import { expect, it } from 'vitest';
import { linearError } from '../../demo/amplifier/baseline.ts';
import { Delays } from '../../demo/amplifier/delays.ts';
import { filterNetwork, split, train } from '../../demo/amplifier/network.ts';
import { addProcessor, networkNode, soundSource } from '../../demo/amplifier/player.ts';
import { guitar, madeUp } from '../../demo/amplifier/sound.ts';
import { layers, model as graph } from '../../src/index.ts';
import { openWasm } from '../support/devices.ts';
import { floats } from '../support/random.ts';

it('amplifier: the best linear filter explains what is linear, and no more', () => {
  const x = floats([4000], 1).data as Float32Array;
  const delayed = x.map((_, i) => 0.5 * x[i] - 0.25 * (x[i - 3] ?? 0));
  expect(linearError(x, delayed, 4)).toBeLessThan(1e-3);
  // Without the delay: 0.0625 of 0.3125.
  expect(linearError(x, delayed, 1)).toBeCloseTo(0.2, 1);
  const { input, target } = madeUp(2, 8000);
  expect(linearError(input, target, 64)).toBeGreaterThan(0.1);
});

it('amplifier: training leaves less than the best linear filter', async () => {
  const example = madeUp(4, 16000);
  const { heldOut } = split(example);
  const network = filterNetwork(await openWasm(), 16);
  const errors: number[] = [];
  const onEpoch = (_: number, error: number): void => void errors.push(error);
  await train(network, example, { epochs: 30, length: 128, batchSize: 16, onEpoch });
  expect(errors).toHaveLength(30);
  expect(errors.at(-1)).toBeLessThan(0.6 * linearError(heldOut.input, heldOut.target, 64));
  network.dispose();
});

it('amplifier: a minute of sound through the worklet is what predict gives', async () => {
  const [seconds, rate] = [60, 48000];
  const sound = guitar(seconds, rate);
  const context = new OfflineAudioContext(1, seconds * rate, rate);
  await addProcessor(context);
  const device = await openWasm();
  const network = filterNetwork(device);
  const source = soundSource(context, sound);
  source.connect(networkNode(context, await network.stepper())).connect(context.destination);
  source.start();
  const played = (await context.startRendering()).getChannelData(0);

  // The same network for a second at a time, since the states of a minute would take 460 MB.
  const x = layers.input({ shape: [null, 1], batchSize: 1 });
  const options = { returnSequences: true, stateful: true };
  const h = layers.lstm(40, options).apply(x);
  const y = layers.add().apply([layers.dense(1).apply(h), x]);
  const stateful = graph({ inputs: x, outputs: y, device });
  stateful.setWeights(await network.getWeights());
  let worst = 0;
  let loudest = 0;
  for (let start = 0; start < sound.length; start += rate) {
    const data = sound.slice(start, start + rate);
    const output = await stateful.predict({ data, shape: [1, rate, 1] });
    const values = await output.data();
    output.dispose();
    for (let i = 0; i < rate; i++) {
      worst = Math.max(worst, Math.abs(values[i] - played[start + i]));
      loudest = Math.max(loudest, Math.abs(values[i]));
    }
  }
  expect(loudest).toBeGreaterThan(0.1);
  expect(worst).toBeLessThan(1e-5);
});

it('amplifier: counts gaps, and no unsteady calls', () => {
  const delays = new Delays();
  let wall = 5e6;
  for (let quantum = 0; quantum < 50_000; quantum++) {
    // Calls come in bursts of eight, and the clocks differ by 1 in 5000.
    wall = 5e6 + Math.ceil(quantum / 8) * 8 * 2.67 * 1.0002;
    delays.see(Math.floor(wall), quantum * 2.67);
  }
  expect(delays.count).toBe(0);
  delays.see(wall + 2.67 + 60, 50_000 * 2.67);
  delays.see(wall + 5.34 + 60, 50_001 * 2.67);
  expect(delays.count).toBe(1);
});
