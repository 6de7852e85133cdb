// The workloads and contenders that can be chosen on the command line. This file imports nothing, because it is used before
// anything is installed.

/** Ours, as it was at the commit that `--before` names. */
export const BEFORE = 'gatefold-before';

/** Ours on the WebAssembly device. */
export const WASM = 'gatefold-wasm';

export const CONTENDERS = [
  'gatefold',
  BEFORE,
  WASM,
  'tfjs-webgpu',
  'tfjs-webgl',
  'tfjs-wasm',
  'tfjs-cpu',
  'jax-webgpu',
  'jax-wasm',
  'ort-webgpu',
  'ort-wasm',
];

const ON_WEBGPU = ['gatefold', BEFORE];
const OURS = [...ON_WEBGPU, WASM];
const TFJS = CONTENDERS.filter((name) => name.startsWith('tfjs-'));
const JAX = ['jax-webgpu', 'jax-wasm'];
const ORT = ['ort-webgpu', 'ort-wasm'];

/**
 * Groups of workloads (cells of the result table), and the contenders of each. onnxruntime-web cannot train. `W10` on the command line
 * stands for both groups whose names begin with it.
 *
 * @type {Record<string, { title: string, cells: string[], contenders: string[] }>}
 */
export const GROUPS = {
  W1: {
    title:
      'Embedding(8185,64), Bidirectional(LSTM 64), Dense 64 relu, Dense 1; B=64 T=200; training',
    cells: ['W1'],
    contenders: [...OURS, ...TFJS, ...JAX],
  },
  W2: {
    title: 'Embedding(5404,64), a recurrent layer of 128, Dense 1; B=32 T=50; training',
    cells: ['W2-SimpleRNN', 'W2-LSTM', 'W2-GRU'],
    contenders: [...OURS, ...TFJS, ...JAX],
  },
  W3: {
    title: 'Embedding(65,64), LSTM 256 twice, softmax at every step; B=32 T=64; training',
    cells: ['W3'],
    contenders: [...OURS, ...TFJS, ...JAX],
  },
  W4: {
    title: 'inference: LSTM 256, one step at a time; LSTM 128 B=1 T=500; LSTM 256 B=64 T=100',
    cells: ['W4a', 'W4b', 'W4c'],
    contenders: [...OURS, ...TFJS, ...JAX, ...ORT],
  },
  W5: {
    title: 'matrix products, 512³ and 1024³',
    cells: ['W5-512', 'W5-1024'],
    contenders: [...OURS, ...TFJS, ...JAX, ...ORT],
  },
  W6: {
    title: 'W2-LSTM over T = 50 to 1600; training',
    cells: [50, 100, 200, 400, 800, 1600].map((time) => `W6-${time}`),
    contenders: ON_WEBGPU,
  },
  W7: {
    title: 'the model of W1 on a ragged batch of up to 400 steps, masked and not; training',
    cells: ['W7'],
    contenders: OURS,
  },
  W8: {
    title: 'the first training step of W2-LSTM in a fresh page',
    cells: ['W8'],
    contenders: [...OURS, ...TFJS, ...JAX],
  },
  W9: {
    title: 'many steps of W2 at small sizes: does memory grow?',
    cells: ['W9'],
    contenders: ON_WEBGPU,
  },
  W10: {
    title:
      'one synchronous step of an LSTM, as in an audio thread: 64 units, 64 inputs; 40 units, 1 input',
    cells: ['W10-64', 'W10-40'],
    contenders: [WASM, 'ort-wasm'],
  },
  'W10-T': {
    title:
      'long sequences: minGRU by a scan, the same step by step, and GRU; 256 units, B=1 T=256 to 16384; training',
    cells: [256, 4096, 16_384].map((time) => `W10-T${time}`),
    contenders: ['gatefold', WASM],
  },
  W11: {
    title:
      'generation: Embedding(65,64), LSTM 256 twice, 65 logits; the most probable token 500 times; B=1 and 16',
    cells: ['W11-1', 'W11-16'],
    contenders: ['gatefold', WASM, 'tfjs-webgpu', 'tfjs-wasm', ...JAX],
  },
  sizes: {
    title: 'what a page downloads for the program of W2-LSTM',
    cells: ['sizes'],
    contenders: [...OURS, ...TFJS, ...JAX, ...ORT],
  },
};

/** Whether this is Gatefold, on a device or of a commit. @param {string} contender */
export const isOurs = (contender) => OURS.includes(contender);

/** The group that a cell belongs to. @param {string} cell */
export const groupOf = (cell) =>
  Object.keys(GROUPS).find((name) => GROUPS[name].cells.includes(cell)) ?? cell;

/**
 * The cells in a comma-separated list of groups and cells, in the order of the table; all cells without a list.
 *
 * @param {string} [list]
 * @returns {string[]}
 * @throws {Error} where a name is unknown, with those that are known
 */
export function selectWorkloads(list) {
  const all = Object.values(GROUPS).flatMap(({ cells }) => cells);
  if (list === undefined) return all;
  const wanted = namesIn(list).flatMap((name) => {
    const group = find(Object.keys(GROUPS), name);
    if (group)
      return Object.keys(GROUPS)
        .filter((other) => other === group || other.startsWith(`${group}-`))
        .flatMap((other) => GROUPS[other].cells);
    const cell = find(all, name);
    if (cell) return [cell];
    throw unknown('workload', name, [...Object.keys(GROUPS), ...all]);
  });
  return all.filter((cell) => wanted.includes(cell));
}

/**
 * The contenders in a comma-separated list; all without a list. With a commit to compare with, the contender built from it as well.
 *
 * @param {string} [list]
 * @param {string} [before] the commit
 * @returns {string[]}
 * @throws {Error} where a name is unknown, with those that are known
 */
export function selectContenders(list, before) {
  const there = CONTENDERS.filter((name) => name !== BEFORE || before !== undefined);
  if (list === undefined) return there;
  const wanted = namesIn(list).map((name) => {
    const found = find(CONTENDERS, name);
    if (!found) throw unknown('contender', name, CONTENDERS);
    if (!there.includes(found)) throw new Error(`${found} needs the commit: --before COMMIT`);
    return found;
  });
  return there.filter((name) => wanted.includes(name) || name === BEFORE);
}

/** @param {string} list */
const namesIn = (list) =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** @param {string[]} names @param {string} name */
const find = (names, name) => names.find((one) => one.toLowerCase() === name.toLowerCase());

/** @param {string} what @param {string} name @param {string[]} known */
const unknown = (what, name, known) =>
  new Error(`there is no ${what} '${name}'; there is: ${[...new Set(known)].join(', ')}`);
