/** The amplifier of the demo: its sounds and its baseline, what training brings, and a minute of sound through the audio worklet. */
import { expect, it } from 'vitest';
import { linearError } from '../../demo/amplifier/baseline.ts';
import { Delays } from '../../demo/amplifier/delays.ts';
import { bring, heldOut, linearShare } from '../../demo/amplifier/example.ts';
import { lesson } from '../../demo/amplifier/lesson.ts';
import { addProcessor, networkNode, soundSource } from '../../demo/amplifier/player.ts';
import { batch, build } from '../../demo/amplifier/program.ts';
import { amplifier, guitar } from '../../demo/amplifier/sound.ts';
import { layers, model as graph, setDevice } from '../../src/index.ts';
import { openWasm } from '../support/devices.ts';
import { floats } from '../support/random.ts';

it('amplifier: the best linear filter explains what is linear, and no more', () => {
  const x = floats([4000], 1).data as Float32Array;
  const delayed = x.map((_, i) => 0.5 * x[i] - 0.25 * (x[i - 3] ?? 0));
  expect(linearError(x, delayed, 4)).toBeLessThan(1e-3);
  // Without the delay: 0.0625 of 0.3125.
  expect(linearError(x, delayed, 1)).toBeCloseTo(0.2, 1);
  const sound = guitar(2, 8000);
  expect(linearError(sound, amplifier(sound, 8000), 64)).toBeGreaterThan(0.1);
});

it('amplifier: training leaves less than the best linear filter, on the made-up sound and on one that is brought', async () => {
  setDevice(await openWasm());
  const settings = { cell: 'lstm', units: 24, learningRate: 0.01, seed: 1 } as const;
  const sound = guitar(4, 48000, 2);
  for (const brought of [null, { dry: sound, wet: amplifier(sound, 48000).map((x) => 0.7 * x) }]) {
    bring(brought);
    const network = build(settings);
    for (let step = 0; step < 450; step++) {
      const { x, y } = batch(settings, step);
      await network.trainOnBatch(x, y);
    }
    const { left, linear, wet } = await lesson.view(network, settings, 450, null);
    expect(linear).toBe(linearShare());
    expect(left).toBeLessThan(0.8 * linear);
    expect(heldOut().wet).toEqual(expect.objectContaining({ length: brought ? 38400 : 96000 }));
    expect(wet).toHaveLength(960);
    network.dispose();
  }
  bring(null);
});

it('amplifier: a minute of sound through the worklet is what predict gives', async () => {
  const [seconds, rate] = [60, 48000];
  const sound = guitar(seconds, rate);
  const context = new OfflineAudioContext(1, seconds * rate, rate);
  await addProcessor(context);
  const device = await openWasm();
  setDevice(device);
  const network = build({ cell: 'lstm', units: 40, learningRate: 0.01, seed: 1 });
  const source = soundSource(context, sound);
  const transfer = (await network.stepper()).transfer();
  source.connect(networkNode(context, transfer)).connect(context.destination);
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
