/**
 * Files of other frameworks, damaged: read, or refused by an error that names the file, in little time and memory. They are damaged anywhere, or in an
 * entry of the archive, whose checksum is then right; and what is JSON in them is changed value by value. The formats take turns.
 */
import { resolve } from 'node:path';
import { damages } from '../bytes.ts';
import type { Draw } from '../draw.ts';
import { changes } from '../json.ts';
import type { Place } from '../json.ts';
import type { Kind } from '../kind.ts';
import { runCode } from '../program.ts';

interface Format {
  /** As the counts at the end call it. */
  readonly name: string;
  readonly files: readonly string[];
  /** Reads `bytes`, in one way or another. */
  readonly readers: readonly string[];
  readonly damage: (draw: Draw, load: string) => string | Promise<string>;
}

// ---- damage -----------------------------------------------------------------------------------------------------------

/** What an expression gives, computed once for all cases. */
const known = new Map<string, Promise<unknown>>();
function once<T>(load: string, expression: string): Promise<T> {
  const code = `${load}\nreturn ${expression};`;
  const found = known.get(code) ?? runCode(code);
  known.set(code, found);
  return found as Promise<T>;
}

/** Anywhere, or near the beginning, where headers are. */
async function anywhere(draw: Draw, load: string): Promise<string> {
  const length = await once<number>(load, 'bytes.length');
  return damages(draw, draw.chance(0.5) ? length : Math.min(length, 4000), 4);
}

/** In an archive: anywhere, or in an entry of it. */
async function archive(draw: Draw, load: string): Promise<string> {
  if (draw.chance(0.25)) return anywhere(draw, load);
  const sizes = await once<[string, number][]>(
    load,
    'Object.entries(unzipped(bytes)).map(([path, { length }]) => [path, length])',
  );
  const [path, size] = draw.pick(sizes);
  const entry = JSON.stringify(path);
  const inside =
    path.endsWith('.json') && draw.chance(0.8)
      ? `const json = JSON.parse(Buffer.from(files[${entry}]).toString());
${changes(draw, await once(load, `placesOf(JSON.parse(Buffer.from(unzipped(bytes)[${entry}]).toString()))`), 'json')}
files[${entry}] = Buffer.from(JSON.stringify(json));`
      : `bytes = files[${entry}];
${damages(draw, draw.chance(0.5) ? size : Math.min(size, 200), 4)}
files[${entry}] = bytes;`;
  const other = draw.pick(sizes)[0];
  const odd = draw.chance(0.1)
    ? draw.pick([
        `delete files[${entry}];`,
        `files[${JSON.stringify(other)}] = files[${entry}];`,
        `files['${draw.pick(['../a', '__proto__', 'a'.repeat(300), ''])}'] = files[${entry}];`,
      ])
    : inside;
  return `const files = unzipped(bytes);\n${odd}\nbytes = zipped(files);`;
}

/** In the header of safetensors. */
async function header(draw: Draw, load: string): Promise<string> {
  if (draw.chance(0.4)) return anywhere(draw, load);
  const places = await once<Place[]>(
    load,
    '(() => { let places; reheaded(bytes, (header) => { places = placesOf(header); }); return places; })()',
  );
  return `bytes = reheaded(bytes, (header) => {\n${changes(draw, places, 'header')}\n});`;
}

/** In a JSON. */
async function json(draw: Draw, load: string): Promise<string> {
  if (draw.chance(0.2)) return anywhere(draw, load);
  const places = await once<Place[]>(load, 'placesOf(JSON.parse(Buffer.from(bytes).toString()))');
  return `const json = JSON.parse(Buffer.from(bytes).toString());
${changes(draw, places, 'json')}
bytes = new Uint8Array(Buffer.from(JSON.stringify(json) ?? ''));`;
}

// ---- formats ----------------------------------------------------------------------------------------------------------

const KERAS = [
  'formats.loadKeras(bytes, { warn: () => undefined })',
  'formats.loadKeras(bytes, { warn: () => undefined })',
  'formats.inspectFile(bytes)',
];

