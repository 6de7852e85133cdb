// npm start -- speech: hears strings of digits. In training it is told which digits a string has, but not where they are.
import { Random } from '../../src/index.ts';
import { learningCurves, lines, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { readFsdd } from '../spoken/fsdd.ts';
import { inventRecordings, partsOf } from '../spoken/recordings.ts';
import { folderStore } from '../store.ts';
import { Estimate, historyOf } from '../training.ts';
import { verdict } from '../verdict.ts';
import { labelErrorRate, usualAnswer } from './baseline.ts';
import { DIGITS } from './digits.ts';
import { learn, transcribe } from './network.ts';
import table from './options.json' with { type: 'json' };
import { drawString, speakersOf } from './strings.ts';

/** Takes of each made-up digit by each speaker, of which five are held out. */
const TAKES = 15;
/** Strings to test with, of each kind. */
const TESTED = 200;
/** Strings in the report. */
const SHOWN = 3;

await runProgram(table, async ({ data, speaker, full, out, resume, ...given }) => {
  const seed = Number(given.seed);
  const epochs = Number(given.epochs ?? (full ? 32 : 12));
  const { units, batchSize } = full ? { units: 128, batchSize: 32 } : { units: 48, batchSize: 16 };
  const store = await folderStore(out);
  const recordings = data === undefined ? inventRecordings(DIGITS, TAKES) : await readFsdd(data);
  const { words, heldOutSpeaker, ...parts } = partsOf(recordings, speaker);
  console.log(data ?? 'no --data: a synthesizer speaks the digits');
  console.log(
    `${parts.train.length} recordings to train on; held out: takes 0 to 4 of the same speakers (${parts.takes.length}) and all of ` +
      `${heldOutSpeaker} (${parts.speaker.length})`,
  );
  const [known, ofTakes, ofSpeaker] = speakersOf([parts.train, parts.takes, parts.speaker], words);
  const draw = (from: typeof known, stream: number) => {
    const random = new Random(stream);
    return Array.from({ length: TESTED }, () => drawString(from, random));
  };
  const tests = {
    'takes 0-4': draw(ofTakes, 1),
    [`speaker ${heldOutSpeaker}`]: draw(ofSpeaker, 2),
  };
  const { model: network, logs } = await learn(known, tests['takes 0-4'], {
    ...{ units, classes: words.length, seed, batchSize, epochs },
    ...{ store, resume: resume !== undefined },
    settings: { data: data ?? 'made up', speaker: heldOutSpeaker, units, batchSize, epochs, seed },
    estimate: new Estimate(epochs),
  });

  const usual = usualAnswer(draw(known, 3));
  const textOf = (labels: Iterable<number>) =>
    Array.from(labels, (label) => words[label - 1]).join(' ');
  const rows = [
    ['label error rate', ...Object.keys(tests)],
    [`always ${textOf(usual)}`],
    [`bidirectional GRU(${units}), CTC`],
  ];
  const figures: string[] = [];
  const heard: string[][] = [['said', 'heard']];
  const rates: number[] = [];
  for (const [name, strings] of Object.entries(tests)) {
    const answers = await transcribe(network, strings);
    rates.push(labelErrorRate(strings, (i) => answers[i].labels));
    rows[1].push(labelErrorRate(strings, () => usual).toFixed(4));
    rows[2].push(rates[rates.length - 1].toFixed(4));
    for (let i = 0; i < SHOWN; i++) {
      const said = textOf(strings[i].y);
      heard.push([said, textOf(answers[i].labels)]);
      const steps = strings[i].x.shape[0];
      const classOf = (label: number) =>
        Float32Array.from({ length: steps }, (_, t) => answers[i].probabilities[t * (1 + words.length) + label]); // prettier-ignore
      const shown = [...new Set(strings[i].y)].sort((a, b) => a - b);
      const series = shown.map((label) => ({ name: words[label - 1], y: classOf(label) }));
      figures.push(
        await lines([...series, { name: 'nothing', y: classOf(0), dashed: true }], {
          ...{ title: `${name}: ${said}`, x: 'frame of 10 ms', domain: [0, 1], width: 540 },
        }),
      );
    }
  }
  console.log(`\n${tableText(heard)}`);
  await writeReport(
    out,
    reportPage('Strings of digits', [
      {
        text:
          `${data === undefined ? 'A synthesizer speaks the digits. ' : ''}Recordings of one speaker are joined. In training, the network is told ` +
          'which digits a string has, not where they are: connectionist temporal classification sums over all places.',
        table: rows,
        figures: await learningCurves(historyOf(logs), { held: 'takes 0-4' }),
      },
      { heading: 'What was said, and what the network has heard', table: heard },
      { heading: 'The probability of each digit over the time', figures },
    ]),
  );
  console.log(`\n${tableText(rows)}`);
  return verdict(
    rates[0] < Number(rows[1][1]),
    given.epochs === undefined ? null : `--epochs ${epochs}`,
  );
});
