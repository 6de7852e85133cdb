import { describe, expect, it } from 'vitest';
import { fitFlips, natsByFlips } from '../../examples/music/baseline.ts';
import { choralesIn, inventChorales, KEYS, rollOf } from '../../examples/music/chorales.ts';
import type { Piece } from '../../examples/music/chorales.ts';
import { inventChorale } from '../../examples/music/harmony.ts';
import { buildNetwork, natsOn } from '../../examples/music/network.ts';
import { notesOf, midiOf, wavOf } from '../../examples/music/sound.ts';
import { pianoRoll } from '../../examples/plots/index.ts';
import { decodeWav } from '../../src/audio/index.ts';
import { Random, setDevice, wasm } from '../../src/index.ts';

describe('music: chorales', () => {
  it('are keys or MIDI pitches, which the numbers tell', () => {
    const parts = (...piece: number[][]) => ({ train: [piece], valid: [piece], test: [piece] });
    expect(choralesIn(parts([39, 51], [])).test).toEqual([[[39, 51], []]]);
    expect(choralesIn(parts([60, 88], [60, 60])).train).toEqual([[[39, 67], [39]]]);
    expect(() => choralesIn(parts([109]))).toThrow('expected keys of a piano, from 21 to 108, got 109'); // prettier-ignore
    expect(() => choralesIn(parts([-1]))).toThrow('got -1');
    expect(() => choralesIn({ train: [[[1]]], valid: [] })).toThrow(
      'expected { train, valid, test } with a list of pieces each, got train, valid',
    );
  });

  it('that are made up have four voices in their ranges, which do not cross, and are always the same', () => {
    const random = new Random(5);
    for (let i = 0; i < 10; i++) {
      const piece = inventChorale(random);
      expect(piece.length % 8).toBe(0);
      for (const frame of piece) {
        expect(frame).toHaveLength(4);
        const [soprano, alto, tenor, bass] = frame;
        expect(bass >= 41 && bass < tenor && tenor < alto && alto < soprano && soprano <= 79).toBe(true); // prettier-ignore
      }
      // The last chord is the tonic, on its root.
      const classes = new Set(piece.at(-1)!.map((pitch) => (pitch - piece.at(-1)![3]) % 12));
      expect([...classes].every((interval) => [0, 3, 4, 7].includes(interval))).toBe(true);
    }
    expect(inventChorales().test[0]).toEqual(inventChorales().test[0]);
  });

  it('are rolls of ones and zeros', () => {
    const roll = rollOf([[0, 87], [], [3]]);
    expect(roll.length).toBe(3 * KEYS);
    expect([...roll.keys()].filter((i) => roll[i] === 1)).toEqual([0, 87, 2 * KEYS + 3]);
  });
});

it('music: the baseline counts how keys change, the first frame included', () => {
  const piece: Piece = [[40], [40], [41]];
  const { afterSilence, afterSound } = fitFlips([piece]);
  // Key 40 begins once after one silent frame, stays once of two times, and half a frame of each kind is added.
  expect([afterSilence[40], afterSound[40]]).toEqual([1.5 / 2, 1.5 / 3]);
  expect([afterSilence[41], afterSound[41]]).toEqual([1.5 / 4, 0.5]);
  expect([afterSilence[7], afterSound[7]]).toEqual([0.5 / 4, 0.5]);
  const chances = [0.75, 0.5, 0.5, 1 - 1.5 / 4, 1 - 1.5 / 4, 1.5 / 4];
  const others = 86 * 3 * Math.log(1 - 0.5 / 4);
  const nats = -others - chances.reduce((sum, p) => sum + Math.log(p), 0);
  expect(natsByFlips([piece], { afterSilence, afterSound })).toBeCloseTo(nats / 3, 10);
});

it('music: the figure of a network is the mean over all frames, whatever batches and padding', async () => {
  setDevice(await wasm());
  const pieces: Piece[] = [[[40]], [[40, 44], [45], [45], []], [[44], [44]]];
  const network = buildNetwork({ units: 3, seed: 1, steps: 1 });
  let nats = 0;
  for (const piece of pieces) {
    const y = rollOf(piece);
    const x = new Float32Array(y.length);
    x.set(y.subarray(0, -KEYS), KEYS);
    const logits = await network.predict({ data: x, shape: [1, piece.length, KEYS] });
    const values = await logits.data();
    y.forEach((on, i) => (nats += Math.log1p(Math.exp(on ? -values[i] : values[i]))));
  }
  expect((await natsOn(network, pieces)) / (nats / 7)).toBeCloseTo(1, 5);
});

it('music: a key that sounds on is one note, in a file as in the picture', async () => {
  const piece: Piece = [[39, 43], [39], [], [39]];
  const notes = notesOf(piece);
  expect(notes).toEqual([
    { pitch: 60, start: 0, duration: 2 },
    { pitch: 64, start: 0, duration: 1 },
    { pitch: 60, start: 3, duration: 1 },
  ]);
  expect(String.fromCharCode(...midiOf(piece).subarray(0, 4))).toBe('MThd');
  const { sampleRate, channels } = decodeWav(wavOf(piece));
  // Four quarter notes at 90 a minute.
  expect(channels[0].length / sampleRate).toBeCloseTo(4 * (60 / 90) + 0.06, 2);
  const loudest = channels[0].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(loudest > 0.1 && loudest < 1).toBe(true);
  const svg = await pianoRoll(notes, { title: 'a piece', marked: 1 });
  expect(svg.match(/<rect/g)).toHaveLength(3);
});
