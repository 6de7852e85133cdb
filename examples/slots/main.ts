// npm start -- slots: which word fills which slot? A tagger that sees each word by itself cannot know whether a flight starts or ends
// in Atlanta; one with memory can.
import { learningCurves, reportPage } from '../plots/index.ts';
import type { ReportSection } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget, historyOf } from '../training.ts';
import { readCorpus } from './data.ts';
import { learn } from './learn.ts';
import table from './options.json' with { type: 'json' };
import { answersOf, scoreOf } from './tagger.ts';
import type { Kind } from './tagger.ts';

/** Two sentences that differ in one word. For other data sets, sentences of the test set are shown. */
const FLIGHTS = [
  'I would like to arrive Atlanta on Monday',
  'I would like to leave Atlanta on Monday',
];

await runProgram(table, async ({ data, out, resume, ...given }) => {
  const [epochs, seed, learningRate] = [given.epochs, given.seed, given['learning-rate']].map(
    Number,
  );
  const corpus = await readCorpus(data);
  const { train, dev, test } = corpus;
  const own = data === undefined ? FLIGHTS : test.slice(0, 3).map(({ words }) => words.join(' '));
  console.log(
    `${train.length} sentences to train on, ${dev.length} to watch, ${test.length} to test`,
  );

  const rows: string[][] = [['tagger', 'parameters', 'slot F1', 'intent accuracy']];
  const sections: ReportSection[] = [];
  const kinds: Kind[] = ['feed-forward', 'recurrent'];
  const stores = await Promise.all(kinds.map((kind) => folderStore(`${out}/${kind}`)));
  if (resume === undefined) await Promise.all(stores.map(forget));
  const estimate = new Estimate(kinds.length * epochs);
  for (const [k, kind] of kinds.entries()) {
    console.log(`\n${kind}`);
    const tagger = await learn(kind, corpus, {
      store: stores[k],
      ...{ resume: resume !== undefined, epochs, estimate, seed, learningRate },
      settings: { data: data ?? 'made up', kind, seed, learningRate },
    });
    const { model, logs } = tagger;

    const { f1, intents } = await scoreOf(tagger, test);
    rows.push([kind, String(model.countParams()), f1.toFixed(4), intents.toFixed(4)]);
    const told = await answersOf(tagger, own);
    const shown = told.map(({ tags, intent }, i) => {
      const words = own[i]
        .split(' ')
        .map((word, t) => (tags[t] === 'O' ? word : `${word}[${tags[t]}]`));
      return `${words.join(' ')}  (${intent})`;
    });
    console.log(shown.join('\n'));
    const text = `After training: ${shown.join('; ')}`;
    sections.push({ heading: kind, text, figures: await learningCurves(historyOf(logs)) });
    model.dispose();
  }

  console.log(`
${tableText(rows)}`);
  await writeReport(out, reportPage('Slot filling', [{ table: rows }, ...sections]));
});
