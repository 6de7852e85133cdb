// npm start -- speech-autoencoder: learns to put a spoken word into one vector and to say it again from there. Nobody tells it the words,
// but which word it was can be told from the vector's neighbours.
import { WordVectors } from '../../src/vectors/index.ts';
import { learningCurves, reportPage, scatter, spectrogram } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { readFsdd } from '../spoken/fsdd.ts';
import { inventRecordings, partsOf } from '../spoken/recordings.ts';
import type { Recording } from '../spoken/recordings.ts';
import { folderStore } from '../store.ts';
import { Estimate, historyOf } from '../training.ts';
import { verdict } from '../verdict.ts';
import { BANDS, framesOf, meanFrames, wordOf } from './frames.ts';
import type { Frames } from './frames.ts';
import { accuracyByNeighbour } from './neighbours.ts';
import { learn, outputsOf, SIZE } from './network.ts';
import table from './options.json' with { type: 'json' };
import { WORDS } from './words.ts';

/** Takes of each made-up word by each speaker, of which five are held out. */
const TAKES = 15;
/** Words in the pictures. */
const SHOWN = 3;

const namesOf = (recordings: readonly Recording[]) => recordings.map(({ word }) => word);

await runProgram(table, async ({ data, speaker, full, out, resume, ...given }) => {
  const seed = Number(given.seed);
  const epochs = Number(given.epochs ?? (full ? 60 : 16));
  const units = full ? 128 : 48;
  const store = await folderStore(out);
  const recordings = data === undefined ? inventRecordings(WORDS, TAKES) : await readFsdd(data);
  const parts = partsOf(recordings, speaker);
  console.log(data ?? 'no --data: the words are made up, and a synthesizer speaks them');
  console.log(
    `${parts.train.length} recordings of ${parts.words.length} words to train on; held out: takes 0 to 4 of the same speakers ` +
      `(${parts.takes.length}) and all of ${parts.heldOutSpeaker} (${parts.speaker.length})`,
  );
  const groups = [parts.train, parts.takes, parts.speaker];
  const frames = framesOf(groups);
  const [known, takes] = frames;
  const { autoencoder, encoder, logs } = await learn(known, takes, {
    ...{ units, seed, epochs, store, resume: resume !== undefined },
    settings: { data: data ?? 'made up', speaker: parts.heldOutSpeaker, units, epochs, seed },
    estimate: new Estimate(epochs),
  });

  const [, nameOfTakes, nameOfSpeaker] = groups.map(namesOf);
  const accuracies = async (vectorsOf: (of: Frames) => Promise<Float32Array[]>) => {
    const [first, ...others] = await Promise.all(frames.map(vectorsOf));
    const all = { vectors: first, names: namesOf(parts.train) };
    return [nameOfTakes, nameOfSpeaker].map((names, i) =>
      accuracyByNeighbour(all, { vectors: others[i], names }),
    );
  };
  const baseline = await accuracies((of) => Promise.resolve(meanFrames(of)));
  const reached = await accuracies((of) => outputsOf(encoder, of));
  const rows = [
    ['word by the nearest neighbour', 'takes 0-4', `speaker ${parts.heldOutSpeaker}`],
    ['of mean frames', ...baseline.map((share) => share.toFixed(4))],
    [`of vectors of ${SIZE} numbers`, ...reached.map((share) => share.toFixed(4))],
  ];

  const said = await outputsOf(autoencoder, takes);
  const step = Math.floor(takes.lengths.length / SHOWN);
  const figures: string[] = [];
  for (let i = 0; i < SHOWN * step; i += step) {
    const { word, speaker: who } = parts.takes[i];
    const heard = wordOf(takes, i);
    const [frameCount] = heard.shape;
    const again = { data: said[i].subarray(0, frameCount * BANDS), shape: heard.shape };
    const range = [-2, 2] as const;
    figures.push(await spectrogram(heard, { title: `${word}, ${who}`, range }));
    figures.push(await spectrogram(again, { title: `${word}, from its vector`, range }));
  }
  const vectors = await outputsOf(encoder, takes);
  const ids = vectors.map((_, i) => String(i));
  const plane = new WordVectors(ids, SIZE, Float32Array.from(vectors.flatMap((one) => [...one]))).project(ids); // prettier-ignore
  const points = plane.map(({ x, y }, i) => ({ x, y, label: nameOfTakes[i], group: nameOfTakes[i] })); // prettier-ignore
  await writeReport(
    out,
    reportPage('A spoken word as one vector', [
      {
        text:
          `${data === undefined ? 'The words are made up, and a synthesizer speaks them. ' : ''}Neighbours are recordings that the network was ` +
          'trained on. It was never told the words.',
        table: rows,
        figures: await learningCurves(historyOf(logs), { held: 'takes 0-4' }),
      },
      { heading: 'What was heard, and what is said from the vector', figures },
      {
        heading: 'The vectors of the held-out takes, along their first two principal components',
        figures: [await scatter(points, { title: 'vectors', width: 900, height: 620 })],
      },
    ]),
  );
  console.log(`\n${tableText(rows)}`);
  return verdict(
    reached[0] > baseline[0],
    given.epochs === undefined ? null : `--epochs ${epochs}`,
  );
});
