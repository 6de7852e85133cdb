// npm start -- vad: silero-vad, a detector of speech in ONNX, run and then fine-tuned on noise of one's own.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { optimizers, Random } from '../../src/index.ts';
import { decodeWav, encodeWav } from '../../src/audio/index.ts';
import { learningCurves, lines, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { verdict } from '../verdict.ts';
import { inventClip, RATE } from './clips.ts';
import type { Clip } from './clips.ts';
import { loadDetector, probabilitiesOf, probabilitiesOfRuntime } from './detector.ts';
import table from './options.json' with { type: 'json' };
import { areaUnderCurve, labelsOf, STEP, windowsOf, WINDOW } from './windows.ts';

/** Windows of a clip that is learnt from: four seconds. */
const LENGTH = 125;
const [TRAINED, TESTED] = [40, 12];
/** Voices that are not heard in training are higher. */
const [KNOWN, NEW] = [
  [90, 180],
  [185, 240],
] as const;

await runProgram(table, async ({ data, out, ...given }) => {
  const seed = Number(given.seed);
  // Clips are the same, whatever is drawn.
  const random = new Random(seed);
  const epochs = Number(given.epochs);
  const recording = data === undefined ? null : readRecording(decodeWav(await readFile(data)));
  const shown = recording ?? inventClip(new Random(seed + 1), 16, NEW);
  if (recording === null) {
    await mkdir(out, { recursive: true });
    const file = join(out, 'recording.wav');
    await writeFile(file, encodeWav({ sampleRate: RATE, channels: [shown.samples] }));
    console.log(`no --data: a synthesizer speaks in a workshop, ${file}`);
  }
  const detector = await loadDetector();
  console.log(
    `silero-vad: ${detector.countParams()} parameters, ${RATE} samples a second, a window of ${STEP}\n`,
  );
  const before = await probabilitiesOf(detector, shown.samples);
  const runtime = await probabilitiesOfRuntime(shown.samples);
  const off = before.reduce((most, value, k) => Math.max(most, Math.abs(value - runtime[k])), 0);
  console.log(
    `${before.length} windows; largest difference from ONNX Runtime: ${off.toExponential(1)}`,
  );
  if (!(off <= 1e-4)) throw new Error('expected the probabilities of ONNX Runtime within 1e-4');

  const clips = Array.from({ length: TRAINED }, () =>
    inventClip(random, (LENGTH * STEP) / RATE, KNOWN),
  );
  const tests = Array.from({ length: TESTED }, () => inventClip(random, 8, NEW));
  const area = async (): Promise<number> => {
    const each = await Promise.all(tests.map(({ samples }) => probabilitiesOf(detector, samples)));
    return areaUnderCurve(
      each.flatMap((one) => [...one]),
      tests.flatMap((clip) => [...labelsOf(clip)]),
    );
  };
  const areaBefore = await area();
  detector.compile({
    optimizer: optimizers.adam({ learningRate: 3e-4 }),
    loss: 'binaryCrossentropy',
  });
  const { history } = await detector.fit(
    {
      data: joined(clips, ({ samples }) => windowsOf(samples).data),
      shape: [TRAINED, LENGTH, WINDOW],
    },
    { data: joined(clips, labelsOf), shape: [TRAINED, LENGTH, 1] },
    { epochs, batchSize: 8, seed },
  );
  const areaAfter = await area();
  const after = await probabilitiesOf(detector, shown.samples);

  const rows = [
    ['area under the curve, held out', 'AUC'],
    ['silero-vad as it comes', areaBefore.toFixed(4)],
    [`after ${epochs} epochs on ${TRAINED} clips`, areaAfter.toFixed(4)],
  ];
  await writeReport(
    out,
    reportPage('Does somebody speak?', [
      {
        text:
          `silero-vad tells of every 32 ms how likely it is that somebody speaks. Loaded from its ONNX file, it gives the probabilities of ONNX Runtime (largest difference ${off.toExponential(1)}); ` +
          'then it learns from clips of words in the noise of a workshop, whose labels are known. It is measured on other clips, with voices of another pitch.',
        table: rows,
        figures: await pictures(shown, recording === null, before, after),
      },
      { heading: 'Learning', figures: await learningCurves({ loss: history.loss }) },
    ]),
  );
  console.log(`\n${tableText(rows)}`);
  return verdict(
    areaAfter > areaBefore,
    given.epochs === table.epochs.default ? null : `--epochs ${epochs}`,
  );
});

/** A file's first channel, with the rate of the detector. */
function readRecording({ channels: [samples], sampleRate }: ReturnType<typeof decodeWav>): Clip {
  const length = Math.floor((samples.length * RATE) / sampleRate);
  const taken = Float32Array.from({ length }, (_, i) => {
    const at = (i * sampleRate) / RATE;
    const left = Math.min(Math.floor(at), samples.length - 1);
    const right = Math.min(left + 1, samples.length - 1);
    return samples[left] + (at - left) * (samples[right] - samples[left]);
  });
  return { samples: taken, speech: new Uint8Array(length) };
}

function joined(
  clips: readonly Clip[],
  part: (clip: Clip) => Float32Array,
): Float32Array<ArrayBuffer> {
  const parts = clips.map(part);
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of parts) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

/** The waveform, and under it the probabilities over the same time. */
async function pictures(
  clip: Clip,
  isLabelled: boolean,
  before: Float32Array,
  after: Float32Array,
): Promise<string[]> {
  const seconds = Float32Array.from(before, (_, k) => (k * STEP) / RATE);
  const extreme = (pick: (...values: number[]) => number) =>
    Float32Array.from(before, (_, k) => pick(...clip.samples.subarray(k * STEP, (k + 1) * STEP)));
  const [low, high] = [extreme(Math.min), extreme(Math.max)];
  const size = { x: 'seconds', width: 1000 };
  const labels = labelsOf(clip);
  return [
    await lines(
      [
        {
          name: 'samples, 32 ms',
          x: seconds,
          y: high.map((value, k) => (value + low[k]) / 2),
          low,
          high,
        },
      ],
      { ...size, title: 'recording', domain: [-1, 1] },
    ),
    await lines(
      [
        { name: 'as it comes', x: seconds, y: before },
        { name: 'fine-tuned', x: seconds, y: after },
        ...(isLabelled ? [{ name: 'somebody speaks', x: seconds, y: labels, dashed: true }] : []),
      ],
      { ...size, title: 'probability of speech', domain: [0, 1] },
    ),
  ];
}
