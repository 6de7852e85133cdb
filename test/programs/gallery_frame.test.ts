/** The parts of the gallery that need no browser: programs, addresses, marks, connectivity, and weights with their gradients. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { layers, losses, optimizers, sequential, setDevice, wasm } from '../../src/index.ts';
import { readState, writeState } from '../../demo/frame/address.ts';
import { connectivityOf } from '../../demo/frame/connectivity.ts';
import { columnsOf, textOf } from '../../demo/forecast/table.ts';
import { followerOf } from '../../demo/frame/plots/follower.ts';
import { cellSetting, seedSetting } from '../../demo/frame/settings.ts';
import { PAGES } from '../../demo/pages.ts';
import { flatWeights, setFlatWeights, trainWatched } from '../../demo/frame/weights.ts';

const settings = { cell: cellSetting('gru'), seed: seedSetting };

const programs = PAGES.map(({ folder }) => `demo/${folder}/program.ts`).filter(existsSync);
it.each(programs)('%s, which its page shows, has 20 to 40 lines', (file) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  expect(lines).toBeGreaterThan(19);
  expect(lines).toBeLessThan(41);
});

// Without a role the label counts for nothing. axe-core reports that only while the element is empty.
it('a p, div, span or pre with an aria-label has a role', () => {
  const sources = readdirSync('demo', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`demo/${file}`, 'utf8'));
  const tags = sources.flatMap((source) => source.match(/<(p|div|span|pre)\s[^<>]*/g) ?? []);
  const labelled = tags.filter((tag) => tag.includes('aria-label='));
  expect(labelled.length).toBeGreaterThan(0);
  expect(labelled.filter((tag) => !tag.includes('role='))).toEqual([]);
});

describe('the address of a page', () => {
  it('holds everything that differs from what the page begins with', () => {
    const address = new URLSearchParams();
    const state = {
      values: { cell: 'lstm', seed: 7 },
      ...{ compared: '', device: 'wasm' as const, steps: 12 },
      place: { time: Infinity, unit: 4, marked: [2, 3, 4, 11] },
      question: { word: 'king', more: ['é', 1] },
      start: { step: 10, weights: [Float32Array.of(1.5, -2e-7), Float32Array.of(0)] },
    } as const;
    writeState(settings, state, address, { compared: 'gru' });
    expect(address.get('mark')).toBe('3-5.12');
    const read = readState(settings, new URLSearchParams(address.toString()), { compared: 'gru' });
    expect(read.start!.weights.map((one) => [...one])).toEqual(state.start.weights.map((one) => [...one])); // prettier-ignore
    expect({ ...read, start: null }).toEqual({ ...state, start: null });
  });

  it('is empty at the beginning, and goes on with defaults where it makes no sense', () => {
    const address = new URLSearchParams();
    writeState(settings, readState(settings, address), address);
    expect(address.toString()).toBe('');
    const odd = 'compare=__proto__&device=abacus&unit=-3&mark=5-99999999.x&ask={&steps=1e9&weights=AAAA.%25&from=-1'; // prettier-ignore
    const read = readState(settings, new URLSearchParams(odd));
    expect(read).toEqual({
      ...readState(settings, new URLSearchParams()),
      place: { time: Infinity, unit: 0, marked: read.place.marked },
    });
    expect(read.place.marked.length).toBeLessThan(10_001);
  });
});

describe('the unit that follows a mark', () => {
  const values = Float32Array.of(0, 0.1, 1, -0.4, 1, -0.5, 0, 0.2); // [4 steps, 2 units]
  it('is that of the strongest correlation, whichever its sign', () => {
    const best = followerOf([['state h', values]], 4, 2, [1, 2])!;
    expect(best.unit).toBe(0);
    expect(best.correlation).toBeCloseTo(1, 6);
    const turned = followerOf([['state h', values.map((value) => -value)]], 4, 2, [1, 2])!;
    expect(turned.correlation).toBeCloseTo(-1, 6);
  });
  it('is none where nothing or everything is marked, or no unit changes', () => {
    expect(followerOf([['h', values]], 4, 2, [])).toBe(null);
    expect(followerOf([['h', values]], 4, 2, [0, 1, 2, 3])).toBe(null);
    expect(followerOf([['h', new Float32Array(8)]], 4, 2, [1])).toBe(null);
  });
});

