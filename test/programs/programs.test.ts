// Every example, run as a user runs it: with the fewest epochs, on its own data or on small files in the formats that it reads.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readSentences } from '../../examples/sentiment/data.ts';
import { TextVectorization } from '../../src/text/index.ts';
import {
  SUBWORDS,
  writeAclImdb,
  writeDrawings,
  writeLine,
  writeNames,
  writePairs,
  writePieces,
  writeRecordings,
  writeReviews,
  writeSentences,
  writeSlots,
  writeTranslations,
  writeVectors,
} from './files.ts';
import { again, path, printed, removeFolder, report, start, writeText } from './run.ts';

afterAll(removeFolder);

const names = readdirSync('examples').filter((name) => existsSync(`examples/${name}/main.ts`));
const started = new Set<string>();
const first: typeof start = (name, ...args) => {
  started.add(name);
  return start(name, ...args);
};
/** Of so many: no other figures can come of them. */
const share = (n: number) =>
  `(?:${Array.from({ length: n + 1 }, (_, k) => (k / n).toFixed(4)).join('|')})`;
/** A row of a table: its cells as patterns, any white space between them. */
const row = (...cells: (string | number)[]) => new RegExp(`^${cells.join(' +')} *$`, 'm');
const outOf = (name: string) => ['--out', path(name)];

describe('what a program computes by hand', () => {
  it('memory, on every device', async () => {
    const pair = (n: number) => `\\(${n}, ${n}\\)`;
    const check = (text: string) => {
      for (const [input, before, after, output] of [
        [1, 0, 2, 4],
        [1, 2, 6, 12],
        [2, 6, 16, 32],
      ])
        expect(text).toMatch(row(...[input, before, after, output].map(pair)));
    };
    const text = printed(await first('memory'));
    check(text);
    if (process.env.GATEFOLD_ADAPTER !== 'real') {
      expect(text).toMatch(/^\[setup\] no GPU \(.+\): WebAssembly computes/m);
      expect(text).toMatch(/^device: wasm, WebAssembly, (plain|relaxed) SIMD$/m);
    }
    for (const device of ['webgpu', 'wasm', 'cpu']) {
      const chosen = printed(await again('memory', '--device', device));
      check(chosen);
      expect(chosen).toMatch(
        new RegExp(`^device: ${device}, .+\n\\(--device .+ choose another\\)$`, 'm'),
      );
    }
    const best = printed(await again('memory'));
    expect(best).toMatch(/^device: (wasm|webgpu), .+ \((.+: .+|WebGPU, .+)\)$/m);
  });

  it('vanishing', async () => {
    const text = printed(await first('vanishing', ...outOf('vanishing')));
    expect(text).toMatch(/^simple, linear +0\.9( +\d\.\de[+-]\d+){5}$/m);
    // 10 · 1.1⁹ · 0.5
    expect(text).toMatch(row('1\\.1', 10, '11\\.789\\d', '11\\.7897', '\\d\\.\\de-\\d+'));
    expect(text).toMatch(/^clipNorm 1 +150 .* (0\.99\d\d|1\.00\d)$/m);
    expect(text).toMatch(/^no clipping: .*not finite in step 2/m);
    expect(report('vanishing')).toMatch(/<svg[\s\S]*<svg/);
  });

  it('sine', async () => {
    const options = ['--segments', '100', ...outOf('sine')];
    const texts = [
      printed(await first('sine', ...options)),
      printed(await again('sine', ...options, '--device', 'webgpu')),
    ];
    for (const text of texts)
      for (const [cell, parameters] of [
        ['RNN', 1121],
        ['LSTM', 4385],
      ] as const) {
        const mse = new RegExp(`^${cell} +${parameters} +(\\d\\.\\d+e-\\d)`, 'm').exec(text);
        expect(Number(mse?.[1]), text).toBeLessThan(0.02);
      }
    expect(report('sine')).toContain('<svg');
  });
});

