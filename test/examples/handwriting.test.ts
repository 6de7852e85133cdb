import { beforeAll, describe, expect, it } from 'vitest';
import { baselineOf } from '../../examples/handwriting/baseline.ts';
import { batchesOf, shuffledBatches } from '../../examples/handwriting/batches.ts';
import { draw } from '../../examples/handwriting/draw.ts';
import { deviationOf, pointsIn } from '../../examples/handwriting/drawings.ts';
import { learn, natsOn } from '../../examples/handwriting/network.ts';
import { madeUpNumbers } from '../../examples/handwriting/numbers.ts';
import { strokesPicture } from '../../examples/handwriting/picture.ts';
import { memoryStore } from '../../examples/store.ts';
import { losses, Random, setDevice, tensor } from '../../src/index.ts';
import { openWasm, reference } from '../support/devices.ts';

beforeAll(async () => setDevice(await openWasm()));

const drawing = (...points: [number, number, number][]) => Int16Array.from(points.flat());

describe('made-up numbers', () => {
  it('are two digits of strokes with points on a grid, the same for the same seed', () => {
    const drawings = madeUpNumbers(50, 1);
    expect(madeUpNumbers(50, 1)).toEqual(drawings);
    expect(madeUpNumbers(50, 2)).not.toEqual(drawings);
    for (const one of drawings) {
      expect(one.length % 3).toBe(0);
      expect([one[0], one[1]]).toEqual([0, 0]);
      expect(one.at(-1)).toBe(1);
      const lifts = one.filter((_, i) => i % 3 === 2);
      expect([2, 3, 4]).toContain(lifts.reduce((sum, lift) => sum + lift, 0));
      let [x, width] = [0, 0];
      for (let i = 0; i < one.length; i += 3) width = Math.max(width, Math.abs((x += one[i])));
      expect(width).toBeGreaterThan(60);
      expect(width).toBeLessThan(250);
      expect(one.length / 3).toBeGreaterThan(12);
      expect(one.length / 3).toBeLessThan(60);
    }
  });
});

describe('drawings', () => {
  const drawings = [drawing([1, 2, 0], [3, -4, 1]), drawing([5, 6, 0], [-7, 8, 0], [9, 0, 1])];

  it('have points, and offsets with a deviation', () => {
    expect(pointsIn(drawings)).toBe(5);
    const all = [1, 2, 3, -4, 5, 6, -7, 8, 9, 0];
    const mean = all.reduce((a, b) => a + b) / 10;
    const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 10;
    expect(deviationOf(drawings)).toBeCloseTo(Math.sqrt(variance), 10);
  });

  it('are batches in which each point is asked for after the one before it', () => {
    const [[x, y, weights]] = batchesOf(drawings, 2, 2);
    expect(x.shape).toEqual([2, 3, 3]);
    expect(Array.from(y.data)).toEqual([0.5, 1, 0, 1.5, -2, 1, 0, 0, 0, 2.5, 3, 0, -3.5, 4, 0, 4.5, 0, 1]); // prettier-ignore
    expect(Array.from(x.data.subarray(0, 6))).toEqual([0, 0, 0, 0.5, 1, 0]);
    expect(Array.from(x.data.subarray(9))).toEqual([0, 0, 0, 2.5, 3, 0, -3.5, 4, 0]);
    expect(Array.from(weights.data)).toEqual([1, 1, 0, 1, 1, 1]);
    const many = madeUpNumbers(40, 3);
    const epoch = (seed: number) => [...shuffledBatches(many, 16, 1, new Random(seed))];
    expect(epoch(1)).toEqual(epoch(1));
    expect(epoch(1)).not.toEqual(epoch(2));
    expect(
      epoch(1)
        .map(([{ shape }]) => shape[0])
        .sort((a, b) => a - b),
    ).toEqual([8, 16, 16]);
  });
});

