/** Data files of every kind that is read: damaged, cut off, in chunks of any size, from every sort of source. */
import { asView, damages } from '../bytes.ts';
import type { Draw } from '../draw.ts';
import type { Kind } from '../kind.ts';
import { oddValue } from '../values.ts';

export const readers: Kind = {
  cases: 450,
  make: (draw) =>
    draw.pick([
      table,
      table,
      lines,
      archive,
      archive,
      wordVectors,
      wave,
      vocabulary,
      sources,
      reviews,
    ])(draw),
};

const encode = (text: string): string => `new TextEncoder().encode(${JSON.stringify(text)})`;
const sizes = (draw: Draw): string =>
  Array.from({ length: draw.between(1, 3) }, () => draw.pick([1, 2, 3, 7, 512, 513, 65536])).join(
    ', ',
  );

/** The bytes, perhaps damaged, and perhaps gzipped: then before or after. */
function spoiled(draw: Draw, expression: string, length: number): string {
  const steps = [`let bytes = ${expression};`];
  const gzip = "bytes = new Uint8Array(process.getBuiltinModule('node:zlib').gzipSync(bytes));";
  const isGzipped = draw.chance(0.25);
  const isEarly = draw.chance(0.5);
  if (isGzipped && isEarly) steps.push(gzip);
  if (draw.chance(0.85)) steps.push(damages(draw, length));
  if (isGzipped && !isEarly) steps.push(gzip);
  if (isGzipped && draw.chance(0.1)) steps.push('bytes = joined(bytes, bytes);');
  return steps.join('\n');
}

const FIELDS = [
  'a',
  '1',
  '2.5',
  '""',
  '"x, y"',
  '"a ""b"" c"',
  '"two\nlines"',
  '',
  ' ',
  '-1e400',
  'é',
  '\u2028',
  '"',
  'a"b',
  '\uFEFF',
];

function tableText(draw: Draw, delimiter: string): string {
  const columns = draw.between(1, 4);
  const rows = Array.from({ length: draw.between(0, 5) }, () =>
    Array.from({ length: draw.chance(0.9) ? columns : draw.between(0, 6) }, () =>
      draw.pick(FIELDS),
    ).join(delimiter),
  );
  return (
    rows.join(draw.pick(['\n', '\n', '\r\n', '\r', '\n\n'])) + draw.pick(['', '\n', '\r\n', '"'])
  );
}

function table(draw: Draw): string {
  const [reader, delimiter] = draw.pick([
    ['readCsv', ','],
    ['readCsv', ';'],
    ['readTsv', '\t'],
  ] as const);
  const text = draw.chance(0.97)
    ? JSON.stringify(tableText(draw, delimiter))
    : draw.pick([
        "'\"' + 'x'.repeat(2 ** 22)",
        "'x'.repeat(2 ** 22)",
        "'x,'.repeat(2 ** 20)",
        "'\\r'.repeat(2 ** 20)",
      ]);
  const options = draw.some(
    [
      'header: true',
      "columns: ['a', 'b']",
      'numbers: [0]',
      "numbers: ['a']",
      "onMalformed: 'skip'",
      "encoding: 'latin1'",
      "encoding: 'utf-16le'",
      "name: 'a file'",
      `header: ${oddValue(draw)}`,
      `columns: ${oddValue(draw)}`,
      `numbers: ${oddValue(draw)}`,
      `encoding: ${oddValue(draw)}`,
      `onMalformed: ${oddValue(draw)}`,
      ...(reader === 'readCsv' ? [`quote: ${oddValue(draw)}`, `parser: ${oddValue(draw)}`] : []),
    ],
    draw.below(3),
  );
  if (delimiter === ';') options.push("delimiter: ';'");
  return `${spoiled(draw, `new TextEncoder().encode(${text})`, 30)}
await alike((source) => data.${reader}(source, { ${options.join(', ')} }), bytes, ${draw.chance(0.9) ? sizes(draw) : '65536'});`;
}

function lines(draw: Draw): string {
  const text = Array.from({ length: draw.below(6) }, () => draw.pick(FIELDS)).join('\n');
  return `${spoiled(draw, encode(text), 12)}
await alike((source) => data.readLines(source), bytes, ${sizes(draw)});`;
}

const SIZE_FIELDS = [
  "'77777777777'",
  "'-0000000001'",
  "'00000000009'",
  "'0x000000001'",
  "'           '",
  "'1'",
  "'00000001000'",
  "'\\xff\\xff\\xff\\xff'",
];

/** Headers with a right checksum and a wrong size, and archives with a byte changed anywhere. */
function archive(draw: Draw): string {
  const damaged = draw.pick([
    '',
    `block.set(Buffer.from(${draw.pick(SIZE_FIELDS)}, 'latin1'), 124);`,
    `block[124] = ${draw.pick([0x80, 0xff, 0xbf])}; block[${draw.between(125, 135)}] = ${draw.below(256)};`,
    `block[156] = ${draw.pick(['0', '"x".charCodeAt()', '"L".charCodeAt()', '"g".charCodeAt()', '"5".charCodeAt()', '255'])};`,
    `block[${draw.below(512)}] = ${draw.below(256)};`,
  ]);
  const files = draw.pick([
    "{ 'a.txt': 'text', 'b/': '' }",
    "{ 'a.txt': '12 path=b.txt\\n' }",
    "{ x: '9999999999 path=a\\n', y: 'b' }",
    "{ x: '-5 path=a\\n' }",
    "{ x: 'a'.repeat(600) }",
    "{ '__proto__': '20 size=9999999999\\n' }",
  ]);
  return `${spoiled(draw, `tar(${files}, (block) => { ${damaged} })`, 1600)}
const read = async function* (source) {
  for await (const file of data.readTar(source)) yield [file.path, file.size, ${draw.chance(0.7) ? 'String(await file.bytes())' : "''"}];
};
await alike(read, bytes, ${sizes(draw)});`;
}