const FORMATS: readonly Format[] = [
  {
    name: 'pt',
    files: [
      'pytorch/rnn_relu_strided.pt',
      'pytorch/checkpoint.pt',
      'pytorch/gru_flat.pt',
      'pytorch/hostile.pt',
    ],
    readers: [
      'formats.readTorch(bytes)',
      'formats.readStateDict(bytes)',
      'formats.inspectFile(bytes)',
    ],
    damage: archive,
  },
  {
    name: 'pt of old',
    files: ['pytorch/lstm_legacy.pt'],
    readers: [
      'formats.readTorch(bytes)',
      'formats.readStateDict(bytes)',
      'formats.inspectFile(bytes)',
    ],
    damage: anywhere,
  },
  {
    name: 'safetensors',
    files: ['pytorch/gru_f16.safetensors', 'pytorch/bilstm_bf16.safetensors'],
    readers: [
      'formats.readSafetensors(bytes)',
      "formats.readSafetensors(bytes, { tensors: (name) => name.includes('bias') })",
      'formats.readStateDict(bytes)',
      'formats.inspectFile(bytes)',
    ],
    damage: header,
  },
  {
    name: 'keras',
    files: [
      'keras/tagger.keras',
      'keras/translator.keras',
      'keras/learner_adam.keras',
      'keras/simple_text.keras',
      'keras/conv_norms.keras',
      'keras/carried_gru.keras',
    ],
    readers: KERAS,
    damage: archive,
  },
  {
    name: 'h5',
    files: ['keras/legacy_sequential.h5.gz', 'keras/legacy_functional.h5.gz'],
    readers: KERAS,
    damage: anywhere,
  },
  {
    name: 'tfjs',
    files: ['tfjs/masked_lstm/model.json', 'tfjs/functional_bigru/model.json'],
    readers: [
      "formats.loadTfjs({ 'model.json': bytes, 'weights.bin': weights }, { warn: () => undefined })",
      'formats.inspectFile(bytes)',
    ],
    damage: async (draw, load) =>
      draw.chance(0.9)
        ? json(draw, load)
        : `const file = bytes;\nbytes = weights;\n${damages(draw, 400)}\nweights = bytes;\nbytes = file;`,
  },
  {
    name: 'rtneural',
    files: ['rtneural/layers', 'rtneural/state_dict'],
    readers: ['formats.loadRtneural(bytes)', 'formats.inspectFile(bytes)'],
    damage: json,
  },
  {
    name: 'onnx',
    files: [
      'onnx/if_constant.onnx',
      'onnx/lstm_lengths.onnx',
      'onnx/export_lstm.onnx.gz',
      'onnx/export_gru_dynamo.onnx.gz',
    ],
    readers: ['formats.loadOnnx(bytes)', 'formats.readOnnx(bytes)', 'formats.inspectFile(bytes)'],
    damage: anywhere,
  },
  {
    name: 'npz',
    files: ['npz/arrays.npz', 'npz/arrays_deflated.npz'],
    readers: ['formats.readNpz(bytes)', 'formats.inspectFile(bytes)'],
    damage: archive,
  },
];

/** Lists of zeros of this shape. */
const zeros = (...[extent, ...rest]: number[]): unknown =>
  Array.from({ length: extent }, () => (rest.length > 0 ? zeros(...rest) : 0));
/** RTNeural's two kinds of files, in little. */
const RTNEURAL: Readonly<Record<string, unknown>> = {
  'rtneural/layers': {
    in_shape: [null, null, 1],
    layers: [
      {
        ...{ type: 'conv1d', activation: 'tanh', shape: [null, null, 2], kernel_size: [3] },
        ...{ dilation: [2], weights: [zeros(3, 1, 2), zeros(2)] },
      },
      {
        ...{ type: 'gru', activation: '', shape: [null, null, 2] },
        weights: [zeros(2, 6), zeros(2, 6), zeros(2, 6)],
      },
      {
        ...{ type: 'lstm', activation: '', shape: [null, null, 2] },
        weights: [zeros(2, 8), zeros(2, 8), zeros(8)],
      },
      { type: 'dense', activation: '', shape: [null, null, 1], weights: [zeros(2, 1), zeros(1)] },
    ],
  },
  'rtneural/state_dict': {
    model_data: { input_size: 1, output_size: 1, unit_type: 'LSTM', hidden_size: 2, skip: 1 },
    state_dict: {
      ...{ 'rec.weight_ih_l0': zeros(8, 1), 'rec.weight_hh_l0': zeros(8, 2) },
      ...{ 'rec.bias_ih_l0': zeros(8), 'rec.bias_hh_l0': zeros(8) },
      ...{ 'lin.weight': zeros(1, 2), 'lin.bias': zeros(1) },
    },
  },
};

/** Lines that read a fixture into `bytes`. */
function loading(name: string): string {
  if (name in RTNEURAL)
    return `let bytes = new Uint8Array(Buffer.from('${JSON.stringify(RTNEURAL[name])}'));`;
  const read = (file: string): string => {
    // Cases run in a folder of their own.
    const path = resolve(process.env.GATEFOLD_FUZZ_ROOT ?? '.', 'test/fixtures/formats', file);
    const content = `process.getBuiltinModule('node:fs').readFileSync(${JSON.stringify(path)})`;
    const gunzip = "process.getBuiltinModule('node:zlib').gunzipSync";
    return `new Uint8Array(${file.endsWith('.gz') ? `${gunzip}(${content})` : content})`;
  };
  const weights = name.startsWith('tfjs')
    ? `\nlet weights = ${read(name.replace('model.json', 'weights.bin'))};`
    : '';
  return `let bytes = ${read(name)};${weights}`;
}

export const formats: Kind = {
  cases: 240,
  parts: FORMATS.map(({ name }) => name),
  async make(draw, index) {
    const { files, readers, damage } = FORMATS[index % FORMATS.length];
    const load = loading(draw.pick(files));
    return [load, await damage(draw, load), `await ${draw.pick(readers)};`].join('\n');
  },
};
