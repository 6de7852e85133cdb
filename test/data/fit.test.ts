/** Datasets as `fit`, `evaluate` and validation take them. */
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/index.ts';
import { reference } from '../support/devices.ts';
import { classifier, task } from '../training/support.ts';

const silent = { verbose: 0 } as const;

describe('a dataset as the batches of fit', () => {
  const { x, y } = task(24);
  const whole = { x, y };
  const ragged = x.map((ids) => ids.filter((id) => id > 0));

  it('trains as the same arrays do', async () => {
    const [byArrays, byDataset] = [classifier(reference), classifier(reference)];
    const options = { ...silent, epochs: 2, shuffle: false };
    const expected = await byArrays.fit(x, y, { ...options, batchSize: 8 });
    const found = await byDataset.fit(Dataset.fromArrays(whole).batch(8), options);
    expect(found.history).toEqual(expected.history);
    // Pairs as well as records, in batches of another size.
    const test = Dataset.of(x.map((ids, i) => [[...ids], y[i]] as const)).batch(5);
    const loss = (await byArrays.evaluate(x, y, silent)).loss;
    expect((await byDataset.evaluate(test, silent)).loss).toBeCloseTo(loss, 6);
  });

  it('is gone through once an epoch, in an order of its own each time, and ends where it is repeated', async () => {
    const orders: string[] = [];
    const batches = Dataset.of(ragged.map((ids, i) => ({ x: ids, y: y[i], i })))
      .shuffle(3)
      .map(({ i, ...element }) => {
        orders.push(String(i));
        return element;
      })
      .bucketByLength({ width: 3, batchSize: 6 })
      .prefetch(1);
    const model = classifier(reference);
    const validationData = Dataset.fromArrays(whole).batch(24);
    const { history } = await model.fit(batches, { ...silent, epochs: 2, validationData });
    expect(history.loss).toHaveLength(2);
    expect(history.valLoss).toHaveLength(2);
    expect(orders).toHaveLength(48);
    expect(orders.slice(24)).not.toEqual(orders.slice(0, 24));
    const endless = Dataset.fromArrays(whole).repeat().batch(7);
    const third = await model.fit(endless, { ...silent, epochs: 2, stepsPerEpoch: 3 });
    expect(third.history.loss).toHaveLength(2);
  });

  it('has the order of the epoch where training is taken up again, in validation too', async () => {
    const seen: number[] = [];
    const batches = (note: (i: number) => void, seed: number) =>
      Dataset.of(ragged.map((ids, i) => ({ x: ids, y: y[i], i })))
        .shuffle(seed)
        .map(({ i, ...element }) => {
          note(i);
          return element;
        })
        .paddedBatch(8);
    const note = (i: number): void => void seen.push(i);
    for (const steps of [{}, { stepsPerEpoch: 3, validationSteps: 3 }]) {
      const orders = async (initialEpoch: number): Promise<number[]> => {
        seen.length = 0;
        const validationData = batches(note, 5);
        const options = { ...silent, ...steps, initialEpoch, epochs: 3, validationData };
        await classifier(reference).fit(batches(note, 4), options);
        return [...seen];
      };
      const whole = await orders(0);
      expect(whole).toHaveLength(3 * 48);
      expect(await orders(1)).toEqual(whole.slice(48));
    }
  });
});
