// npm start -- imdb: is a film review positive? Subwords and bidirectional LSTMs. The best epoch, by reviews held out from the
// training, is tested once.
import { loadModel } from '../../src/index.ts';
import { learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import type { Labelled } from '../sentiment/sentences.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget, historyOf, train } from '../training.ts';
import type { Trained } from '../training.ts';
import { batchesOf, holdOut, stepsOf } from './batches.ts';
import { encoderFor, readReviews } from './data.ts';
import { buildNetwork, paddingEffect } from './network.ts';
import type { Depth } from './network.ts';
import table from './options.json' with { type: 'json' };

const SAMPLE =
  'The movie was cool. The animation and the graphics were out of this world. I would recommend this movie.';

await runProgram(table, async ({ data, out, resume, ...given }) => {
  const [epochs, patience, seed] = [given.epochs, given.patience, given.seed].map(Number);
  const learningRate = Number(given['learning-rate'] ?? (data === undefined ? 3e-3 : 1e-4));
  const length = given.length === undefined ? undefined : Number(given.length);
  const limit = given.limit === undefined ? undefined : Number(given.limit);

  const reviews = await readReviews('train', data, limit);
  const encoder = await encoderFor(reviews, data);
  const encoded = (some: readonly Labelled[]) =>
    some.map(({ text, label }) => ({
      x: Int32Array.from(encoder.encode(text).slice(0, length)),
      y: label,
    }));
  const [training, held] = holdOut(encoded(reviews), 0.1);
  const vocabulary = encoder.vocabularySize;
  console.log(`${training.length} reviews to train on, ${held.length} to choose the best epoch by`);
  console.log(`${vocabulary} subwords, learning rate ${learningRate}`);

  const depths: Depth[] = given.model === 'both' ? ['one', 'two'] : [given.model as Depth];
  const estimate = new Estimate(depths.length * epochs);
  const batching = { seed, batchSize: 64 };
  const network = { vocabulary, seed, learningRate };
  const trained: [Depth, Trained][] = [];
  const stores = await Promise.all(depths.map((depth) => folderStore(`${out}/${depth}`)));
  if (resume === undefined) await Promise.all(stores.map(forget));
  for (const [i, depth] of depths.entries()) {
    console.log(`\n${depth} bidirectional`);
    const found = await train({
      store: stores[i],
      ...{ resume: resume !== undefined, epochs, patience, estimate },
      settings: { data: data ?? 'made up', limit, length, learningRate, seed, depth },
      build: () => buildNetwork(depth, network),
      fit: (model, options) =>
        model.fit(batchesOf(training, batching), {
          ...{ ...options, seed, stepsPerEpoch: stepsOf(training, batching) },
          validationData: batchesOf(held, batching),
        }),
    });
    trained.push([depth, found]);
  }

  const rows: (string | number)[][] = [['model', 'parameters', 'epoch', 'validation', 'test']];
  const test = encoded(await readReviews('test', data, limit && 2000));
  for (const [depth, { best }] of trained) {
    const model = await loadModel(best.saved);
    const { accuracy } = await model.evaluate(batchesOf(test, batching)(0), { verbose: 0 });
    const figures = [best.score, accuracy].map((value) => value.toFixed(4));
    rows.push([depth, model.countParams(), best.epoch + 1, ...figures]);
    const effect = await paddingEffect(depth, network, best.saved, encoder.encode(SAMPLE));
    for (const [kind, { alone, padded }] of Object.entries(effect))
      console.log(`${depth}, ${kind}: sample ${alone.toFixed(5)}, padded ${padded.toFixed(5)}`);
  }
  console.log(`\nAccuracy on ${test.length} test reviews:\n${tableText(rows)}`);
  const curves = trained.map(async ([depth, { logs }]) => {
    return { heading: depth, figures: await learningCurves(historyOf(logs)) };
  });
  await writeReport(
    out,
    reportPage('Film reviews', [{ table: rows }, ...(await Promise.all(curves))]),
  );
});
