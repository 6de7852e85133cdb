// npm start -- vectors: word2vec learns from the King James Bible which words are used alike. `--data` reads vectors instead, GloVe's
// for one, and asks them the same.
import { join } from 'node:path';
import { readLines } from '../../src/data/index.ts';
import { readWordVectors } from '../../src/vectors/index.ts';
import { lines, reportPage, scatter } from '../plots/index.ts';
import { runProgram, writeReport } from '../program.ts';
import { dataFile, readVerses } from './corpus.ts';
import { learn } from './learn.ts';
import type { Learnt } from './learn.ts';
import table from './options.json' with { type: 'json' };
import { ownSections, readSections } from './questions.ts';
import { answerRows, nearestRows, points, scoreRows } from './tables.ts';

await runProgram(table, async (options) => {
  const { data, analogies, out } = options;
  const learnt: Learnt =
    data === undefined
      ? await learnVerses(options)
      : { vectors: await readWordVectors(await dataFile(data)), progress: [] };
  const { vectors, progress } = learnt;
  console.log(`\n${vectors.words.length} words, ${vectors.dimension} numbers each\n`);

  const nearest = nearestRows(vectors);
  console.log(nearest.map(([word, found]) => `${word.padEnd(12)}${found}`).join('\n'));
  const answers = answerRows(vectors);
  console.log(`\n${answers.map(([sum, found]) => `${sum.padEnd(26)}${found}`).join('\n')}\n`);
  const sections =
    analogies === undefined
      ? ownSections
      : await readSections(readLines(await dataFile(analogies)));
  const scores = scoreRows(vectors, sections, ([name, ...figures]) =>
    console.log(name.padEnd(28) + figures.map((figure) => figure.padStart(10)).join('')),
  );

  const figures = [
    await scatter(points(vectors), { title: 'first two principal components', width: 640 }),
  ];
  if (progress.length > 0) {
    const loss = {
      name: 'loss',
      x: progress.map(({ words }) => words),
      y: progress.map((at) => at.loss),
    };
    figures.push(await lines([loss], { title: 'loss of an example', x: 'words' }));
  }
  await writeReport(
    out,
    reportPage('Word vectors', [
      { text: `${vectors.words.length} words from ${data ?? 'the King James Bible'}.`, figures },
      { heading: 'Neighbours', table: nearest },
      { heading: 'Analogies', table: answers },
      { table: scores },
    ]),
  );
  if (data === undefined) await vectors.save(join(out, 'vectors.txt'));
});

async function learnVerses(
  options: Record<'architecture' | 'dimension' | 'epochs' | 'seed', string>,
) {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const verses = await readVerses();
  const words = verses.reduce((sum, verse) => sum + verse.length, 0);
  console.log(`${verses.length} verses, ${words} words (Ctrl-C: go on with what is learnt)`);
  return learn(
    verses,
    {
      architecture: options.architecture as 'skipGram' | 'cbow',
      dimension: Number(options.dimension),
      epochs: Number(options.epochs),
      seed: Number(options.seed),
      signal: stop.signal,
    },
    (line) => console.log(line),
  );
}
