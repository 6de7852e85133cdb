// npm start -- sentiment: is a sentence positive? A model that takes strings; compares four cells, each trained with several seeds.
import { loadModel } from '../../src/index.ts';
import { TextVectorization } from '../../src/text/index.ts';
import { lines, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget, train } from '../training.ts';
import { readSentences } from './data.ts';
import { buildNetwork, cells } from './network.ts';
import type { Cell } from './network.ts';
import table from './options.json' with { type: 'json' };

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

await runProgram(table, async ({ data, out, resume, ...given }) => {
  const [epochs, seeds] = [Number(given.epochs), Number(given.seeds)];
  const sentences = await readSentences(data);
  const texts = sentences.map(({ text }) => text);
  const labels = sentences.map(({ label }) => label);
  const vectorization = async () => {
    const layer = new TextVectorization();
    await layer.adapt(texts);
    return layer;
  };
  const vocabulary = (await vectorization()).vocabularySize();
  console.log(`${texts.length} sentences, the last fifth held out; a vocabulary of ${vocabulary}`);

  const names = Object.keys(cells) as Cell[];
  const storeOf = (cell: Cell, seed: number) =>
    folderStore(`${out}/${cell.replace(' ', '-')}-${seed}`);
  if (resume === undefined)
    for (const cell of names)
      for (let seed = 1; seed <= seeds; seed++) await forget(await storeOf(cell, seed));
  const estimate = new Estimate(names.length * seeds * epochs);
  const rows: (string | number)[][] = [];
  const curves: { name: string; y: number[] }[] = [];
  let shown: Parameters<typeof loadModel>[0] | null = null;
  for (const cell of names) {
    const runs: number[][] = [];
    let parameters = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      console.log(`\n${cell}, seed ${seed}`);
      const first = await vectorization();
      const { model, logs, best } = await train({
        store: await storeOf(cell, seed),
        resume: resume !== undefined,
        epochs,
        settings: { data: data ?? 'made up', cell, seed },
        build: () => buildNetwork(first, cell, { seed }),
        fit: (one, options) =>
          one.fit(texts, labels, { ...options, batchSize: 32, validationSplit: 0.2 }),
        estimate,
      });
      runs.push(logs.map(({ valAccuracy }) => valAccuracy));
      parameters = model.countParams();
      shown = best.saved;
      model.dispose();
    }
    const best = runs.map((run) => Math.max(...run));
    rows.push([cell, parameters, ...[...best, mean(best)].map((value) => value.toFixed(4))]);
    const y = runs[0].map((_, epoch) => mean(runs.map((run) => run[epoch])));
    curves.push({ name: cell, y });
  }

  const head = ['cell', 'parameters', ...rows[0].slice(3).map((_, k) => `seed ${k + 1}`), 'mean'];
  console.log('\nBest validation accuracy:');
  console.log(`${tableText([head, ...rows])}
`);

  const own = ['The food was great!', 'The film was not good.', 'A boring plot and awful acting.'];
  const probabilities = await (await (await loadModel(shown!)).predict(own)).data();
  own.forEach((text, i) => console.log(`${probabilities[i].toFixed(3)} positive: ${text}`));
  const title = 'Validation accuracy, mean of the seeds';
  const figures = [await lines(curves, { title, x: 'epoch' })];
  await writeReport(out, reportPage('Sentiment', [{ table: [head, ...rows] }, { figures }]));
});