describe('the sentences of Kotzias et al.', () => {
  it('come site by site, so that those held out are of the last', async () => {
    const sentences = await readSentences(writeSentences());
    const sites = sentences.map(({ text }) => /was (\w+)\. *$/.exec(text)?.[1]);
    expect([...new Set(sites)]).toEqual(['imdb', 'amaz', 'yelp']);
    expect(sites.lastIndexOf('imdb')).toBe(7);
    expect(sites.indexOf('yelp')).toBe(14);
    expect(sentences.map(({ label }) => label).slice(0, 3)).toEqual([0, 1, 0]);
  });

  // Read side by side, the files would race for which error is the one that is shown.
  it('are read in order, so that the error is that of the first file', async () => {
    const lines = 'A film.\t1\n'.repeat(100_000);
    writeText('broken/imdb_labelled.txt', `${lines}A film.\tmany\n`);
    await expect(readSentences(path('broken'))).rejects.toThrow(/imdb_labelled\.txt.*many/);
  });

  const real = '../shared/data/sentiment-labelled';
  // Where the data set is not at hand there is no such test, rather than one that is skipped.
  if (existsSync(real))
    it('have the vocabulary of the course', async () => {
      const vectorization = new TextVectorization();
      await vectorization.adapt((await readSentences(real)).map(({ text }) => text));
      expect(vectorization.vocabularySize()).toBe(5404);
    });
});

