/** Operations, texts, sound, data and word vectors. */
import { on } from './factory.ts';
import type { Factory } from './factory.ts';

const AUDIO = 'const y = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));\n';
const STFT = {
  nFft: 2048,
  hopLength: 512,
  winLength: 2048,
  window: 'hann',
  center: true,
  padMode: 'constant',
};
const MEL = {
  ...STFT,
  nMels: 128,
  fMin: 0,
  fMax: null,
  melScale: 'slaney',
  norm: 'slaney',
  power: 2,
};
const soundGiven = { given: 'sampleRate: 8000, nFft: 16, hopLength: 4, nMels: 4, ' };
const WORDS = { filters: '', lower: true, split: ' ' };
const ROWS = 'const rows = data.Dataset.of([[1, 2], [3], [4, 5, 6], [7]]);\n';

export const DATA_FACTORIES: readonly Factory[] = [
  // ---- ops ----
  on(
    'const t = tensor([[1, 2], [3, 4]]);\n',
    'ops.matmul(t, t, OPTIONS)',
    { transposeA: false, transposeB: false, bias: null, activation: 'linear' },
    { data: ['bias'] },
  ),
  ...['sum', 'mean', 'max', 'logSumExp', 'variance', 'norm'].map((name) =>
    on('const t = tensor([[1, 2], [3, 4]]);\n', `ops.${name}(t, OPTIONS)`, {
      axis: null,
      keepDims: false,
      ...(name === 'variance' && { correction: 0 }),
    }),
  ),
  on(
    'const t = tensor([[1, 2], [3, 4]]);\n',
    'ops.dropout(t, 0.5, OPTIONS)',
    { seed: 1, step: 0, broadcast: null },
    { given: 'seed: 1, step: 0, ' },
  ),
  on(
    'const t = tensor([[[1, 2], [3, 4]]]);\n',
    'ops.scan(t, t, OPTIONS)',
    { form: 'affine', initialState: null, reverse: false, mask: null },
    { data: ['initialState'] },
  ),
  on(
    'const t = tensor([[[0.1, 0.2], [0.3, 0.4]]]);\n',
    'ops.ctcDecode(t, OPTIONS)',
    { lengths: null, strategy: 'greedy', beamWidth: 100, topPaths: 1, blank: 0 },
    { use: 'await finite(await MADE);' },
  ),
  // ---- texts ----
  on('', 'text.padSequences([[1, 2], [3]], OPTIONS)', {
    maxlen: null,
    dtype: 'int32',
    padding: 'pre',
    truncating: 'pre',
    value: 0,
  }),
  on(
    '',
    'new text.Tokenizer(OPTIONS)',
    { ...WORDS, numWords: null, charLevel: false, oovToken: null, analyzer: null },
    {
      use: "const t = MADE;\nt.fitOnTexts(['a b', 'b c']);\nawait finite(t.textsToSequences(['a b']), t.textsToMatrix(['a c'], 'tfidf'));",
    },
  ),
  on(
    '',
    'new text.TextVectorization(OPTIONS)',
    {
      maxTokens: null,
      standardize: 'lower',
      split: 'whitespace',
      ngrams: null,
      outputMode: 'int',
      outputSequenceLength: null,
      padToMaxTokens: false,
      vocabulary: null,
      idfWeights: null,
    },
    { given: "vocabulary: ['a', 'b'], ", use: "await finite(MADE.vectorize(['a b', 'c']));" },
  ),
  on('', "text.hashingTrick('a b', 10, OPTIONS)", { ...WORDS, hash: null, analyzer: null }),
  on('', "text.textToWordSequence('a b', OPTIONS)", WORDS),
  on(
    '',
    "text.wordHashing(['good'], OPTIONS)",
    { n: 3, boundary: '#', alphabet: 'abc' },
    { given: "alphabet: 'abcdgo', ", use: 'const { shape } = MADE;' },
  ),
  on('', 'text.skipGrams([1, 2, 3], 5, OPTIONS)', {
    windowSize: 4,
    negativeSamples: 1,
    shuffle: true,
    categorical: false,
    samplingTable: null,
    seed: null,
  }),
  on(
    '',
    'text.teacherForcing([[5, 6]], OPTIONS)',
    { startToken: 1, stopToken: 2, maxlen: null, padding: 0 },
    { given: 'startToken: 1, stopToken: 2, ' },
  ),
  on('', "text.oneHot(['a'], ['a', 'b'], OPTIONS)", { other: true }),
  on(
    '',
    "await text.SubwordEncoder.buildFromCorpus(['a b a', 'ab'], 262, OPTIONS)",
    { maxSubwordLength: 20, maxCorpusChars: null, reservedTokens: null, onProgress: null },
    { use: "const encoder = MADE;\nawait finite(encoder.encode('a b'));" },
  ),
  // ---- sound ----
  on(AUDIO, 'audio.stft(y, OPTIONS)', STFT, { given: 'nFft: 16, hopLength: 4, ' }),
  on(AUDIO, 'audio.melSpectrogram(y, OPTIONS)', { ...MEL, sampleRate: 8000 }, soundGiven),
  on(
    AUDIO,
    'audio.logMelSpectrogram(y, OPTIONS)',
    { ...MEL, ref: 1, amin: 1e-10, topDb: 80 },
    soundGiven,
  ),
  on(
    AUDIO,
    'audio.mfcc(y, OPTIONS)',
    { ...MEL, nMfcc: 20, lifter: 0, ref: 1, amin: 1e-10, topDb: 80 },
    { given: `${soundGiven.given}nMfcc: 3, ` },
  ),
  on(
    '',
    'audio.melFilterbank(OPTIONS)',
    {
      nFft: 16,
      nMels: 4,
      fMin: 0,
      fMax: null,
      melScale: 'slaney',
      norm: 'slaney',
      sampleRate: 8000,
    },
    { given: 'sampleRate: 8000, nFft: 16, nMels: 4, ' },
  ),
  on('', 'audio.powerToDb({ data: [1, 0, 2, 3], shape: [2, 2] }, OPTIONS)', {
    ref: 1,
    amin: 1e-10,
    topDb: 80,
  }),
  on('', 'audio.delta({ data: new Float32Array(24), shape: [12, 2] }, OPTIONS)', {
    width: 9,
    order: 1,
    mode: 'interp',
  }),
  on('', "audio.getWindow('hann', 8, OPTIONS)", { periodic: true }),
  on('', 'audio.encodeWav({ sampleRate: 8000, channels: [new Float32Array(4)] }, OPTIONS)', {
    format: 'int16',
  }),
  on('', 'audio.encodeMidi([{ notes: [{ pitch: 60, start: 0, duration: 1 }] }], OPTIONS)', {
    tempo: 120,
    ticksPerQuarter: 480,
  }),
  // ---- data ----
  on(ROWS, 'rows.batch(2, OPTIONS)', { dropRemainder: false }, { use: 'await all(MADE);' }),
  on(
    ROWS,
    'rows.paddedBatch(2, OPTIONS)',
    { dropRemainder: false, paddingValue: null, length: null },
    { use: 'await finite(await all(MADE));' },
  ),
  on(
    ROWS,
    'rows.shuffle(1, OPTIONS)',
    { bufferSize: null, reshuffleEachIteration: true },
    { use: 'await all(MADE);' },
  ),
  on(ROWS, 'rows.split([0.5, 0.5], OPTIONS)', { seed: 1 }, { use: 'await all(MADE[0]);' }),
  on(
    ROWS,
    'rows.bucketByLength(OPTIONS)',
    {
      boundaries: null,
      width: 2,
      batchSize: null,
      paddingValue: null,
      padToBucketBoundary: false,
      dropRemainder: false,
      length: null,
    },
    {
      given: 'batchSize: 2, width: 2, length: (row) => row.length, ',
      use: 'await finite(await all(MADE));',
    },
  ),
  on(
    '',
    'data.textStreams([1, 2, 3, 4, 5, 6, 7], OPTIONS)',
    { batchSize: 2, sequenceLength: 2, dropRemainder: false },
    { given: 'batchSize: 2, sequenceLength: 2, ', use: 'await finite(await all(MADE));' },
  ),
  on(
    '',
    "vectors.trainWordVectors([['a', 'b', 'c', 'a', 'b'], ['b', 'a', 'c']], OPTIONS)",
    {
      architecture: 'skipGram',
      dimension: 100,
      window: 5,
      negative: 5,
      minCount: 5,
      sample: 1e-3,
      epochs: 5,
      learningRate: 0.025,
      minLearningRate: 1e-4,
      batchSize: 4,
      seed: null,
      device: null,
      onProgress: null,
      onCheckpoint: null,
      resume: null,
      signal: null,
    },
    {
      given: 'minCount: 1, dimension: 4, epochs: 2, seed: 1, signal: AbortSignal.timeout(2000), ',
      use: "await finite((await MADE).vector('a'));",
    },
  ),
  on('', "new vectors.WordVectors(['a', 'b'], 2, Float32Array.of(1, 2, 3, 4)).toText(OPTIONS)", {
    header: true,
  }),
];
