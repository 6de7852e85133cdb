// npm start -- text-autoencoder: a sentence to one vector and back. Between the vectors of two sentences lie those of others.
import { Dataset } from '../../src/data/index.ts';
import { learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Symbols } from '../symbols.ts';
import { Estimate, historyOf, train } from '../training.ts';
import { verdict } from '../verdict.ts';
import { readCorpus } from './data.ts';
import { figuresOf, mostFrequentWords } from './figures.ts';
import { buildNetwork, END, halvesOf, SIGNS, START } from './network.ts';
import type { Autoencoder } from './network.ts';
import table from './options.json' with { type: 'json' };
import type { Sentence } from './sentences.ts';

const BATCH = 64;
const USUAL = { units: 128, embedded: 64, learningRate: 0.004, epochs: 15 };
const FULL = { units: 256, embedded: 128, learningRate: 0.001, epochs: 50 };
/** Walks that are shown, and steps of each. */
const [WALKS, STEPS] = [3, 6];

await runProgram(table, async ({ data, full, resume, out, ...given }) => {
  const seed = Number(given.seed);
  const { epochs: usualEpochs, ...shape } = full ? FULL : USUAL;
  const epochs = given.epochs === undefined ? usualEpochs : Number(given.epochs);
  const store = await folderStore(out);
  const { train: known, heldOut } = await readCorpus(data, seed);
  const symbols = new Symbols([...SIGNS, ...[...new Set(known.flat())].sort()]);
  const words = symbols.list.length - SIGNS.length;
  console.log(
    `${known.length} sentences${data === undefined ? ', made up by a grammar,' : ''} to learn, ${heldOut.length} held out; ${words} words and signs`,
  );

  const samplesOf = (sentences: readonly Sentence[]) =>
    Dataset.of(
      sentences
        .map((sentence) => symbols.encode(sentence))
        .map((ids) => ({
          x: { sentence: ids, before: Int32Array.of(START, ...ids) },
          y: Int32Array.of(...ids, END),
        })),
    );
  const batches = samplesOf(known).shuffle(seed).paddedBatch(BATCH);
  const { model, logs } = await train({
    store,
    ...{ resume: resume !== undefined, epochs, estimate: new Estimate(epochs) },
    score: ({ loss }) => -loss,
    settings: { data: data ?? 'made up', ...shape, epochs, seed },
    build: () => buildNetwork(symbols.size, batches.size! * epochs, { ...shape, seed }),
    fit: (one, options) =>
      one.fit(batches, {
        ...{ ...options, seed },
        validationData: samplesOf(heldOut).paddedBatch(BATCH),
      }),
  });

  const longest = Math.max(...[...known, ...heldOut].map((sentence) => sentence.length));
  const halves = halvesOf(model, symbols, longest);
  const through = async (sentences: readonly Sentence[]) =>
    halves.decode(await halves.encode(sentences));
  const frequent = mostFrequentWords(known);
  const decoded = await through(heldOut);
  const own = figuresOf(heldOut, decoded);
  const learnt = figuresOf(known, await through(known));
  const baseline = figuresOf(
    heldOut,
    heldOut.map(({ length }) => frequent.slice(0, length)),
  );
  const row = (name: string, { words, sentences }: typeof own) => [name, words.toFixed(3), sentences.toFixed(3)]; // prettier-ignore
  const rows = [
    ['', 'words at their place', 'exact sentences'],
    row('training sentences', learnt),
    row('held out, most frequent word of each place', baseline),
    row(`held out, LSTM ${shape.units} → vector → LSTM ${shape.units}`, own),
  ];

  const pairs = heldOut.slice(0, 10).map((sentence, i) => [sentence.join(' '), decoded[i].join(' ')]); // prettier-ignore
  console.log(`\nHeld out, and what comes back:`);
  console.log(pairs.map(([sentence, back]) => `${sentence}\n  → ${back}`).join('\n'));
  const walks: string[][] = [];
  for (let i = 0; i < WALKS; i++) {
    const [from, to] = [0, 1].map((end) => known[(2 * i + end) * Math.floor(known.length / (2 * WALKS))]); // prettier-ignore
    walks.push(await walk(halves, from, to));
  }
  console.log(`\nFrom one sentence to another:`);
  for (const steps of walks) console.log(steps.map((text) => `  ${text}`).join('\n'), '\n');

  await writeReport(
    out,
    reportPage('A sentence to one vector and back', [
      {
        text: 'Words include signs. Words that no training sentence has cannot come back.',
        table: rows,
        figures: await learningCurves(historyOf(logs), { held: 'held out' }),
      },
      { heading: 'Held-out sentences', table: [['sentence', 'what comes back'], ...pairs] },
      {
        heading: 'From one sentence to another',
        text: 'Decoded vectors on the straight line between those of two training sentences.',
        table: [
          walks.map((_, i) => `walk ${i + 1}`),
          ...walks[0].map((_, step) => walks.map((steps) => steps[step])),
        ],
      },
    ]),
  );
  console.log(tableText(rows));
  return verdict(own.words > baseline.words, given.epochs === undefined ? null : `--epochs ${epochs}`); // prettier-ignore
});

/** The sentences of vectors on the straight line between those of two. */
async function walk(halves: Autoencoder, from: Sentence, to: Sentence): Promise<string[]> {
  const [a, b] = await halves.encode([from, to]);
  const between = Array.from({ length: STEPS + 1 }, (_, step) =>
    a.map((value, i) => value + ((b[i] - value) * step) / STEPS),
  );
  return (await halves.decode(between)).map((words) => words.join(' '));
}
