// npm start -- vectors: word2vec learns from the King James Bible which words are used in similar ways. `--data` reads other vectors
// instead, for example GloVe's, and shows the same about them.
import { join } from 'node:path';
import { readLines } from '../../src/data/index.ts';
import { readWordVectors } from '../../src/vectors/index.ts';
import { reportPage } from '../plots/index.ts';
import { runProgram, writeReport } from '../program.ts';
import type { Options } from '../program.ts';
import { folderStore } from '../store.ts';
import { dataFile, readVerses } from './corpus.ts';
import { figuresOf } from './figures.ts';
import { learn } from './learn.ts';
import type { Learnt } from './learn.ts';
import table from './options.json' with { type: 'json' };
import { ownSections, readSections } from './questions.ts';
import { answerRows, nearestRows, scoreRows } from './tables.ts';

await runProgram(table, async (options) => {
  const { data, analogies, out } = options;
  // Files are opened first, so that a wrong path is reported before the training.
  const sections =
    analogies === undefined
      ? ownSections
      : await readSections(readLines(await dataFile('analogies', analogies)));
  const { vectors, progress }: Learnt =
    data === undefined
      ? await learnVerses(options)
      : { vectors: await readWordVectors(await dataFile('data', data)), progress: [] };
  if (data === undefined) await vectors.save(join(out, 'vectors.txt'));
  console.log(`\n${vectors.words.length} words, ${vectors.dimension} numbers each\n`);

  const nearest = nearestRows(vectors);
  console.log(nearest.map(([word, found]) => `${word.padEnd(12)}${found}`).join('\n'));
  const answers = answerRows(vectors);
  console.log(`\n${answers.map(([sum, found]) => `${sum.padEnd(26)}${found}`).join('\n')}\n`);
  const scores = scoreRows(vectors, sections, ([name, ...figures]) =>
    console.log(name.padEnd(28) + figures.map((figure) => figure.padStart(10)).join('')),
  );

  await writeReport(
    out,
    reportPage('Word vectors', [
      {
        text: `${vectors.words.length} words from ${data ?? 'the King James Bible'}.`,
        figures: await figuresOf(vectors, progress),
      },
      { heading: 'Neighbours', table: nearest },
      { heading: 'Analogies', table: answers },
      { table: scores },
    ]),
  );
});

async function learnVerses({ architecture, out, resume, ...given }: Options<typeof table>) {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const verses = await readVerses();
  const words = verses.reduce((sum, verse) => sum + verse.length, 0);
  console.log(`${verses.length} verses, ${words} words (Ctrl-C: go on with what is learnt)`);
  const [dimension, epochs, seed] = [given.dimension, given.epochs, given.seed].map(Number);
  return learn({
    verses,
    store: await folderStore(out),
    resume: resume !== undefined,
    options: {
      ...{ architecture: architecture as 'skipGram' | 'cbow', dimension, epochs, seed },
      signal: stop.signal,
    },
    print: (line) => console.log(line),
  });
}