function reviews(draw: Draw): string {
  const subset = draw.chance(0.8) ? "'train'" : oddValue(draw);
  const name = draw.pick([
    'aclImdb/train/pos/0_9.txt',
    'aclImdb/train/neg/1_2.txt',
    'aclImdb/train/pos/x.txt',
    'aclImdb/train/pos/0_99.txt',
    '../0_9.txt',
  ]);
  return `${spoiled(draw, `tar({ '${name}': 'good' })`, 1100)}
await alike((source) => data.readAclImdb(source, { subset: ${subset}, onMalformed: ${draw.pick(["'skip'", "'throw'"])} }), bytes, ${sizes(draw)});`;
}

function wordVectors(draw: Draw): string {
  const text = draw.pick([
    'a 1 2\nb 3 4\n',
    '2 2\na 1 2\nb 3 4\n',
    '2 4294967296\na 1 2\n',
    '9007199254740993 3\na 1 2 3\n',
    '1000000000 3\na 1 2 3\n',
    '3 1000000000\na 1\n',
    '1 1e3\na 1\n',
    'a b 1 2\n',
    'a NaN 1\n',
    '__proto__ 1 2\nconstructor 3 4\n',
    '1 1\n\n\n',
    '',
  ]);
  const options = draw.some(
    [
      'limit: 1',
      "words: ['a']",
      `limit: ${oddValue(draw)}`,
      `words: ${oddValue(draw)}`,
      `encoding: ${oddValue(draw)}`,
    ],
    draw.below(2),
  );
  return `${spoiled(draw, encode(text), text.length)}
const read = async function* (source) {
  const found = await vectors.readWordVectors(source, { ${options.join(', ')} });
  yield [found.words, found.toText(), found.words.length > 0 && found.nearest(found.words[0], 2)];
};
await alike(read, bytes, ${sizes(draw)});`;
}

function wave(draw: Draw): string {
  const format = draw.pick(["'int16'", "'float32'", "'int24'", "'uint8'"]);
  return `let bytes = audio.encodeWav({ sampleRate: 8000, channels: [new Float32Array(4), new Float32Array(4)] }, { format: ${draw.chance(0.9) ? format : oddValue(draw)} });
${draw.chance(0.8) ? damages(draw, 60) : ''}
const { channels, sampleRate } = audio.decodeWav(${draw.chance(0.85) ? 'bytes' : asView(draw)});
if (!(sampleRate > 0) || new Set(channels.map(({ length }) => length)).size > 1) found('channels differ');`;
}

function vocabulary(draw: Draw): string {
  const text = draw.pick([
    "### SubwordTextEncoder\n### Metadata: {}\n'a_'\n'b'\n",
    "### SubwordTextEncoder\n### Metadata: {}\n'a\nb'\n",
    "### SubwordTextEncoder\n### Metadata: {}\n'a'\n'a'\n",
    "### SubwordTextEncoder\n### Metadata: {}\n'<EOS>'\n'__proto__'\n'\\&undsc'\n",
    '',
  ]);
  return `let bytes = ${encode(text)};
${damages(draw, text.length)}
const encoder = text.SubwordEncoder.fromVocabulary(${draw.chance(0.95) ? 'new TextDecoder().decode(bytes)' : oddValue(draw)});
for (const word of ['ab a', '__proto__', '\\ud800', 'é_', encoder.subwords.join(' ')])
  if (encoder.decode(encoder.encode(word)) !== word) found(\`\${word} is another after decoding\`);`;
}

/** Sources of every sort, right and wrong. */
function sources(draw: Draw): string {
  const source = draw.chance(0.5)
    ? oddValue(draw)
    : draw.pick([
        'new Blob([bytes])',
        'new Blob([bytes]).stream()',
        '() => new Blob([bytes]).stream()',
        'new Response(bytes).body',
        '[() => [bytes], () => [bytes]]',
        '[bytes, bytes]',
        '[bytes, null]',
        '[[bytes]]',
        'bytes',
        "'/nowhere/at/all'",
        "new URL('file:///nowhere')",
        "'http://127.0.0.1:1/x'",
        "new URL('about:blank')",
        "''",
        '() => () => () => [bytes]',
        '() => { throw new Error("from a callback"); }',
        'async () => { throw new Error("from a callback"); }',
        '() => undefined',
        '(function* () { yield bytes; throw new Error("from a callback"); })()',
        '(async function* () { yield "a,b\\n"; yield 3; })()',
        '(async function* () { yield "a,b\\n"; yield null; })()',
        '(function* () { yield bytes.buffer; })()',
        'new ReadableStream({ start(c) { c.enqueue("text"); c.close(); } })',
        'new ReadableStream({ start(c) { c.error(new Error("from a callback")); } })',
        '{ [Symbol.iterator]: 3 }',
        '{ getReader() {} }',
        '{ next() {} }',
      ]);
  const reader = draw.pick([
    'data.readLines',
    'data.readCsv',
    'data.readTsv',
    'data.readTar',
    'vectors.readWordVectors',
  ]);
  const read = reader.startsWith('vectors')
    ? `await ${reader}(source)`
    : `await all(${reader}(source))`;
  return `const bytes = ${encode('a 1 2\nb 3 4\n')};
const source = ${source};
${read};
${draw.chance(0.3) ? `${read};` : ''}`;
}
