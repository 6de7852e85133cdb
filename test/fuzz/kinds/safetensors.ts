/** Files of tensors: damaged, made by others, or of no bytes at all; and tensors that cannot be written. */
import { asView, damages } from '../bytes.ts';
import type { Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { oddValue } from '../values.ts';

const NAMES = ["'a'", "'b/c'", "'__proto__'", "'constructor'", "'__metadata__'", "''", "'é'"];
const TYPES = [
  'Float32Array',
  'Float64Array',
  'Int32Array',
  'Uint8Array',
  'BigInt64Array',
  'Array',
];

export const safetensors: Kind = {
  cases: 700,
  make: (draw) => draw.pick([damaged, damaged, header, header, encoded, views])(draw),
};

const FILE = `let bytes = encodeSafetensors(new Map([
  ['a', { shape: [2, 3], data: new Float32Array(6) }],
  ['b', { shape: [], data: new Int32Array(1) }],
  ['c', { shape: [0, 2], data: new Float64Array(0) }],
]), { epoch: '1' });`;

/** Sizes must agree with shapes, whatever the file says. */
const READ = `for (const [name, { data, shape }] of decodeSafetensors(VIEW).tensors)
  if (data.length !== shape.reduce((a, b) => a * b, 1))
    found(\`'\${name}' of [\${shape}] has \${data.length} numbers\`);`;

function damaged(draw: Draw): string {
  return [FILE, damages(draw, 240), READ.replace('VIEW', 'bytes')].join('\n');
}

/** The numbers that were written, of each kind of view, or an error. */
function views(draw: Draw): string {
  return `let bytes = encodeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]));
const { tensors } = decodeSafetensors(${asView(draw)});
if (String(tensors.get('a')?.data) !== '1,2') found(\`expected 1,2, got \${tensors.get('a')?.data}\`);`;
}

/** A header that is JSON, of entries that do not fit. */
function header(draw: Draw): string {
  const count = draw.between(1, 3);
  const entries = Array.from({ length: count }, (_, i) => {
    const name = draw.chance(0.8)
      ? `"${'abc'[i]}"`
      : draw.pick(['"__proto__"', '"__metadata__"', '"a"', '""']);
    return `${name}: ${entry(draw, i)}`;
  });
  const metadata = draw.chance(0.3) ? [`"__metadata__": ${json(draw)}`] : [];
  const text = `{${[...entries, ...metadata].join(', ')}}`;
  const length = draw.chance(0.8)
    ? 'json.length'
    : draw.pick(['0', '2 ** 31', '1e8', '7', '2 ** 53 - 1']);
  return `const json = new TextEncoder().encode(${JSON.stringify(text)});
let bytes = new Uint8Array(8 + json.length + ${draw.pick([0, 8, 24, 25, 4 * count, 8 * count])});
new DataView(bytes.buffer).setBigUint64(0, BigInt(${length}), true);
bytes.set(json, 8);
${READ.replace('VIEW', 'bytes')}`;
}

function entry(draw: Draw, place: number): string {
  if (draw.chance(0.1)) return json(draw);
  const parts = {
    dtype: draw.chance(0.8)
      ? draw.pick(['"F32"', '"I32"', '"F64"'])
      : draw.pick(['"F16"', '"__proto__"', '3', 'null']),
    shape: draw.chance(0.7)
      ? '[2]'
      : draw.pick([
          '[]',
          '[0]',
          '[2, 1]',
          '[-1]',
          '[1e308]',
          '[4294967296, 4294967296]',
          '[0.5]',
          'null',
          '[[2]]',
          `[${'1,'.repeat(40)}2]`,
        ]),
    data_offsets: draw.chance(0.7)
      ? `[${place * 8}, ${place * 8 + 8}]`
      : draw.pick([
          '[0, 0]',
          '[8, 0]',
          '[0, 1e300]',
          '[-8, 0]',
          '[0]',
          'null',
          '["0", "8"]',
          '[0.5, 8.5]',
        ]),
  };
  const kept = Object.entries(parts).filter(() => !draw.chance(0.05));
  return `{${kept.map(([name, value]) => `"${name}": ${value}`).join(', ')}}`;
}

const json = (draw: Draw): string =>
  draw.pick([
    'null',
    '[]',
    '{}',
    '3',
    '"a"',
    '{"a": 1}',
    '{"__proto__": "x"}',
    `${'['.repeat(300)}${']'.repeat(300)}`,
  ]);

/** Tensors that may not be written: what is written is read back the same. */
function encoded(draw: Draw): string {
  const data = draw.chance(0.7)
    ? `new ${draw.pick(TYPES)}(${draw.pick([0, 1, 6])})`
    : oddValue(draw);
  const shape = draw.chance(0.6)
    ? draw.pick(['[6]', '[2, 3]', '[]', '[0]', '[-2, -3]', '[1.5, 4]'])
    : oddValue(draw);
  const metadata = draw.chance(0.6) ? '{}' : oddValue(draw);
  const tensors = draw.chance(0.9)
    ? `new Map([[${draw.pick(NAMES)}, { shape: ${shape}, data: ${data} }]])`
    : oddValue(draw);
  return `const given = ${tensors};
const { tensors } = decodeSafetensors(encodeSafetensors(given, ${metadata}));
for (const [name, { data }] of given)
  if (String(tensors.get(name)?.data) !== String(data)) found(\`'\${name}' is another after reading\`);`;
}
