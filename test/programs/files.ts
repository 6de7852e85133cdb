// The files that the examples take, as small as they can be, in the formats of the real data sets.
import { inventRecordings } from '../../examples/spoken/recordings.ts';
import { encodeWav } from '../../src/audio/index.ts';
import { tar } from '../data/support.ts';
import { path, writeText } from './run.ts';

const WORDS = 'film,plot,music,food,phone,actor,scene,story,cast,song,end,screen'.split(',');
export const review = (i: number, opinion = i % 2 ? 'good' : 'bad') =>
  `The ${WORDS[i % WORDS.length]} number${i} was ${opinion}.`;

/** Kotzias et al.: a text, white space, a tab and the label; each site has a word of its own. */
export function writeSentences(): string {
  for (const [site, count] of [
    ['imdb', 8],
    ['amazon_cells', 6],
    ['yelp', 6],
  ] as const) {
    const lines = Array.from(
      { length: count },
      (_, i) => `${review(i, site.slice(0, 4))}  \t${i % 2}\n`,
    );
    writeText(`sentences/${site}_labelled.txt`, lines.join(''));
  }
  return path('sentences');
}

export const SUBWORDS = ['the_', 'The_', 'was_', 'good', 'bad', 'film_', 'number', '.'];

/** Label, number, stars, text; and the subwords. */
export function writeReviews(): string {
  for (const [part, count] of [
    ['train', 24],
    ['test', 6],
  ] as const) {
    const rows = Array.from(
      { length: count },
      (_, i) => `${i % 2}\t${i}\t${i % 2 ? 9 : 2}\t${review(i)}\n`,
    );
    writeText(`reviews/imdb_${part}.tsv.gz`, rows.join(''));
  }
  writeText('reviews/subwords8k.json.gz', JSON.stringify(SUBWORDS));
  return path('reviews');
}

/** The folders of the Large Movie Review Dataset. */
export function writeAclImdb(): string {
  for (const part of ['train', 'test'])
    for (let i = 0; i < 24; i++)
      writeText(
        `aclImdb/${part}/${i % 2 ? 'pos' : 'neg'}/${i >> 1}_${i % 2 ? 9 : 2}.txt`,
        review(i),
      );
  return path('aclImdb');
}

/** Intent, words, tags. */
export function writeSlots(): string {
  for (const [part, count] of [
    ['train', 12],
    ['dev', 4],
    ['test', 5],
  ] as const) {
    const rows = Array.from({ length: count }, (_, i) =>
      i % 2
        ? `Play\tplay the song${i} by Ann Lee\tO O B-song O B-artist I-artist\n`
        : `Rate\trate book${i} ${i} stars\tO B-book B-stars O\n`,
    );
    writeText(`slots/${part}.tsv.gz`, rows.join(''));
  }
  return path('slots');
}

/** A straight line, so that naive forecasts are off by whole numbers. */
export function writeLine(): string {
  const rows = Array.from({ length: 120 }, (_, t) => {
    const day = new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10);
    return `${day},${100 + t},7\n`;
  });
  return writeText('line.csv', `day,level,other\n${rows.join('')}`);
}

/** GloVe: a word and its numbers between spaces, no header. */
export function writeVectors(): string {
  const words = ['the', 'was', 'good', 'bad', 'film', 'king', 'queen', 'man', 'woman'];
  const rows = words.map((word, i) =>
    [word, ...[1, 2, 3, 4].map((k) => Math.sin(i * k + k).toFixed(4))].join(' '),
  );
  return writeText('glove.4d.txt', `${rows.join('\n')}\n`);
}

/** Boulanger-Lewandowski et al.: for each frame the keys of a piano that sound, from 0. */
export function writePieces(): string {
  const piece = (i: number) => Array.from({ length: 20 + i }, (_, t) => [30, 40 + ((t + i) % 4)]);
  const pieces = (count: number) => Array.from({ length: count }, (_, i) => piece(i));
  const parts = { train: pieces(6), valid: pieces(2), test: pieces(3) };
  return writeText('pieces.json.gz', JSON.stringify(parts));
}

/** The Free Spoken Digit Dataset: recordings/DIGIT_SPEAKER_TAKE.wav in an archive. */
export function writeRecordings(): string {
  const entries = inventRecordings({ 1: 'wAn', 2: 'tu' }, 6).map(
    ({ word, speaker, take, samples }) => ({
      path: `recordings/${word}_${speaker}_${take}.wav`,
      bytes: encodeWav({ sampleRate: 8000, channels: [samples] }),
    }),
  );
  return writeText('fsdd/fsdd-recordings.tar.gz', tar(entries));
}

/** Names of two languages; those of the second are there twice. */
export function writeNames(): string {
  const rows = Array.from({ length: 30 }, (_, i) => {
    const digits = [...String(100 + i)].map((digit) => 'aeioumnrst'[Number(digit)]).join('');
    return `Even\tA${digits}\n${`Odd\tB${digits}x\n`.repeat(2)}`;
  });
  writeText('names/names.tsv.gz', rows.join(''));
  return path('names');
}

/** Sentences in two languages, the first of which counts. */
export function writePairs(): string {
  const rows = WORDS.flatMap((word) =>
    WORDS.map((other) => `The ${word} saw the ${other}.\tLe ${word} voit le ${other}.\tnobody\n`),
  );
  writeText('pairs/eng-fra.txt.gz', rows.join(''));
  return path('pairs');
}

/** sketch-rnn's drawings: points of each, and int16 little-endian triples dx, dy, pen. */
export function writeDrawings(): string {
  const points = 10;
  const splits = { train: 12, valid: 3, test: 5 };
  const index = Object.entries(splits).map(([name, n]) => [
    name,
    { lengths: Array<number>(n).fill(points) },
  ]);
  writeText(
    'drawings/some.index.json.gz',
    JSON.stringify({ splits: Object.fromEntries(index) as unknown }),
  );
  const numbers = Array.from({ length: 20 * points }, (_, i) => [
    Math.round(50 * Math.sin(i * i)),
    Math.round(50 * Math.cos(3 * i * i)),
    Number(i % 5 === 4),
  ]);
  const bytes = new DataView(new ArrayBuffer(6 * numbers.length));
  numbers.flat().forEach((value, i) => bytes.setInt16(2 * i, value, true));
  writeText('drawings/some.i16.bin.gz', new Uint8Array(bytes.buffer));
  return path('drawings');
}

/** Tatoeba's pairs: English, French and an attribution. */
export function writeTranslations(): string {
  const subjects = ['I je', 'You vous', 'We nous'].map((one) => one.split(' '));
  const verbs = ['see vois', 'sell vends', 'take prends', 'lose perds'].map((one) =>
    one.split(' '),
  );
  const objects = 'dog chien,cat chat,book livre,train train,garden jardin,bread pain,car vélo';
  const lines = objects.split(',').flatMap((object) => {
    const [english, french] = object.split(' ');
    return subjects.flatMap(([subject, sujet]) =>
      verbs.map(
        ([verb, verbe]) =>
          `${subject} ${verb} the ${english}.\t${sujet} ${verbe} le ${french}.\tCC-BY 2.0 (France)\n`,
      ),
    );
  });
  writeText('translations/eng-fra.txt.gz', lines.join(''));
  return path('translations');
}
