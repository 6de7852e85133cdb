// npm start -- spell: from letters to phonemes, by an encoder and a decoder with attention; beside it, the most frequent phoneme of each
// letter.
import { alignmentOf, decode } from '../encoder_decoder/decode.ts';
import { learn } from '../encoder_decoder/learn.ts';
import { batchesOf } from '../encoder_decoder/pairs.ts';
import { vocabulariesOf } from '../encoder_decoder/vocabulary.ts';
import { alignment, learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, historyOf } from '../training.ts';
import { verdict } from '../verdict.ts';
import { readCorpus } from './data.ts';
import { letterByLetter } from './letters.ts';
import table from './options.json' with { type: 'json' };
import { errorsOf } from './score.ts';

const DEFAULT = { units: 80, features: 32, dropout: 0, batchSize: 64, learningRate: 0.005 };
const FULL = { units: 256, features: 64, dropout: 0, batchSize: 128, learningRate: 0.002 };
const STEPS = { default: 900, full: 3305 };
const LONGEST = 32;
/** How many words are shown, and drawn. */
const [SHOWN, DRAWN] = [12, 6];

await runProgram(table, async ({ data, full, out, resume, epochs: given, ...numbers }) => {
  const [beams, seed] = [numbers.beams, numbers.seed].map(Number);
  const corpus = await readCorpus(data);
  const { train, dev, test } = corpus;
  const vocabularies = vocabulariesOf(train);
  console.log(
    `${data === undefined ? 'made-up words, pronounced by rules: ' : ''}${train.length} to train on, ${dev.length} to watch, ` +
      `${test.length} to test; ${vocabularies.source.size} letters and ${vocabularies.target.size} phonemes`,
  );
  const sizes = full === undefined ? DEFAULT : FULL;
  const { steps } = batchesOf(train, vocabularies, { ...sizes, seed });
  const wanted = STEPS[full === undefined ? 'default' : 'full'];
  const epochs = given === undefined ? Math.ceil(wanted / steps) : Number(given);
  console.log(`${epochs} epochs of ${steps} steps`);
  const plan = { ...sizes, seed, attention: true, epochs };
  const learnt = await learn(corpus, plan, {
    ...{ store: await folderStore(out), resume: resume !== undefined },
    ...{ estimate: new Estimate(epochs), settings: { data: data ?? 'made up', ...plan } },
  });

  const words = test.map(({ source }) => source);
  const right = test.map(({ targets }) => targets);
  const spoken = await decode(learnt, words, { beams, longest: LONGEST });
  const byLetter = words.map(letterByLetter(train));
  const [own, baseline] = [spoken, byLetter].map((one) => errorsOf(one, right));
  const rows = [
    ['', 'phoneme error rate', 'words wrong'],
    ...[
      [`network, ${learnt.model.countParams()} parameters`, own] as const,
      ['most frequent phoneme of each letter', baseline] as const,
    ].map(([name, errors]) => [name, errors.phonemes.toFixed(3), errors.words.toFixed(3)]),
  ];
  const shown = words
    .slice(0, SHOWN)
    .map((word, i) => [
      ...[word.join(''), spoken[i].join(' ')],
      right[i].map((one) => one.join(' ')).join(' / '),
      byLetter[i].join(' '),
    ]);
  console.log(shown.map(([word, phonemes]) => `${word}  →  ${phonemes}`).join('\n'));
  const drawn = words.slice(0, DRAWN).map(async (word, i) => {
    const weights = await alignmentOf(learnt, word, spoken[i]);
    return alignment(word.join(''), weights, word, [...spoken[i], '(end)']);
  });
  const head = ['word', 'network', 'right', 'letter by letter'];
  const report = reportPage('From letters to phonemes', [
    { table: rows, figures: await learningCurves(historyOf(learnt.logs)) },
    { heading: 'Words of the test', table: [head, ...shown] },
    {
      heading: 'Alignment',
      text: 'What the decoder looked at for each phoneme: columns are letters, rows phonemes.',
      figures: await Promise.all(drawn),
    },
  ]);
  await writeReport(out, report);
  console.log(`\n${tableText(rows)}`);
  const isBetter = own.phonemes < baseline.phonemes;
  return verdict(isBetter, given === undefined ? null : `--epochs ${given}`);
});