describe('what a program learns', () => {
  it('language: the declarations', async () => {
    const options = ['--epochs', '1', '--windows', '64', '--cell', 'simple'];
    const text = printed(await first('language', ...options, ...outOf('language')));
    const gpu = await again('language', ...options, '--device', 'webgpu', ...outOf('webgpu'));
    expect(printed(gpu)).toMatch(/^held-out accuracy: [01]\.\d{3} \(n=393\)$/m);
    expect(text).toMatch(/^24 languages, \d+ paragraphs to train on, 393 held-out sentences/m);
    expect(text).toMatch(/^held-out accuracy: [01]\.\d{3} \(n=393\)$/m);
    expect(report('language')).toContain('<svg');
    expect(existsSync(path('language', 'model.safetensors'))).toBe(true);
  });

  it('vectors: the verses; and vectors from a file', async () => {
    const options = ['--epochs', '1', '--dimension', '4'];
    const text = printed(await first('vectors', ...options, ...outOf('vectors')));
    expect(text).toMatch(/^31102 verses, 79\d{4} words/m);
    expect(text).toMatch(/^\d{4,5} words, 4 numbers each$/m);
    expect(text).toMatch(row('all', '\\d+', 168, '[01]\\.\\d{3}'));
    expect(report('vectors')).toContain('<svg');
    expect(existsSync(path('vectors', 'vectors.txt'))).toBe(true);
    const read = await again('vectors', '--data', writeVectors(), ...outOf('glove'));
    expect(printed(read)).toMatch(/^9 words, 4 numbers each$/m);
    expect(report('glove')).toContain('<svg');
  });

  it('slots: sentences with tags', async () => {
    const data = writeSlots();
    const options = ['--data', data, '--epochs', '1'];
    const text = printed(await first('slots', ...options, ...outOf('slots')));
    expect(text).toMatch(/^12 sentences to train on, 4 to watch, 5 to test$/m);
    // 10 slots are right, and at most as many are found as there are words.
    const f1 = Array.from({ length: 25 }, (_, found) => share(10 + found)).join('|');
    for (const tagger of ['feed-forward', 'recurrent'])
      expect(text).toMatch(row(tagger, '\\d{4,6}', `(?:${f1})`, share(5)));
    expect(text).toMatch(/^rate\S* book0\S* 0\S* stars\S* {2}\((Rate|Play)\)$/m);
    expect(report('slots')).toContain('<svg');
  });

  it('chat: dialogues of a grammar, and answers word by word', async () => {
    const options = ['--dialogues', '100', '--epochs', '1', ...outOf('chat')];
    const text = printed(await first('chat', ...options));
    expect(text).toMatch(/^100 dialogues made up by a grammar, \d+ words; 10 to test, whose/m);
    expect(text.match(/^ {2}guest: /gm)!.length).toBeGreaterThanOrEqual(6);
    expect(text.match(/^ {2}hotel:/gm)!.length).toBe(6);
    const exact = share(10);
    for (const pattern of [
      new RegExp(`^exact answers of the nearest question: ${exact}$`, 'm'),
      new RegExp(`^exact answers: ${exact} \\(10 dialogues\\)$`, 'm'),
    ])
      expect(text).toMatch(pattern);
    expect(report('chat')).toContain('<svg');
    const resumed = printed(await again('chat', ...options, '--resume'));
    expect(resumed).not.toContain('Epoch');
    expect(resumed.slice(resumed.indexOf('exact'))).toBe(text.slice(text.indexOf('exact')));
  });

  it('sentiment: three files of sentences', async () => {
    const options = ['--data', writeSentences(), '--epochs', '1'];
    const text = printed(await first('sentiment', ...options, ...outOf('sentiment')));
    // Padding, unknown; the, was, 3 sites, 8 things, 8 numbers.
    expect(text).toMatch(/^20 sentences, the last fifth held out; a vocabulary of 23$/m);
    const embedding = 23 * 64;
    for (const [cell, parameters] of [
      ['SimpleRNN', embedding + 24_704 + 129],
      ['LSTM', embedding + 98_816 + 129],
      ['GRU', embedding + 74_496 + 129],
      ['bidirectional LSTM', embedding + 197_632 + 257],
    ])
      expect(text).toMatch(row(cell, parameters, share(4), share(4)));
    expect(text).toMatch(/^0\.\d{3} positive: The food was great!$/m);
    expect(report('sentiment')).toContain('<svg');

    const resumed = printed(
      await again('sentiment', ...options, '--resume', ...outOf('sentiment')),
    );
    expect(resumed).not.toContain('Epoch');
    const end = (of: string) => of.slice(of.indexOf('Best validation accuracy'));
    expect(end(resumed)).toBe(end(text));
  });

  it('imdb: reviews and subwords; what it gave is there to go on from', async () => {
    const data = writeReviews();
    const options = ['--data', data, '--model', 'one', '--epochs', '1', ...outOf('imdb')];
    const text = printed(await first('imdb', ...options));
    expect(text).toMatch(/^21 reviews to train on, 3 to choose the best epoch by$/m);
    const vocabulary = 1 + SUBWORDS.length + 256;
    expect(text).toContain(`${vocabulary} subwords, learning rate 0.0001\n`);
    const parameters = vocabulary * 64 + 2 * 4 * (64 + 64 + 1) * 64 + 129 * 64 + 65;
    const found = row('one', parameters, 1, share(3), share(6));
    expect(text).toMatch(found);
    expect(text).toMatch(/Accuracy on 6 test reviews/);
    expect(report('imdb')).toContain('<svg');

    const resumed = printed(await again('imdb', ...options, '--resume'));
    expect(resumed).not.toContain('Epoch');
    expect(found.exec(resumed)?.[0]).toBe(found.exec(text)?.[0]);
    const other = await again('imdb', ...options, '--resume', '--seed', '2');
    expect(other.code).toBe(1);
    expect(other.text).toMatch(/expected a checkpoint of these settings/);
  });

  it('imdb-small: the folder aclImdb, and vectors', async () => {
    const files = ['--data', writeAclImdb(), '--vectors', writeVectors()];
    const text = printed(await first('imdb-small', ...files, '--epochs', '1', ...outOf('small')));
    expect(text).toMatch(/^35 words have no vector in /m);
    for (const [network, words, parameters] of [
      ['Embedding\\(8\\), Flatten', 20, 80_161],
      ['SimpleRNN\\(32\\)', 500, 322_113],
      ['4 × SimpleRNN\\(32\\)', 500, 328_353],
      ['LSTM\\(32\\)', 500, 328_353],
      ['GloVe, frozen, 200 reviews', 100, 52_865],
    ])
      expect(text).toMatch(row(network, words, 19, parameters, 1, share(5)));
    expect(report('small')).toContain('<svg');
  });

  it(
    'forecast: a straight line, of which naive forecasts are off by what it rises; in Deno too',
    { timeout: 240_000 },
    async () => {
      const options = [
        '--data',
        writeLine(),
        '--column',
        'level',
        '--period',
        '7',
        '--epochs',
        '1',
        '--window',
        '4',
        '--horizon',
        '2',
      ];
      const check = (text: string, out: string) => {
        expect(text).toMatch(/^level: 120 steps, 2020-01-01 to 2020-04-29, 0 missing$/m);
        const [error, held] = ['\\d+\\.\\d{3}', '\\d+\\.\\d %'];
        expect(text).toMatch(row('one step ahead', error, '1\\.000', '7\\.000', held));
        expect(text).toMatch(row('1 to 2 ahead', error, '1\\.500', '7\\.000', held));
        expect(text).toMatch(row(' *step 2', error, '2\\.000', '7\\.000', held));
        expect(report(out)).toContain('<svg');
      };
      check(printed(await first('forecast', ...options, ...outOf('forecast'))), 'forecast');
      const gpu = await again('forecast', '--device', 'webgpu', ...options, ...outOf('webgpu'));
      check(printed(gpu), 'webgpu');
      const deno = await first('forecast', '--runtime', 'deno', ...options, ...outOf('deno'));
      check(printed(deno), 'deno');
    },
  );

  it('neuron: a text of its own', async () => {
    const data = writeText('code.txt', `call('it', [1]); // a note\n`.repeat(600));
    const options = ['--data', data, '--steps', '60', '--units', '8', ...outOf('neuron')];
    const text = printed(await first('neuron', ...options));
    expect(text).toMatch(/^12200 characters to train on, 20 kinds; 4000 held out$/m);
    const number = '-?\\d\\.\\d\\d';
    for (const fact of ['in quotes', 'in a comment', 'brackets open', 'place in the line'])
      expect(text).toMatch(row(fact, '[0-7]', number, '[0-7]', number));
    const nats = (whose: string) =>
      Number(new RegExp(`^${whose} +(\\d\\.\\d+)$`, 'm').exec(text)?.[1]);
    const learnt = nats('LSTM\\(8\\), 60 steps');
    expect(learnt, text).toBeLessThan(0.8 * nats('frequencies of characters'));
    expect(report('neuron')?.match(/<svg/g)).toHaveLength(8);
  });

  it('characters: a text, gzipped, and the checkpoint of it', async () => {
    const data = writeText('text.txt.gz', `call('it', [1]); // a note\n`.repeat(300));
    const options = ['--data', data, '--epochs', '1', ...outOf('characters')];
    const text = printed(await first('characters', ...options));
    expect(text).toMatch(
      /text\.txt\.gz: 7290 characters to train on, 19 different ones; 810 held out$/m,
    );
    const bits = '\\d\\.\\d{3}';
    const found = row('LSTM 1 × 128', bits, '\\d+\\.\\d\\d');
    expect(text).toMatch(row('interpolated 3-grams', bits, '\\d+\\.\\d\\d'));
    expect(text).toMatch(found);
    expect(text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    expect(report('characters')).toContain('<svg');
    const resumed = printed(await again('characters', ...options, '--resume'));
    expect(resumed).not.toContain('Epoch');
    expect(found.exec(resumed)?.[0]).toBe(found.exec(text)?.[0]);
    const short = writeText('short.txt', 'too short');
    const failed = await again('characters', '--data', short, ...outOf('failed'));
    expect(failed.code).toBe(1);
    expect(failed.text).toMatch(
      /--data: expected a text of at least 6000 characters, got 10; take a longer one/,
    );
  });

  it('names: two languages', async () => {
    const options = ['--data', writeNames(), '--epochs', '1', ...outOf('names')];
    const text = printed(await first('names', ...options));
    expect(text).toMatch(/^90 names of 2 languages; 60 distinct pairs of a name and a language$/m);
    expect(text).toMatch(row('accuracy, split by rows', 18, '0\\.667', '[01]\\.\\d{3}'));
    expect(text).toMatch(row('accuracy, split by distinct pairs', 12, '0\\.500', '[01]\\.\\d{3}'));
    for (const pairs of ['2-grams of all names', '2-grams by language'])
      expect(text).toMatch(row(`bits a character, ${pairs}`, 12, '\\d\\.\\d{3}', '\\d\\.\\d{3}'));
    expect(text).toMatch(/^Even: A\S*(, A\S*)*$/m);
    expect(report('names')?.match(/<svg/g)?.length).toBeGreaterThan(5);
    const resumed = printed(await again('names', ...options, '--resume'));
    expect(resumed).not.toContain('Epoch');
    const end = (of: string) => of.slice(of.indexOf('Composed'));
    expect(end(resumed)).toBe(end(text));
  });

  it('text-autoencoder: sentences before a tab', async () => {
    const options = ['--data', writePairs(), '--epochs', '1', ...outOf('autoencoder')];
    const text = printed(await first('text-autoencoder', ...options));
    expect(text).toMatch(/^\d+ sentences to learn, \d+ held out; \d+ words and signs$/m);
    const share = '[01]\\.\\d{3}';
    for (const what of [
      'training sentences',
      'held out, most frequent word of each place',
      'held out, LSTM 128 → vector → LSTM 128',
    ])
      expect(text).toMatch(row(what, share, share));
    expect(report('autoencoder')).toContain('<svg');
    const resumed = printed(await again('text-autoencoder', ...options, '--resume'));
    const end = (of: string) => of.slice(of.indexOf('Held out, and'));
    expect(end(resumed)).toBe(end(text));
  });

  it('zoo: a cell that solves its tasks, and a budget that is too small to be judged', async () => {
    const text = printed(await first('zoo', '--cells', 'gru', ...outOf('zoo')));
    for (const task of ['copy-10', 'adding-30'])
      expect(text).toMatch(new RegExp(`^${task}: `, 'm'));
    const found = row('gru', '\\d{4}', 'must', 'yes', '\\d+', '\\d+\\.\\d', '0\\.0\\d+');
    expect(text.match(new RegExp(found, 'gm'))).toHaveLength(2);
    expect(text).toMatch(/^every cell has solved what it must solve$/m);
    expect(report('zoo')?.match(/<svg/g)).toHaveLength(2);
    const few = ['--steps', '50', '--tasks', 'adding-30', '--cells', 'lstm,simpleRNN'];
    const short = printed(await again('zoo', ...few, ...outOf('zoo')));
    expect(short).toMatch(/^not judged: --steps 50 is not the budget of the tasks$/m);
    expect((await again('zoo', '--cells', 'elman')).text).toMatch(
      /--cells is a list of .*got 'elman'/,
    );
  });

  it('music: made-up chorales, and a file of pieces', async () => {
    const nats = '\\d+\\.\\d{3}';
    const figures = (text: string, epochs: number) => {
      expect(text).toMatch(row('the last frame again, with fitted flips', nats));
      expect(text).toMatch(row(`LSTM\\(96\\), best epoch [1-${epochs}] of ${epochs}`, nats));
      expect(text).toMatch(
        new RegExp(`^not judged: the usual training is without --epochs ${epochs}`, 'm'),
      );
    };
    const text = printed(await first('music', '--epochs', '1', ...outOf('music')));
    expect(text).toMatch(/^no --data: the chorales are made up by rules of harmony$/m);
    expect(text).toMatch(/^160 chorales to train on, 30 to choose the best epoch by, 40 to test$/m);
    figures(text, 1);
    expect(report('music')?.match(/<svg/g)).toHaveLength(3);
    for (const [file, head] of [
      ['piece.mid', 'MThd'],
      ['piece.wav', 'RIFF'],
    ])
      expect(readFileSync(path('music', file)).toString('latin1', 0, 4)).toBe(head);

    const data = ['--data', writePieces(), ...outOf('pieces')];
    const short = printed(await again('music', ...data, '--epochs', '2'));
    expect(short).toMatch(/^6 chorales to train on, 2 to choose the best epoch by, 3 to test$/m);
    figures(short, 2);
    const resumed = printed(await again('music', ...data, '--epochs', '2', '--resume'));
    expect(resumed).not.toContain('Epoch');
    const end = (of: string) => of.slice(of.indexOf('composed'));
    expect(end(resumed)).toBe(end(short));
  });

  it('speech-autoencoder: recordings in an archive', async () => {
    const options = ['--data', writeRecordings(), '--epochs', '1', '--speaker', 'ben'];
    const out = outOf('speech-autoencoder');
    const text = printed(await first('speech-autoencoder', ...options, ...out));
    expect(text).toMatch(
      /^10 recordings of 2 words to train on; held out: takes 0 to 4 of the same speakers \(50\) and all of ben \(12\)$/m,
    );
    for (const what of ['of mean frames', 'of vectors of 32 numbers'])
      expect(text).toMatch(row(what, share(50), share(12)));
    expect(text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    // The loss, three words twice, and the plane.
    expect(report('speech-autoencoder')?.match(/<svg/g)).toHaveLength(8);
  });

  it('handwriting: made-up numbers, and files of drawings', async () => {
    const options = ['--epochs', '1', ...outOf('handwriting')];
    const text = printed(await first('handwriting', ...options));
    expect(text).toMatch(
      /^made-up numbers of two digits: 3000 drawings \(\d{5,6} points\) to train on, 300 to choose .*, 300 \(\d+ points\) to test$/m,
    );
    const nats = (whose: string, ...more: string[]) =>
      Number(row(whose, ...more, '(-?\\d+\\.\\d{3})').exec(text)?.[1]);
    const learnt = nats('LSTM 128, 20 Gaussians', '\\d{5}');
    expect(learnt, text).toBeLessThan(nats('one Gaussian, linear in the last point'));
    expect(report('handwriting')?.match(/<svg/g)).toHaveLength(4);
    const resumed = printed(await again('handwriting', ...options, '--resume'));
    expect(resumed).not.toContain('Epoch');
    expect(resumed).toContain(learnt.toFixed(3));
    const few = ['--data', writeDrawings(), '--epochs', '1', ...outOf('drawings')];
    const read = await again('handwriting', ...few);
    expect(read.text).toMatch(/^some: 12 drawings \(120 points\) .* 3 to .* 5 \(50 points\) to/m);
    expect(read.text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    expect(read.code).toBe(0);
  });

  it('anbn: a few steps, and the Markov model, which sees five symbols', async () => {
    const options = ['--epochs', '1', '--attempts', '1', ...outOf('anbn')];
    const text = printed(await first('anbn', ...options));
    expect(text).toMatch(
      /^aⁿbⁿ \(aabb, .*\): words that count to 12 at most to train on, 24 up to 24 to choose by, 36 up to 36 to test$/m,
    );
    expect(text).toMatch(
      /^nested brackets \(.*: words .* 96 up to 24 to choose by, 180 up to 36 to test$/m,
    );
    // Of n = 1 to 36, those up to 2.
    expect(text).toMatch(row('Markov model of order 5', '5\\.6 %', 2));
    for (const [cell, parameters] of [
      ['LSTM', 4 * 6 * (3 + 6 + 1) + 21],
      ['GRU', 3 * 6 * (3 + 6 + 2) + 21],
      ['SimpleRNN', 6 * (3 + 6 + 1) + 21],
    ])
      expect(text.match(new RegExp(row(`${cell}\\(6\\)`, parameters, '\\d+\\.\\d %', '\\d+'), 'gm'))).toHaveLength(2); // prettier-ignore
    expect(text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    expect(report('anbn')?.match(/<svg/g)).toHaveLength(6);
  });

  it('translate: pairs of sentences, with attention and without', async () => {
    const data = writeTranslations();
    const options = ['--data', data, '--epochs', '1', ...outOf('translate')];
    const text = printed(await first('translate', ...options));
    expect(text).toMatch(
      /^\d+ to train on, \d+ to watch, \d+ to test; \d+ English and \d+ French/m,
    );
    const [figure, exact] = ['\\d+\\.\\d', '[01]\\.\\d{3}'];
    for (const network of ['without attention', 'with attention'])
      expect(text).toMatch(row(network, '\\d{5,6}', figure, exact));
    expect(text).toMatch(row('nearest training sentence', figure, exact));
    expect(text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    expect(report('translate')?.match(/<svg/g)!.length).toBeGreaterThan(4);
    const resumed = printed(await again('translate', ...options, '--resume'));
    expect(resumed).not.toContain('Epoch');
    const end = (of: string) => of.slice(of.indexOf('\nnetwork '));
    expect(end(resumed)).toBe(end(text));
  });

  it('spell: made-up words, pronounced by rules', async () => {
    const options = ['--epochs', '1', ...outOf('spell')];
    const text = printed(await first('spell', ...options));
    expect(text).toMatch(/^made-up words, pronounced by rules: 4000 to train on, 100 to watch/m);
    const share = '[01]\\.\\d{3}';
    expect(text).toMatch(row('network, \\d+ parameters', share, share));
    expect(text).toMatch(row('most frequent phoneme of each letter', share, share));
    expect(report('spell')?.match(/<svg/g)!.length).toBeGreaterThan(6);
  });

  it('speech: recordings in an archive', async () => {
    const options = ['--data', writeRecordings(), '--epochs', '1'];
    const out = outOf('speech');
    const text = printed(await first('speech', ...options, ...out));
    expect(text).toMatch(
      /^10 recordings to train on; held out: takes 0 to 4 of the same speakers \(50\) and all of finn \(12\)$/m,
    );
    const rate = '\\d\\.\\d{4}';
    expect(text).toMatch(row('label error rate', 'takes 0-4', 'speaker finn'));
    expect(text).toMatch(row('always ([12] ?)+', rate, rate));
    expect(text).toMatch(row('bidirectional GRU\\(48\\), CTC', rate, rate));
    // Loss and error rate, and three strings of each kind.
    expect(report('speech')?.match(/<svg/g)).toHaveLength(8);
    const resumed = printed(await again('speech', ...options, '--resume', ...out));
    expect(resumed).not.toContain('Epoch');
    const end = (of: string) => of.slice(of.indexOf('\nsaid'));
    expect(end(resumed)).toBe(end(text));
  });

  it('caption: pictures, and films of two frames', async () => {
    const text = printed(await first('caption', '--epochs', '1', ...outOf('caption')));
    expect(text).toMatch(
      /^\d+ sentences of \d+ words describe made-up pictures; \d+ of them are held out$/m,
    );
    const figure = '[01]\\.\\d{4}';
    for (const name of ['network', 'always ".+"']) expect(text).toMatch(row(name, figure, figure));
    expect(text).toMatch(/^exact captions: [01]\.\d{4}, the most frequent caption: 0\.0000$/m);
    expect(text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    expect(report('caption')?.match(/<svg/g)!.length).toBeGreaterThan(12);
    const resumed = printed(
      await again('caption', '--epochs', '1', '--resume', ...outOf('caption')),
    );
    expect(resumed).not.toContain('Epoch');
    const films = ['--frames', '2', '--epochs', '1', ...outOf('films')];
    expect(printed(await again('caption', ...films))).toMatch(/describe made-up films of 2 frames/);
  });

  let ofInvented = '';
  it('vad: a detector of speech from an ONNX file, before and after an epoch', async () => {
    const text = printed(await first('vad', '--epochs', '1', ...outOf('vad')));
    expect(text).toMatch(/^silero-vad: 309633 parameters/m);
    const [, off] = /^500 windows; largest difference from ONNX Runtime: (\S+)$/m.exec(text)!;
    expect(Number(off)).toBeLessThan(1e-4);
    expect(text).toMatch(row('silero-vad as it comes', '[01]\\.\\d{4}'));
    expect(text).toMatch(row('after 1 epochs on 40 clips', '[01]\\.\\d{4}'));
    expect(text).toMatch(/^not judged: the usual training is without --epochs 1$/m);
    // Recording, probabilities and loss.
    expect(report('vad')?.match(/<svg/g)).toHaveLength(3);
    ofInvented = text;
  });

  it('vad: draws a recording of one’s own, and learns the same', async () => {
    const recording = path('vad', 'recording.wav');
    const own = printed(await again('vad', '--epochs', '1', '--data', recording, ...outOf('own')));
    expect(own).not.toContain('no --data');
    const end = (of: string) => of.slice(of.indexOf('\narea'));
    expect(end(own)).toBe(end(ofInvented));
  });

  it('every example was run', () => {
    expect(names.length).toBeGreaterThan(9);
    expect([...started].sort()).toEqual(names);
  });
});

describe('a file that is not there', () => {
  it.each([
    ['language', /English declaration.*ENOENT.*nowhere[\s\S]*--data FOLDER: /],
    ['sentiment', /imdb_labelled\.txt.*ENOENT[\s\S]*--data FOLDER: the labelled sentences of/],
    ['imdb', /imdb_train\.tsv\.gz.*ENOENT[\s\S]*--data PATH: a folder with imdb_train\.tsv\.gz/],
    ['imdb-small', /imdb_train\.tsv\.gz.*ENOENT[\s\S]*--data PATH: a folder with imdb_train/],
    ['music', /nowhere.*ENOENT[\s\S]*--data PATH: chorales as JSON/],
    ['speech', /nowhere.*ENOENT[\s\S]*--data PATH: the recordings of the Free Spoken Digit/],
    ['speech-autoencoder', /nowhere.*ENOENT[\s\S]*--data PATH: the recordings of the Free/],
    ['translate', /nowhere.*ENOENT[\s\S]*--data PATH: eng-fra\.txt\.gz of Tatoeba/],
    ['spell', /nowhere.*ENOENT[\s\S]*--data PATH: cmudict\.dict\.txt\.gz/],
    ['characters', /nowhere.*ENOENT[\s\S]*--data FILE: a text or source code to learn/],
    ['names', /nowhere.*ENOENT[\s\S]*--data PATH: names\.tsv\.gz, or the folder of it/],
    ['text-autoencoder', /nowhere.*ENOENT[\s\S]*--data PATH: eng-fra\.txt\.gz, or the folder/],
    ['slots', /train\.tsv\.gz.*ENOENT[\s\S]*--data FOLDER: train\.tsv\.gz, dev/],
    ['handwriting', /ENOENT.*nowhere[\s\S]*--data PATH: drawings: an \.npz file of sketch-rnn/],
    ['vad', /ENOENT.*nowhere[\s\S]*--data FILE: the recording that is drawn, a WAV file/],
  ])('%s says what --data takes', async (name, message) => {
    const { code, text } = await again(name, '--data', path('nowhere'), ...outOf('failed'));
    expect(code).toBe(1);
    expect(text).toMatch(message);
  });
});
