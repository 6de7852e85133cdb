// Made-up English sentences with their French translations: a small grammar whose words agree in gender, number and person, and stand
// in another order in the two languages.
import { Random } from '../../src/index.ts';
import type { Pair } from '../encoder_decoder/pairs.ts';

/** Singular and plural, or masculine singular, feminine singular, masculine plural and feminine plural. */
const forms = (text: string): string[][] => text.split(', ').map((one) => one.split(' '));

/** English singular and plural, French singular and plural, and whether it is feminine. No French word begins with a vowel. */
const NOUNS = [
  ...forms('dog dogs chien chiens, cat cats chat chats, friend friends copain copains'),
  ...forms('book books livre livres, garden gardens jardin jardins, train trains train trains'),
  ...forms('bird birds moineau moineaux, bread breads pain pains'),
  ...forms('house houses maison maisons f, car cars voiture voitures f, flower flowers fleur fleurs f'),
  ...forms('girl girls fille filles f, table tables table tables f, letter letters lettre lettres f'),
  ...forms('town towns ville villes f, door doors porte portes f'),
]; // prettier-ignore

/** English, and the four forms of French. These follow the noun … */
const AFTER = [
  ...forms('black noir noire noirs noires, white blanc blanche blancs blanches'),
  ...forms('green vert verte verts vertes, blue bleu bleue bleus bleues'),
  ...forms('quiet calme calme calmes calmes, heavy lourd lourde lourds lourdes'),
];
/** … and these come before it. */
const BEFORE = [
  ...forms('small petit petite petits petites, big grand grande grands grandes'),
  ...forms('pretty joli jolie jolis jolies, bad mauvais mauvaise mauvais mauvaises'),
];

/** English with I, you, we and they, and with he and she; French with je, tu, il, nous, vous and ils. */
const VERBS = [
  ...forms('see sees vois vois voit voyons voyez voient'),
  ...forms('carry carries porte portes porte portons portez portent'),
  ...forms('find finds trouve trouves trouve trouvons trouvez trouvent'),
  ...forms('sell sells vends vends vend vendons vendez vendent'),
  ...forms('draw draws dessine dessines dessine dessinons dessinez dessinent'),
  ...forms('lose loses perds perds perd perdons perdez perdent'),
  ...forms('look-for looks-for cherche cherches cherche cherchons cherchez cherchent'),
  ...forms('take takes prends prends prend prenons prenez prennent'),
];

/** English, French, and the place of the verb's form. */
const PRONOUNS: [string, string, number][] = [
  ['i', 'je', 0],
  ['he', 'il', 2],
  ['she', 'elle', 2],
  ['we', 'nous', 3],
  ['you', 'vous', 4],
  ['they', 'ils', 5],
];
/** English, and French in the four forms. */
const DETERMINERS = forms(
  'the le la les les, a un une des des, this ce cette ces ces, my mon ma mes mes',
);
const PLURAL: Record<string, string> = { a: 'some', this: 'these' };
/** Objects that stand before the verb in French. */
const OBJECTS = forms('him le, her la, them les');

interface Phrase {
  readonly english: readonly string[];
  readonly french: readonly string[];
}
const NOTHING: Phrase = { english: [], french: [] };
const TIMES: Phrase[] = [
  NOTHING,
  NOTHING,
  { english: ['today'], french: ["aujourd'hui"] },
  { english: ['in', 'the', 'evening'], french: ['le', 'soir'] },
];

/**
 * A noun with a determiner and perhaps adjectives: `the small black cats`, `les petits chats noirs`.
 *
 * @param denied whether it is the object of a verb that is: then `a dog` is `de chien`
 */
function nounPhrase(random: Random, plural: boolean, denied = false): Phrase {
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const [one, several, singular, many, gender] = pick(NOUNS);
  const form = 2 * Number(plural) + Number(gender === 'f');
  const [determiner, ...determiners] = pick(DETERMINERS);
  const before = random.uniform() < 0.35 ? pick(BEFORE) : null;
  const after = random.uniform() < 0.45 ? pick(AFTER) : null;
  const partitive = determiner === 'a' && (denied || (plural && before));
  return {
    english: [
      (plural ? PLURAL[determiner] : undefined) ?? determiner,
      ...(before ? [before[0]] : []),
      ...(after ? [after[0]] : []),
      plural ? several : one,
    ],
    french: [
      partitive ? 'de' : determiners[form],
      ...(before ? [before[1 + form]] : []),
      plural ? many : singular,
      ...(after ? [after[1 + form]] : []),
    ],
  };
}

/** Subject, verb and object; perhaps denied, asked, with `often` or with a time. */
function sentence(random: Random): Phrase {
  const pick = <T>(list: readonly T[]): T => list[random.integer(list.length)];
  const chance = (share: number): boolean => random.uniform() < share;
  const plural = chance(0.4);
  const pronoun = chance(0.4) ? pick(PRONOUNS) : null;
  const subject: Phrase = pronoun
    ? { english: [pronoun[0]], french: [pronoun[1]] }
    : nounPhrase(random, plural);
  const person = pronoun ? pronoun[2] : plural ? 5 : 2;
  const [infinitive, third, ...conjugated] = pick(VERBS);
  const clitic = chance(0.25) ? pick(OBJECTS) : null;
  const [denied, often, asked] = [chance(0.3), chance(0.2), chance(0.15)];
  const object = clitic ? NOTHING : nounPhrase(random, chance(0.4), denied);
  const time = pick(TIMES);

  const does = person === 2 ? 'does' : 'do';
  const verb = (denied || asked ? infinitive : person === 2 ? third : infinitive).replace('-', ' ');
  return {
    english: [
      ...(asked ? [does] : []),
      ...subject.english,
      ...(denied ? (asked ? ['not'] : [does, 'not']) : []),
      ...(often ? ['often'] : []),
      ...verb.split(' '),
      ...(clitic ? [clitic[0]] : object.english),
      ...time.english,
      asked ? '?' : '.',
    ],
    french: [
      ...(asked ? ['est-ce', /^[ei]/.test(subject.french[0]) ? "qu'" : 'que'] : []),
      ...subject.french,
      ...(denied ? ['ne'] : []),
      ...(clitic ? [clitic[1]] : []),
      conjugated[person],
      ...(denied ? ['pas'] : []),
      ...(often ? ['souvent'] : []),
      ...object.french,
      ...time.french,
      asked ? '?' : '.',
    ],
  };
}

/** So many sentences, no English one twice, so that parts of the list have no sentence in common. */
export function madeUpPairs(count: number, seed: number): Pair[] {
  const random = new Random(seed);
  const pairs = new Map<string, Pair>();
  while (pairs.size < count) {
    const { english, french } = sentence(random);
    pairs.set(english.join(' '), { source: english, targets: [french] });
  }
  return [...pairs.values()];
}