it('the baseline finds one Gaussian that is linear in the last point', () => {
  const random = new Random(1);
  const walks = Array.from({ length: 400 }, () => {
    let last = [0, 0];
    return Int16Array.from(
      Array.from({ length: 20 }, () => {
        const [a, b] = [random.normal(), random.normal()];
        const offset = [
          0.5 * last[0] + 300 * a,
          200 - 0.3 * last[1] + 100 * (0.6 * a + 0.8 * b),
        ].map(Math.round);
        const logit = -1 + 0.004 * offset[0];
        last = offset;
        return [...offset, random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0];
      }).flat(),
    );
  });
  const [train, test] = [walks.slice(0, 200), walks.slice(200)];
  const entropy = Math.log(2 * Math.PI * Math.E) + Math.log(3) + Math.log(0.8);
  let [pen, points] = [0, 0];
  for (const walk of test)
    for (let i = 0; i < walk.length; i += 3) {
      const lifted = 1 / (1 + Math.exp(1 - 0.004 * walk[i]));
      pen -= Math.log(walk[i + 2] === 1 ? lifted : 1 - lifted);
      points++;
    }
  expect(Math.abs(baselineOf(train, test, 100) - entropy - pen / points)).toBeLessThan(0.05);
});

describe('a network', () => {
  const all = madeUpNumbers(160, 1);
  const drawings = {
    name: 'some',
    train: all.slice(0, 120),
    valid: all.slice(120, 140),
    test: all.slice(140),
  };
  const scale = deviationOf(drawings.train);
  const learnFor = (epochs: number, resume: boolean, store = memoryStore()) =>
    learn(drawings, {
      ...{ units: 16, components: 3, batchSize: 32, epochs, learningRate: 0.02, scale, seed: 1 },
      ...{ store, resume, settings: {} },
    });

  it('learns, is judged point by point, and draws', { timeout: 60_000 }, async () => {
    const { model, logs } = await learnFor(6, false);
    const nats = await natsOn(model, drawings.test, 8, scale);
    expect(logs.at(-1)!.valLoss).toBeLessThan(logs[0].valLoss - 0.5);
    // By hand, one drawing after the other.
    let [sum, points] = [0, 0];
    for (const one of drawings.test) {
      const [[x, y]] = batchesOf([one], 1, scale);
      const output = await model.predict(x);
      const predictions = tensor(await output.data(), output.shape, 'float32', reference);
      const targets = tensor(y.data, y.shape, 'float32', reference);
      const each = await losses
        .mixtureDensity({ minScale: 1 / scale })
        .call(targets, predictions)
        .data();
      sum += (each as Float64Array).reduce((a, b) => a + b, 0);
      points += each.length;
      output.dispose();
    }
    expect(nats).toBeCloseTo(sum / points, 3);

    const options = { lengths: [5, 9, 1], scale, bias: 0.5, seed: 3 };
    const drawn = await draw(model, options);
    expect(drawn.map(({ length }) => length)).toEqual([15, 27, 3]);
    expect(await draw(model, options)).toEqual(drawn);
    expect(await draw(model, { ...options, seed: 4 })).not.toEqual(drawn);
    expect(
      drawn.every((one) => one.every((value, i) => i % 3 < 2 || value === 0 || value === 1)),
    ).toBe(true);
    model.dispose();
  });

  it(
    'goes on from a checkpoint as if it had not been interrupted',
    { timeout: 60_000 },
    async () => {
      const whole = await learnFor(2, false);
      const store = memoryStore();
      // The schedule of the rate is that of the whole training.
      const first = await learn(drawings, {
        ...{
          units: 16,
          components: 3,
          batchSize: 32,
          epochs: 2,
          learningRate: 0.02,
          scale,
          seed: 1,
        },
        ...{ store: endingAfterOne(store), resume: false, settings: {} },
      }).catch((error: unknown) => error);
      expect(first).toBeInstanceOf(Error);
      const second = await learnFor(2, true, store);
      expect(second.logs).toEqual(whole.logs);
    },
  );
});

/** Fails when a second epoch is written. */
function endingAfterOne(store: ReturnType<typeof memoryStore>): typeof store {
  let histories = 0;
  return {
    ...store,
    write(name, data) {
      if (name === 'history.json' && ++histories === 2) throw new Error('interrupted');
      return store.write(name, data);
    },
  };
}

it('a picture has a path for each stroke, within its cell', () => {
  const svg = strokesPicture('two', [
    drawing([10, 0, 0], [0, 10, 1], [5, 5, 1]),
    drawing([1, 1, 1]),
  ]);
  expect(svg.match(/<path/g)).toHaveLength(3);
  expect(svg).toMatch(/^<svg .*aria-label="two".*<\/svg>$/);
  const numbers = [...svg.matchAll(/d="M([^"]+)"/g)].flatMap(([, d]) =>
    d.split(/[L ]/).map(Number),
  );
  expect(numbers.every((value) => value >= 0 && value < 2 * 84 + 28)).toBe(true);
});
