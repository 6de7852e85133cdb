// npm start -- chat: answers questions to a small hotel, word by word. Dialogues are made up by a grammar; what a question asks for, and what was
// said before, decides the answer. It is tested on combinations of slots that it has never seen.
import { learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, historyOf, train } from '../training.ts';
import { verdict } from '../verdict.ts';
import { answersTo, answerTo, exactShare, nearestAnswer } from './answers.ts';
import { makeDialogues } from './dialogues.ts';
import { TOPICS } from './grammar.ts';
import { buildNetwork, samplesOf } from './network.ts';
import table from './options.json' with { type: 'json' };
import { Words } from './words.ts';

const BATCH = 32;
/** Shown as they are answered. */
const SHOWN = 6;

await runProgram(table, async ({ out, resume, full, ...given }) => {
  const seed = Number(given.seed);
  const learningRate = Number(given['learning-rate']);
  const count = Number(given.dialogues ?? (full ? 6000 : 2500));
  const epochs = Number(given.epochs ?? (full ? 60 : 20));
  const { train: known, dev, test } = makeDialogues(count, seed);
  const words = new Words(known);
  console.log(
    `${known.length} dialogues made up by a grammar, ${words.all.length} words; ` +
      `${test.length} to test, whose combinations of slots are in no other`,
  );

  const watched = samplesOf(dev, words);
  const samples = samplesOf(known, words);
  const steps = epochs * Math.ceil(known.length / BATCH);
  const { model, logs } = await train({
    store: await folderStore(out),
    ...{ resume: resume !== undefined, epochs, estimate: new Estimate(epochs) },
    settings: { count, seed, learningRate, epochs },
    score: ({ valLoss }) => -valLoss,
    build: () => buildNetwork({ vocabulary: words.size, seed, learningRate, steps }),
    fit: (network, options) =>
      network.fit(samples.x, samples.y, {
        ...{ ...options, seed, batchSize: BATCH },
        validationData: [watched.x, watched.y],
      }),
  });

  console.log('\nAnswers as they are made:');
  for (const dialogue of test.slice(0, SHOWN)) {
    console.log(`\n${dialogue.lines.map((line) => `  guest: ${line}`).join('\n')}`);
    process.stdout.write('  hotel:');
    for await (const word of answerTo(model, words, dialogue)) process.stdout.write(` ${word}`);
    console.log();
  }

  const answers = await answersTo(model, words, test);
  const nearest = test.map((dialogue) => nearestAnswer(known, dialogue));
  const rows = [
    ['questions', 'number', 'exact answers', 'by the nearest question'],
    ...TOPICS.map(({ name }) => {
      const own = <T>(all: readonly T[]): T[] => all.filter((_, i) => test[i].topic === name);
      const [dialogues, ...both] = [own(test), own(answers), own(nearest)] as const;
      const shares = both.map((some) => exactShare(some, dialogues).toFixed(4));
      return [name, String(dialogues.length), ...shares];
    }),
  ];
  console.log(`\n${tableText(rows)}`);
  const [share, baseline] = [answers, nearest].map((some) => exactShare(some, test));
  const examples = test
    .slice(0, 12)
    .map(({ lines }, i) => [lines.join(' / '), answers[i], nearest[i]]);
  const title = `A hotel that answers: ${(100 * share).toFixed(1)} % exact on combinations never seen`;
  const sections = [
    { table: rows, figures: await learningCurves(historyOf(logs)) },
    { heading: 'Dialogues', table: [['guest', 'hotel', 'nearest question'], ...examples] },
  ];
  await writeReport(out, reportPage(title, sections));
  console.log(`exact answers of the nearest question: ${baseline.toFixed(4)}`);
  console.log(`exact answers: ${share.toFixed(4)} (${test.length} dialogues)`);
  return verdict(share > baseline, given.epochs === undefined ? null : `--epochs ${epochs}`);
});
