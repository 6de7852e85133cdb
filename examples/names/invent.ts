// Made-up names of invented languages, so that the program runs without a data set. Each language has sounds and endings of its own, and all
// share many of them, so that no single letter gives a language away.
import type { Random } from '../../src/index.ts';
import type { Name } from './split.ts';

interface Language {
  readonly language: string;
  /** Of all names. */
  readonly share: number;
  /** What a syllable begins with, what stands in it, and what it ends with; - is nothing. */
  readonly onsets: string;
  /** The vowels of a name are all of one group (vowel harmony). */
  readonly vowels: readonly string[];
  readonly codas: string;
  readonly endings: string;
  readonly syllables: readonly [fewest: number, most: number];
}

const LANGUAGES: readonly Language[] = [
  {
    ...{ language: 'Norvish', share: 0.34, syllables: [1, 2] },
    ...{ onsets: 'b d g h k r st th v sk', vowels: ['a e i o u'], codas: 'n r l - rd lf' },
    endings: 'son sen ard ulf a',
  },
  {
    ...{ language: 'Calese', share: 0.24, syllables: [2, 3] },
    ...{ onsets: 'b c d g l m n p r t v', vowels: ['a e i o'], codas: '- - n r' },
    endings: 'etti ino one ara elli',
  },
  {
    ...{ language: 'Türük', share: 0.16, syllables: [2, 3] },
    ...{ onsets: 'b d g k m s t y', vowels: ['a o u', 'e ö ü'], codas: '- l n r k' },
    endings: 'k n l',
  },
  {
    ...{ language: 'Oshiran', share: 0.12, syllables: [2, 4] },
    ...{ onsets: 'k s t n h m y r sh - ', vowels: ['a i u e o'], codas: '- - - n' },
    endings: 'moto ko shi da ra',
  },
  {
    ...{ language: 'Slavonian', share: 0.09, syllables: [1, 2] },
    ...{ onsets: 'b d k l m n p r s v z br st', vowels: ['a e i o'], codas: '- - v k n sk' },
    endings: 'ov ova ich enko in',
  },
  {
    ...{ language: 'Gaedhel', share: 0.05, syllables: [1, 2] },
    ...{ onsets: 'b c d f g l m n r s t', vowels: ['a ao ea e i o'], codas: 'n l - r nn gh' },
    endings: 'an aigh en in an',
  },
];

const PATTERNS: Record<string, readonly [before: string, share: number]> = {
  Gaedhel: ["O'", 0.4],
  Norvish: ['Van ', 0.08],
};

/** Names by language, some of them more than once, in the order of the languages. */
export function inventNames(count: number, random: Random): Name[] {
  const pick = (list: string) => {
    const parts = list.trim().split(/\s+/);
    return parts[random.integer(parts.length)].replace('-', '');
  };
  const invent = ({ language, onsets, vowels, codas, endings, syllables }: Language): string => {
    const [fewest, most] = syllables;
    const group = vowels[random.integer(vowels.length)];
    const length = fewest + random.integer(most - fewest + 1);
    const syllable = () => pick(onsets) + pick(group) + pick(codas);
    // An ending of consonants follows a vowel.
    const ending = pick(endings);
    const link = /^[aeiouöü]/.test(ending) || language === 'Norvish' ? '' : pick(group);
    const text = Array.from({ length }, syllable).join('') + link + ending;
    const [before, share] = PATTERNS[language] ?? ['', 0];
    return (random.uniform() < share ? before : '') + text[0].toUpperCase() + text.slice(1);
  };
  return LANGUAGES.flatMap((one) =>
    Array.from({ length: Math.round(count * one.share) }, () => ({
      language: one.language,
      name: invent(one),
    })),
  );
}
