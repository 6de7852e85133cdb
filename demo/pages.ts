/** The pages of the gallery, in the order in which one would read them. */

export interface GalleryPage {
  readonly folder: string;
  readonly title: string;
  readonly question: string;
  /** For search engines and previews of links; of pages whose HTML the build writes. */
  readonly description?: string;
  /** What is drawn on its card: SVG within 240 by 120. */
  readonly picture: string;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const path = (points: readonly (readonly [number, number])[], rest: string) =>
  `<path d="M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}" fill="none" stroke-width="4" ${rest}/>`;
const wave = (shift: number, rest: string) =>
  path(
    numbers(60).map((i) => [4 * i + 2, 60 - 36 * Math.sin(i / 6.4 + shift)] as const),
    rest,
  );
const [BLUE, ORANGE, GREEN] = ['#0072b2', '#d55e00', '#009e73'].map((colour) => `stroke="${colour}"`); // prettier-ignore
const fall = (rate: number, rest: string) =>
  path(
    numbers(25).map((i) => [10 + 9 * i, 108 - 96 * rate ** (24 - i)] as const),
    rest,
  );

export const PAGES: readonly GalleryPage[] = [
  {
    folder: 'memory',
    title: 'A memory by hand',
    question: 'Why does the same input get another answer the second time?',
    description: 'A network with two units of memory, computed number by number.',
    picture: [
      ...[30, 90].flatMap((y1) =>
        [30, 90].map(
          (y2) =>
            `<path d="M40 ${y1}L120 ${y2}M120 ${y1}L200 ${y2}" stroke="#888" stroke-width="2"/>`,
        ),
      ),
      ...[30, 90].flatMap((y) =>
        [40, 120, 200].map(
          (x) => `<circle cx="${x}" cy="${y}" r="16" fill="${x === 120 ? '#d55e00' : '#0072b2'}"/>`,
        ),
      ),
    ].join(''),
  },
  {
    folder: 'sine',
    title: 'From the sine to the cosine',
    question: 'Can a network tell where it is on a wave, from one point at a time?',
    description: 'A recurrent network learns the cosine from the sine, in this page.',
    picture: wave(0, BLUE) + wave(1.6, `${ORANGE} stroke-dasharray="8 7"`),
  },
  {
    folder: 'gradients',
    title: 'Gradients through time',
    question: 'How much does the answer at the end know of the first step?',
    description: 'How a gradient vanishes or explodes on its way back through time.',
    picture: fall(0.99, GREEN) + fall(0.9, ORANGE) + fall(0.7, BLUE),
  },
  {
    folder: 'counting',
    title: 'Counting',
    question: 'Can a network count, and go on counting where it was never shown how?',
    description: 'A recurrent network learns to count, in this page.',
    picture: numbers(12)
      .map((i) => {
        const height = 14 * (i < 6 ? i + 1 : 12 - i);
        return `<rect x="${10 + 19 * i}" y="${108 - height}" width="14" height="${height}" rx="3" fill="${i < 6 ? '#0072b2' : '#d55e00'}"/>`;
      })
      .join(''),
  },
  {
    folder: 'language',
    title: 'Which of 24 languages?',
    question: 'How few letters tell in which language a sentence is?',
    description:
      'A recurrent network learns in this page to tell 24 languages apart, letter by letter.',
    picture: [150, 96, 52, 30]
      .map(
        (width, i) =>
          `<rect x="60" y="${16 + 24 * i}" width="${width}" height="16" rx="4" fill="#0072b2" fill-opacity="${1 - 0.2 * i}"/><rect x="16" y="${20 + 24 * i}" width="34" height="8" rx="4" fill="#888"/>`,
      )
      .join(''),
  },
  {
    folder: 'sentiment',
    title: 'Good or bad?',
    question: 'What does “not” do to the word after it?',
    description:
      'A recurrent network reads a review word by word and says how sure it is that it is good.',
    picture:
      path(
        [48, 44, 40, 52, 100, 20, 18, 18].map((y, i) => [18 + 29 * i, y] as const),
        BLUE,
      ) + `<path d="M10 60H230" stroke="#888" stroke-width="2" stroke-dasharray="6 6"/>`,
  },
  {
    folder: 'slots',
    title: 'Arrive or leave',
    question: 'Does the flight begin in Atlanta, or does it end there?',
    description: 'Which word fills which slot: a network with memory beside one without.',
    picture:
      [40, 26, 30, 46, 34]
        .map((width, i, all) => {
          const x = 14 + all.slice(0, i).reduce((sum, one) => sum + one + 8, 0);
          return `<rect x="${x}" y="48" width="${width}" height="24" rx="6" fill="${i === 2 ? '#0072b2' : i === 3 ? '#d55e00' : '#888'}"/>`;
        })
        .join('') +
      `<path d="M109 44C120 14 150 14 160 44" fill="none" stroke="#0072b2" stroke-width="3"/>`,
  },
  {
    folder: 'vectors',
    title: 'Words in a plane',
    question: 'Can a word be known by the company it keeps?',
    description:
      'Words find their places in a plane while a network learns to guess them from their neighbours.',
    picture: numbers(24)
      .map((i) => {
        const [cx, cy] = [
          [60, 36],
          [170, 46],
          [110, 92],
        ][i % 3];
        const [dx, dy] = [34 * Math.sin(i * 2.4), 20 * Math.cos(i * 3.7)];
        return `<circle cx="${(cx + dx).toFixed(1)}" cy="${(cy + dy).toFixed(1)}" r="6" fill="${['#0072b2', '#d55e00', '#009e73'][i % 3]}"/>`;
      })
      .join(''),
  },
  {
    folder: 'characters',
    title: 'Learning to write',
    question: 'How does a network learn to write, letter by letter?',
    description: 'Paste a text and watch a recurrent network learn to write it.',
    picture: numbers(48)
      .map((i) => {
        const strength = Math.sin(i * 1.7) * Math.cos(i / 5);
        return `<rect x="${12 + 18 * (i % 12)}" y="${14 + 24 * Math.floor(i / 12)}" width="16" height="20" rx="3" fill="${strength < 0 ? '#0072b2' : '#d55e00'}" fill-opacity="${Math.abs(strength).toFixed(2)}"/>`;
      })
      .join(''),
  },
  {
    folder: 'forecast',
    title: 'Forecast your own numbers',
    question: 'What comes next, and how sure can one be?',
    description:
      'Drop a CSV file: a recurrent network learns to forecast it in this page, with intervals.',
    picture:
      `<path d="M140 62L230 22V110Z" fill="#009e73" fill-opacity="0.3"/>` +
      path(
        numbers(33).map(
          (i) => [10 + 4 * i, 60 + 22 * Math.sin(i / 3) + 8 * Math.sin(i * 1.9)] as const,
        ),
        BLUE,
      ) +
      path(
        numbers(23).map((i) => [140 + 4 * i, 62 - 14 * Math.sin(i / 4)] as const),
        ORANGE,
      ),
  },
  {
    folder: 'translate',
    title: 'Translating',
    question: 'Which word does a translator look at while it writes?',
    description: 'A network learns to translate in this page, and shows which word it looks at.',
    picture: [0, 1, 3, 2, 4, 5]
      .map((to, from) =>
        path(
          [
            [26 + 38 * from, 22],
            [26 + 38 * to, 98],
          ],
          `${from % 5 > 1 && from < 4 ? ORANGE : BLUE} stroke-linecap="round"`,
        ),
      ) // prettier-ignore
      .concat(
        numbers(6).map(
          (i) =>
            `<rect x="${10 + 38 * i}" y="8" width="32" height="10" rx="5" fill="#888"/><rect x="${10 + 38 * i}" y="102" width="32" height="10" rx="5" fill="#888"/>`,
        ),
      ) // prettier-ignore
      .join(''),
  },
  {
    folder: 'caption',
    title: 'Saying what is there',
    question: 'Can a network say what you put into a picture, and show what each word depends on?',
    description: 'Put shapes into a picture: a network trained in this page says what it sees.',
    picture:
      '<circle cx="84" cy="44" r="30" fill="#d55e00"/><rect x="128" y="58" width="44" height="44" rx="4" fill="#0072b2"/><rect x="60" y="94" width="52" height="8" rx="4" fill="#888"/><rect x="186" y="24" width="34" height="8" rx="4" fill="#888"/>',
  },
  {
    folder: 'handwriting',
    title: 'Handwriting',
    question: 'Can a network go on in your hand, from the strokes of one digit?',
    description: 'Draw a digit: a network trained in this page goes on in your hand.',
    picture:
      `<path d="M24 34C40 14 76 20 66 46C60 58 50 58 44 58C60 58 78 68 70 88C62 108 30 104 22 92" ${BLUE} fill="none" stroke-width="7" stroke-linecap="round"/>` +
      `<path d="M128 20C104 44 92 70 100 90C110 110 140 104 140 84C138 66 112 66 102 82" ${ORANGE} fill="none" stroke-width="5" stroke-linecap="round"/>` +
      `<path d="M168 30C184 14 214 22 206 46C200 64 176 86 166 102L218 100" ${ORANGE} fill="none" stroke-width="5" stroke-linecap="round"/>`,
  },
  {
    folder: 'music',
    title: 'Four voices',
    question: 'Can a network find three voices that go with your melody?',
    description: 'Draw a melody: a network trained in this page adds the other voices, and plays.',
    picture: [
      [30, 24, 18, 18, 24, 30, 36, 42],
      [54, 48, 48, 42, 48, 54, 54, 60],
      [72, 72, 66, 66, 72, 78, 72, 78],
      [102, 90, 84, 96, 102, 90, 96, 102],
    ]
      .flatMap((voice, k) =>
        voice.map(
          (y, i) =>
            `<rect x="${10 + 28 * i}" y="${y}" width="25" height="7" rx="3" fill="${['#888888', '#e69f00', '#009e73', '#0072b2'][k]}"/>`,
        ),
      )
      .join(''),
  },
  {
    folder: 'keyword',
    title: 'Listening for a word',
    question: 'How many times must you say a word until a network knows it?',
    description: 'Record words: a network trained in this page listens for them.',
    picture: numbers(30)
      .map((i) => {
        const height = 4 + 50 * Math.abs(Math.sin(i / 2.1)) * Math.exp(-((i - 15) ** 2) / 40);
        return `<rect x="${8 + 7.6 * i}" y="${60 - height}" width="5" height="${2 * height}" rx="2.5" fill="${Math.abs(i - 15) < 6 ? '#d55e00' : '#888'}"/>`;
      })
      .join(''),
  },
  {
    folder: 'amplifier',
    title: 'An amplifier that was learned',
    question: 'Can a network of thirty-two units sound like a guitar amplifier, live?',
    description:
      'A recurrent network learns to sound like a guitar amplifier, in this page, and is played live.',
    picture: numbers(56)
      .map((i) => {
        const height = 50 * Math.abs(Math.sin(i / 3) * Math.exp(-((i - 28) ** 2) / 300)) + 3;
        return `<rect x="${8 + 4 * i}" y="${60 - height}" width="2.5" height="${2 * height}" rx="1" fill="#009e73"/>`;
      })
      .join(''),
  },
  {
    folder: 'zoo',
    title: 'The zoo',
    question: 'Which cell learns what, and how soon?',
    description:
      'Seventeen recurrent cells on three small tasks, trained in this page, one after the other.',
    picture: numbers(15)
      .map((i) => {
        const width = [52, 66, 66, 30, 66, 44, 66, 66, 24, 66, 12, 66, 66, 38, 66][i];
        return `<rect x="${12 + 74 * (i % 3)}" y="${10 + 21 * Math.floor(i / 3)}" width="68" height="16" rx="4" fill="#888" fill-opacity="0.25"/><rect x="${12 + 74 * (i % 3)}" y="${10 + 21 * Math.floor(i / 3)}" width="${width}" height="16" rx="4" fill="${width === 66 ? '#d55e00' : '#0072b2'}" fill-opacity="0.7"/>`;
      })
      .join(''),
  },
  {
    folder: 'empty',
    title: 'An empty project',
    question: 'What would you train?',
    description: 'A program in a text field, which trains a recurrent network in this page.',
    picture: [110, 170, 140, 60, 120]
      .map(
        (width, i) =>
          `<rect x="${i === 0 || i === 3 ? 24 : 44}" y="${14 + 20 * i}" width="${width}" height="10" rx="5" fill="${['#0072b2', '#888', '#888', '#0072b2', '#d55e00'][i]}"/>`,
      )
      .join(''),
  },
  {
    folder: 'saved',
    title: 'A network from npm start',
    question: 'What does the network that npm start trained make of your sentence?',
    picture: [150, 96, 52, 30]
      .map(
        (width, i) =>
          `<rect x="60" y="${16 + 24 * i}" width="${width}" height="16" rx="4" fill="#0072b2" fill-opacity="${1 - 0.2 * i}"/><rect x="16" y="${20 + 24 * i}" width="34" height="8" rx="4" fill="#888"/>`,
      )
      .join(''),
  },
];
