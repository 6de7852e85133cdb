// npm start -- music: learns which notes follow each other in chorales, composes one, and writes it as MIDI and as sound.
import { learningCurves, pianoRoll, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, historyOf } from '../training.ts';
import { verdict } from '../verdict.ts';
import { fitFlips, natsByFlips } from './baseline.ts';
import { inventChorales, KEYS } from './chorales.ts';
import { compose } from './compose.ts';
import { learn, natsOn } from './network.ts';
import table from './options.json' with { type: 'json' };
import { readChorales } from './read.ts';
import { midiOf, notesOf, wavOf } from './sound.ts';

/** Frames of the composed piece, and of the test chorale that it begins with. */
const [COMPOSED, OPENING] = [64, 8];

await runProgram(table, async ({ data, full, out, resume, ...given }) => {
  const seed = Number(given.seed);
  const epochs = Number(given.epochs ?? (full ? 130 : 80));
  const units = full ? 256 : 96;
  const store = await folderStore(out);
  const chorales = data === undefined ? inventChorales() : await readChorales(data);
  const { train, valid, test } = chorales;
  console.log(data ?? 'no --data: the chorales are made up by rules of harmony');
  console.log(`${train.length} chorales to train on, ${valid.length} to choose the best epoch by, ${test.length} to test`); // prettier-ignore

  const baseline = natsByFlips(test, fitFlips(train));
  const { network, logs, epoch } = await learn(chorales, {
    ...{ units, seed, epochs, store, resume: resume !== undefined },
    settings: { data: data ?? 'made up', units, epochs, seed },
    estimate: new Estimate(epochs),
  });
  const nats = await natsOn(network, test);

  const opening = test[0].slice(0, OPENING);
  const piece = await compose(network, { opening, frames: COMPOSED, seed });
  await store.write('piece.mid', midiOf(piece));
  await store.write('piece.wav', wavOf(piece));
  console.log(`\ncomposed: ${out}/piece.mid and piece.wav, ${notesOf(piece).length} notes; the first ${OPENING} frames are those of a test chorale`); // prettier-ignore

  const rows = [
    ['nats a frame, test chorales', ''],
    ['the last frame again, with fitted flips', baseline.toFixed(3)],
    [`LSTM(${units}), best epoch ${epoch + 1} of ${logs.length}`, nats.toFixed(3)],
  ];
  const history = historyOf(logs);
  const inNats = {
    'nats a frame': history.loss.map((loss) => KEYS * loss),
    'valNats a frame': history.valLoss.map((loss) => KEYS * loss),
  };
  const roll = (title: string, frames: typeof piece, marked = 0) =>
    pianoRoll(notesOf(frames), { title, marked });
  await writeReport(
    out,
    reportPage('Chorales', [
      {
        text:
          `${data === undefined ? 'The chorales are made up by rules of harmony. ' : ''}Each frame is predicted from those before it, the first ` +
          'one from silence. In training half of the units are dropped, so that its loss is the larger one at first.',
        table: rows,
        figures: await learningCurves(inNats),
      },
      {
        heading: 'A piece that the network has composed',
        text: `It goes on from the first ${OPENING} frames of a test chorale, which are grey: each key sounds with the probability that the network gives it. piece.mid and piece.wav are the same piece.`,
        figures: [
          await roll('composed', piece, OPENING),
          await roll('the test chorale', test[0].slice(0, COMPOSED)),
        ],
      },
    ]),
  );
  console.log(`\n${tableText(rows)}`);
  return verdict(nats < baseline, given.epochs === undefined ? null : `--epochs ${epochs}`);
});
