// npm start -- imdb-small: small networks on the 10 000 most frequent words of film reviews: embeddings without a recurrent layer,
// recurrent layers, and GloVe's vectors with only 200 reviews to learn from.
import { readWordVectors } from '../../src/vectors/index.ts';
import { batchesOf, holdOut, stepsOf } from '../imdb/batches.ts';
import { readReviews } from '../imdb/data.ts';
import { learningCurves, reportPage } from '../plots/index.ts';
import type { ReportSection } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget, historyOf, train } from '../training.ts';
import { buildNetwork, gloveVariant, variants } from './network.ts';
import type { Variant } from './network.ts';
import table from './options.json' with { type: 'json' };
import { Corpus } from './samples.ts';

await runProgram(table, async ({ data, vectors, variant, limit, out, resume, ...given }) => {
  const [epochs, seed] = [Number(given.epochs), Number(given.seed)];
  const corpus = new Corpus(await readReviews('train', data, Number(limit ?? Infinity)));
  const chosen = new Map<string, Variant>(Object.entries(variants));
  if (vectors !== undefined) {
    const found = await readWordVectors(vectors, { words: corpus.vocabulary });
    const { data: matrix, missing } = found.embeddingMatrix(corpus.vocabulary);
    console.log(`${missing.length} words have no vector in ${vectors}`);
    chosen.set('glove', gloveVariant(matrix));
  } else if (variant === 'glove') throw new Error('the variant glove needs --vectors FILE');
  const names = variant === 'all' ? [...chosen.keys()] : [variant];

  const estimate = new Estimate(names.length * epochs);
  const rows = [['network', 'words', 'reviews', 'parameters', 'epoch', 'best validation accuracy']];
  const sections: ReportSection[] = [];
  const stores = await Promise.all(names.map((name) => folderStore(`${out}/${name}`)));
  if (resume === undefined) await Promise.all(stores.map(forget));
  for (const [i, name] of names.entries()) {
    const one = chosen.get(name)!;
    const [first, held] = holdOut(corpus.samples(one), 0.2);
    const training = first.slice(0, one.reviews);
    const batching = { seed, batchSize: one.batchSize };
    console.log(`\n${one.title}: ${training.length} reviews to train on, ${held.length} held out`);
    const { model, logs, best } = await train({
      store: stores[i],
      ...{ resume: resume !== undefined, epochs, estimate },
      settings: { data: data ?? 'made up', vectors, limit, seed, name },
      build: () => buildNetwork(one, seed),
      fit: (made, options) =>
        made.fit(batchesOf(training, batching), {
          ...{ ...options, seed, stepsPerEpoch: stepsOf(training, batching) },
          validationData: batchesOf(held, batching),
        }),
    });
    const counts = [one.steps, training.length, model.countParams(), best.epoch + 1].map(String);
    rows.push([one.title, ...counts, best.score.toFixed(4)]);
    sections.push({ heading: one.title, figures: await learningCurves(historyOf(logs)) });
    model.dispose();
  }
  console.log(`\n${tableText(rows)}`);
  await writeReport(
    out,
    reportPage('Film reviews in 10 000 words', [{ table: rows }, ...sections]),
  );
});
