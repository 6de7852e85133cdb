import { beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../examples/store.ts';
import type { Store } from '../../examples/store.ts';
import { train } from '../../examples/training.ts';
import { cpu, layers, sequential, setDevice } from '../../src/index.ts';

beforeAll(() => setDevice(cpu()));

const EPOCHS = 2;
const x = Array.from({ length: 16 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const y = x.map(([a, b]) => [a > b ? 1 : 0]);

interface Run {
  readonly store: Store;
  readonly seed?: number;
  readonly units?: number;
  readonly epochs?: number;
  readonly resume?: boolean;
}

/** What the run is judged by. */
async function run({ store, seed = 1, units = 3, epochs = EPOCHS, resume = false }: Run) {
  const { model, logs, best } = await train({
    ...{ store, epochs, resume, settings: { seed, units } },
    build() {
      const made = sequential([layers.input({ shape: [2] }), layers.dense(units), layers.dense(1)], { seed }); // prettier-ignore
      made.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['accuracy'] });
      return made;
    },
    fit: (made, options) =>
      made.fit(x, y, { ...options, batchSize: 4, seed, validationSplit: 0.25, verbose: 0 }),
  });
  const weights = (await model.getWeights()).map(({ data }) => [...data]);
  model.dispose();
  return { logs, best, weights };
}

class Killed extends Error {}

/** A store that ends the program when something is to be changed for the time `changes` + 1. */
function killing(store: Store, changes: number): Store {
  let left = changes;
  const count = () => {
    if (left-- === 0) throw new Killed();
  };
  return {
    read: (name) => store.read(name),
    async write(name, data) {
      count();
      await store.write(name, data);
    },
    async remove(name) {
      count();
      await store.remove(name);
    },
  };
}

describe('a training ended at any time', () => {
  it.each([
    ['the same settings', {}],
    ['the same settings, but longer', { epochs: EPOCHS + 1 }],
    ['other settings', { seed: 2, units: 5 }],
    ['other settings, but shorter', { seed: 2, units: 5, epochs: 1 }],
    ['another seed, but shorter', { seed: 2, epochs: 1 }],
  ])('goes on as an unbroken one, begun over the files of a run of %s', async (_, older) => {
    const expected = await run({ store: memoryStore() });
    for (let changes = 0, ended = false; !ended; changes++) {
      const store = memoryStore();
      await run({ ...older, store });
      try {
        await run({ store: killing(store, changes) });
        ended = true;
        expect(changes).toBeGreaterThan(2 * EPOCHS);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      // Before its first change, the new run has left no trace.
      if (changes === 0) continue;
      expect(await run({ store, resume: true }), `after ${changes} changes`).toEqual(expected);
    }
  });

  it.each([
    ['without history.json', 'history.json', null, /got no such file; start without --resume/],
    ['with half of it', 'history.json', '{"settings":"{', /settings and logs.*got \{"settings/],
    ['with another file in its place', 'history.json', '[]', /settings and logs.*got \[\]/],
    ['without the best model', 'best.safetensors', null, /expected best\.safetensors, got none/],
  ])('is refused %s', async (_, name, content, message) => {
    const store = memoryStore();
    await run({ store });
    if (content === null) await store.remove(name);
    else await store.write(name, content);
    await expect(run({ store, resume: true })).rejects.toThrow(message);
  });

  it('is refused with a history of fewer epochs than the model has seen', async () => {
    const [store, short] = [memoryStore(), memoryStore()];
    await run({ store });
    await run({ store: short, epochs: 1 });
    await store.write('history.json', (await short.read('history.json'))!);
    await expect(run({ store, resume: true })).rejects.toThrow(/expected 2 epochs.*got 1/);
  });
});
