// npm start -- caption: looks at a picture and says in a sentence what is on it. The pictures are made up: coloured shapes, one to three of a kind, or two
// beside or above each other. It is tested on combinations of words that it has never been shown.
import { Random } from '../../src/index.ts';
import { learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, historyOf, train } from '../training.ts';
import { FRAME, frameSvg } from './drawing.ts';
import { buildCaptioner, captionsOf } from './network.ts';
import table from './options.json' with { type: 'json' };
import { batchesOf, batchOf, samplesOf } from './samples.ts';
import { combinations, split } from './scenes.ts';
import { mostFrequent, scoreOf } from './score.ts';
import type { Score } from './score.ts';
import { Words } from './words.ts';

const STEPS = 100;
const BATCH = 32;
const LEARNING_RATE = 0.002;
/** Pictures of each combination that is tested. */
const EACH = 3;
const SHOWN = 12;

await runProgram(table, async ({ full, out, resume, ...given }) => {
  const [frames, seed] = [given.frames, given.seed].map(Number);
  const epochs = Number(given.epochs ?? (full === undefined ? 30 : 90));
  const store = await folderStore(out);
  const all = combinations(frames);
  // The same for every seed, so that figures can be compared.
  const { seen, unseen } = split(all, new Random(0));
  const words = new Words(all);
  const kind = frames > 1 ? `films of ${frames} frames` : 'pictures';
  console.log(
    `${all.length} sentences of ${words.all.length - 3} words describe made-up ${kind}; ${unseen.length} of them are held out\n`,
  );

  const tested = samplesOf(
    unseen.flatMap((one) => Array<typeof one>(EACH).fill(one)),
    frames,
    new Random(1),
  );
  const watched = batchOf(samplesOf(seen, frames, new Random(2)), words);
  const options = { frames, seed, learningRate: LEARNING_RATE, steps: epochs * STEPS };
  const { model, logs } = await train({
    ...{ store, resume: resume !== undefined, epochs, settings: { ...options, batch: BATCH } },
    estimate: new Estimate(epochs),
    build: () => buildCaptioner(words, options),
    fit: (captioner, fitting) =>
      captioner.fit(batchesOf(seen, words, { frames, batchSize: BATCH, steps: STEPS, seed }), {
        ...{ ...fitting, seed, stepsPerEpoch: STEPS, validationData: watched },
      }),
  });

  const found = await captionsOf(model, tested, words);
  const score = scoreOf(found, tested.captions);
  const guess = mostFrequent(seen.map(({ caption }) => caption));
  const baseline = scoreOf(
    tested.captions.map(() => guess),
    tested.captions,
  );
  const rows = [
    ['', 'exact', 'words at their place'],
    rowOf('network', score),
    rowOf(`always "${guess}"`, baseline),
  ];
  console.log(`\nOn combinations that were never shown, ${found.length} ${kind}:\n`);
  const picked = new Random(3).shuffle(found.map((_, i) => i)).slice(0, SHOWN);
  const wrong = found.map((_, i) => i).filter((i) => found[i] !== tested.captions[i]);
  console.log(picked.map((i) => `  ${found[i]}`).join('\n'));
  console.log(`\n${tableText(rows)}`);
  const figure = (i: number) => filmOf(tested.pictures.data, i, frames, found[i]);
  await writeReport(
    out,
    reportPage('Captions', [
      { table: rows },
      { heading: 'Learning', figures: await learningCurves(historyOf(logs)) },
      ...picked.map((i) => ({ text: found[i], figures: figure(i) })),
      ...wrong.slice(0, SHOWN).map((i) => ({
        text: `Wrong: "${found[i]}" for "${tested.captions[i]}"`,
        figures: figure(i),
      })),
    ]),
  );
  console.log(
    `exact captions: ${score.exact.toFixed(4)}, the most frequent caption: ${baseline.exact.toFixed(4)}`,
  );
  if (given.epochs !== undefined) {
    console.log(`not judged: the usual training is without --epochs ${epochs}`);
    return 0;
  }
  return score.exact > baseline.exact ? 0 : 1;
});

function rowOf(name: string, { exact, words }: Score): string[] {
  return [name, exact.toFixed(4), words.toFixed(4)];
}

/** The frames of a sample. */
function filmOf(data: Float32Array, sample: number, frames: number, title: string): string[] {
  return Array.from({ length: frames }, (_, frame) => {
    const first = (sample * frames + frame) * FRAME;
    return frameSvg(data.subarray(first, first + FRAME), title);
  });
}
