// npm start -- neuron: trains an LSTM on a text, character by character, and looks for units that follow what a reader keeps in
// mind: quotes, comments, brackets, the place in the line. A heat map shows each over the text, beside one that was not trained.
import { traceModel } from '../../src/trace/index.ts';
import type { TraceArray } from '../../src/trace/index.ts';
import { heatText, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { readCorpus } from './corpus.ts';
import { buildNetwork, lossByFrequency, lossOn, train } from './network.ts';
import table from './options.json' with { type: 'json' };
import { Characters, PROPERTIES, propertiesOf } from './text.ts';
import { bestUnit } from './units.ts';

/** Characters of held-out text that are traced; of the second half of them, that many are drawn. */
const [TRACED, SHOWN] = [12_000, 640];

/** tanh(c), as Karpathy, Johnson and Fei-Fei 2016 show it: what a unit keeps, also where its output gate is closed. */
const memoryOf = ({ data, shape }: TraceArray): TraceArray => ({
  data: data.map(Math.tanh),
  shape,
});

await runProgram(table, async ({ data, out, ...given }) => {
  const [steps, units, seed] = [given.steps, given.units, given.seed].map(Number);
  const corpus = await readCorpus(data, seed);
  const characters = new Characters(corpus.train);
  const text = corpus.heldOut.slice(0, TRACED);
  const ids = characters.encode(text);
  console.log(`${corpus.train.length} characters to train on, ${characters.size} kinds; ${text.length} held out`); // prettier-ignore

  const batch = { data: ids, shape: [1, ids.length] };
  const network = buildNetwork(characters.size, units, steps, seed);
  const untrained = await traceModel(network, 'lstm', batch);
  const known = characters.encode(corpus.train);
  await train(network, known, steps, seed);
  const losses = [
    ['', 'nats a character'],
    ['frequencies of characters', lossByFrequency(known, ids, characters.size).toFixed(3)],
    [`LSTM(${units}), ${steps} steps`, (await lossOn(network, ids)).toFixed(3)],
  ];
  console.log(`\nHeld-out log-loss:\n${tableText(losses)}`);
  const trained = await traceModel(network, 'lstm', batch);

  const half = Math.floor(text.length / 2);
  const begin = text.indexOf('\n', half) + 1;
  const shown = text.slice(begin, begin + SHOWN);
  const facts = propertiesOf(text);
  const rows = [['fact', 'unit', 'r', 'untrained unit', 'r']];
  const figures: string[] = [];
  for (const name of PROPERTIES) {
    const fact = facts[name];
    if (fact.every((value) => value === fact[0])) continue;
    const found = [trained, untrained].map(({ states }) => bestUnit(memoryOf(states.c), fact));
    rows.push([
      name,
      ...found.flatMap(({ unit, measured }) => [String(unit), measured.toFixed(2)]),
    ]);
    const marked = Array.from(fact.subarray(begin, begin + SHOWN), (value) => value > 0);
    const isFlag = fact.every((value) => value <= 1);
    for (const [i, { unit, measured, values }] of found.entries()) {
      const whose = i === 0 ? 'trained' : 'untrained';
      const title = `${name}: unit ${unit}, ${whose}, r = ${measured.toFixed(2)}`;
      const own = values.subarray(begin, begin + SHOWN);
      figures.push(await heatText(shown, own, isFlag ? { title, marked } : { title }));
    }
  }
  const heading = 'Correlation of tanh(c) with facts of the held-out text';
  console.log(`\n${heading}:\n${tableText(rows)}`);
  await writeReport(
    out,
    reportPage('What single units follow', [
      { heading: 'Log-loss', table: losses },
      {
        heading,
        text:
          'For each fact, the unit with the strongest correlation in the first half of the text; r is measured in the second half. The ' +
          'untrained network has the same weights as the other one had before its training: some of its units follow a fact by chance, or ' +
          'because the last few characters give it away.',
        table: rows,
      },
      {
        heading: 'The units over the text',
        text: 'Blue: tanh(c) is above zero, orange: below; the sign is that with which it rises with the fact. What is underlined has it.',
        figures,
      },
    ]),
  );
});
