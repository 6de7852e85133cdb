// npm start -- slots: which word fills which slot? A tagger that sees each word alone cannot know whether Atlanta is where a flight
// begins or ends; one with a memory can.
import { learningCurves, reportPage } from '../plots/index.ts';
import type { ReportSection } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { readCorpus } from './data.ts';
import table from './options.json' with { type: 'json' };
import { answersOf, batchesOf, buildTagger, scoreOf } from './tagger.ts';
import type { Kind } from './tagger.ts';

/** The course's pair: the same words but one. Other data sets have other pairs. */
const FLIGHTS = [
  'I would like to arrive Atlanta on Monday',
  'I would like to leave Atlanta on Monday',
];

await runProgram(table, async ({ data, out, ...given }) => {
  const [epochs, seed, learningRate] = [given.epochs, given.seed, given['learning-rate']].map(
    Number,
  );
  const { train, dev, test } = await readCorpus(data);
  const own = data === undefined ? FLIGHTS : test.slice(0, 3).map(({ words }) => words.join(' '));
  console.log(
    `${train.length} sentences to train on, ${dev.length} to watch, ${test.length} to test`,
  );

  const rows: string[][] = [['tagger', 'parameters', 'slot F1', 'intent accuracy']];
  const sections: ReportSection[] = [];
  for (const kind of ['feed-forward', 'recurrent'] satisfies Kind[]) {
    console.log(`\n${kind}`);
    const tagger = await buildTagger(kind, train, { seed, learningRate });
    const { model } = tagger;
    const batches = batchesOf(train, tagger, seed);
    const validationData = batchesOf(dev, tagger, seed);
    const { history } = await model.fit(batches, { epochs, seed, validationData });

    const { f1, intents } = await scoreOf(tagger, test);
    rows.push([kind, String(model.countParams()), f1.toFixed(4), intents.toFixed(4)]);
    const told = await answersOf(tagger, own);
    const shown = told.map(({ tags, intent }, k) => {
      const words = own[k]
        .split(' ')
        .map((word, i) => (tags[i] === 'O' ? word : `${word}[${tags[i]}]`));
      return `${words.join(' ')}  (${intent})`;
    });
    console.log(shown.join('\n'));
    const text = `After training: ${shown.join('; ')}`;
    sections.push({ heading: kind, text, figures: await learningCurves(history) });
    model.dispose();
  }

  console.log(`
${tableText(rows)}`);
  await writeReport(out, reportPage('Slot filling', [{ table: rows }, ...sections]));
});
