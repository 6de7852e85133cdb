// npm start -- handwriting: learns how a pen moves and draws by itself. An LSTM says where the pen goes next as a mixture of Gaussians, as in
// Graves 2013, "Generating Sequences With Recurrent Neural Networks".
import { resolve } from 'node:path';
import { Random } from '../../src/index.ts';
import { learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget, historyOf } from '../training.ts';
import { verdict } from '../verdict.ts';
import { baselineOf } from './baseline.ts';
import { draw } from './draw.ts';
import { deviationOf, pointsIn } from './drawings.ts';
import { fullPlan, learn, natsOn, shortPlan } from './network.ts';
import { madeUpDrawings } from './numbers.ts';
import table from './options.json' with { type: 'json' };
import { strokesPicture } from './picture.ts';
import { readDrawings } from './read.ts';

/** Drawings in a picture. */
const SHOWN = 24;

await runProgram(table, async ({ data, full, resume, out, ...given }) => {
  const [seed, bias] = [given.seed, given.bias].map(Number);
  const plan = full ? fullPlan : shortPlan;
  const epochs = given.epochs === undefined ? plan.epochs : Number(given.epochs);
  const store = await folderStore(out);
  if (resume === undefined) await forget(store);
  const drawings = data === undefined ? madeUpDrawings() : await readDrawings(resolve(data));
  const { name, train, valid, test } = drawings;
  console.log(`${name}: ${train.length} drawings (${pointsIn(train)} points) to train on, ${valid.length} to choose the best epoch by, ${test.length} (${pointsIn(test)} points) to test`); // prettier-ignore
  const scale = deviationOf(train);
  const baseline = baselineOf(train, test, scale);

  const { units, components, batchSize } = plan;
  const { model, logs, best } = await learn(drawings, {
    ...{ ...plan, epochs, scale, seed, store },
    resume: resume !== undefined,
    settings: { data: data ?? 'made up', ...plan, epochs, seed },
    estimate: new Estimate(epochs),
  });
  const nats = await natsOn(model, test, batchSize, scale);

  const random = new Random(seed);
  const some = Array.from({ length: SHOWN }, () => train[random.integer(train.length)]);
  const lengths = some.map(({ length }) => length / 3);
  const pictures = [strokesPicture('from the data', some)];
  for (const one of [0, bias])
    pictures.push(strokesPicture(`drawn with bias ${one}`, await draw(model, { lengths, scale, bias: one, seed }))); // prettier-ignore
  const rows = [
    ['', 'parameters', 'nats a point'],
    ['one Gaussian, linear in the last point', '', baseline.toFixed(3)],
    [`LSTM ${units}, ${components} Gaussians`, String(model.countParams()), nats.toFixed(3)],
  ];
  await writeReport(
    out,
    reportPage('Handwriting', [
      {
        text:
          `${name}. Nats a point of the ${test.length} test drawings: minus the log density of offsets divided by ${scale.toFixed(2)}, the standard ` +
          `deviation of the training set, and of the lifts of the pen. Best epoch ${best.epoch + 1} of ${logs.length}.`,
        table: rows,
        figures: await learningCurves(historyOf(logs)),
      },
      {
        heading: 'Drawings',
        text: 'Each drawing of the network has as many points as the one above it; each stroke has a colour of its own.',
        figures: pictures,
      },
    ]),
  );
  console.log(`\nOn the test drawings:\n${tableText(rows)}`);
  return verdict(nats < baseline, given.epochs === undefined ? null : `--epochs ${epochs}`);
});