describe('a CSV file', () => {
  it('gives its columns of numbers, with a header or without', async () => {
    const csv =
      'day,"temp, high",note\n2012-01-01,3.5,cold\n2012-01-02,-4e1,\n\n2012-01-03,7,"a ""b"""\n';
    expect(await columnsOf(csv)).toEqual([{ name: 'temp, high', values: [3.5, -40, 7] }]);
    expect(await columnsOf('1;2\n3;4')).toEqual([
      { name: 'column 1', values: [1, 3] },
      { name: 'column 2', values: [2, 4] },
    ]);
    expect((await columnsOf('x\n1\n2'))[0].values).toEqual([1, 2]);
  });
  it('without numbers is an error that says so', async () => {
    await expect(columnsOf('a,b\nc,d')).rejects.toThrow('a column of numbers');
    await expect(columnsOf('')).rejects.toThrow('a column of numbers');
  });
  it('is cut to its last numbers where it is long', () => {
    expect(textOf([1.2345678, -2, 30], 100)).toBe('1.2346 -2 30');
    expect(textOf([1.2345678, -2, 30], 6)).toBe('-2 30');
  });
});

describe('in the worker', () => {
  beforeAll(async () => setDevice(await wasm()));

  it.each([true, false])(
    'connectivity agrees with finite differences, a state each step: %s',
    async (returnSequences) => {
      // prettier-ignore
      const model = sequential(
      [
        layers.input({ shape: [null, 2] }),
        layers.masking(),
        layers.gru(5, { returnSequences }),
        layers.dense(3),
      ],
      { seed: 3 },
    );
      const x = [[0.3, -0.8], [0.5, 0.1], [-0.9, 0.4], [0.2, 0.7]]; // prettier-ignore
      const answersOf = async (steps: number[][]) => {
        const output = await model.predict([steps]);
        const [rows] = (await output.array()) as unknown as number[][][];
        output.dispose();
        return (returnSequences ? rows : [rows]) as unknown as number[][];
      };
      const { answers, norms } = await connectivityOf(model, x);
      const said = await answersOf(x);
      expect(answers).toBe(said.length);
      const small = 1e-3;
      for (let answer = 0; answer < answers; answer++) {
        const largest = said[answer].indexOf(Math.max(...said[answer]));
        const slopes: number[] = [];
        for (let t = 0; t < x.length; t++) {
          const squares: number[] = [];
          for (let i = 0; i < 2; i++) {
            const moved = (by: number) => answersOf(x.map((row, s) => row.map((v, k) => (s === t && k === i ? v + by : v)))); // prettier-ignore
            const [up, down] = [await moved(small), await moved(-small)];
            squares.push(((up[answer][largest] - down[answer][largest]) / (2 * small)) ** 2);
          }
          slopes.push(Math.sqrt(squares[0] + squares[1]));
        }
        const most = Math.max(...slopes);
        slopes.forEach((slope, t) =>
          expect(Math.abs(norms[answer * x.length + t] - slope / most)).toBeLessThan(5e-3),
        );
      }
      model.dispose();
    },
  );

  it('connectivity of words is that of their vectors, and padding has none', async () => {
    const model = sequential([
      layers.input({ shape: [null], dtype: 'int32' }),
      layers.embedding(5, 3, { maskZero: true }),
      layers.lstm(4),
      layers.dense(2),
    ]);
    const { norms } = await connectivityOf(model, [3, 1, 0, 0]);
    expect(Math.max(...norms)).toBe(1);
    expect(norms[0] > 0 && norms[1] > 0).toBe(true);
    expect([norms[2], norms[3]]).toEqual([0, 0]);
    model.dispose();
  });

  it('a watched step is the same step, with the gradient that it used', async () => {
    const build = () => {
      const model = sequential([layers.input({ shape: [null, 1] }), layers.simpleRNN(2), layers.dense(1)], { seed: 5 }); // prettier-ignore
      model.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: losses.meanSquaredError() }); // prettier-ignore
      return model;
    };
    const batch = { x: [[[0.4], [0.9]]], y: [[0.7]] };
    const [plain, watched] = [build(), build()];
    const before = await flatWeights(watched);
    const { loss } = await plain.trainOnBatch(batch.x, batch.y);
    const { logs, weights } = await trainWatched(watched, batch);
    expect(logs.loss).toBe(loss);
    const after = await flatWeights(watched);
    expect([...after]).toEqual([...(await flatWeights(plain))]);
    const gradients = weights.flatMap(({ gradient }) => [...gradient!]);
    gradients.forEach((gradient, i) =>
      expect(Math.abs(before[i] - 0.5 * gradient - after[i])).toBeLessThan(1e-6),
    );
    expect(weights.flatMap(({ values }) => [...values])).toEqual([...after]);
    // The optimizer is as it was.
    await watched.trainOnBatch(batch.x, batch.y);

    setFlatWeights(plain, before);
    expect([...(await flatWeights(plain))]).toEqual([...before]);
    expect(() => setFlatWeights(plain, before.subarray(1))).toThrow('made with other settings');
    plain.dispose();
    watched.dispose();
  });
});
