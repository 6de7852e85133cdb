// Made-up sentences, so that the program runs without a data set.
import type { Random } from '../../src/index.ts';

/** What each name stands for: alternatives, in which words beginning with @ stand for others. */
const RULES: Record<string, readonly string[]> = {
  sentence: [
    '@person @verb @thing .',
    '@person @verb @thing @place .',
    'does @person @infinitive @thing ?',
    'where does @person @infinitive @thing ?',
    '@thing is @quality .',
    'is @thing @quality ?',
    '@person is @quality and @quality .',
    'the @quality @animal @verb @thing .',
    'give @person @thing , please .',
  ],
  person: 'Anna,Ben,Clara,David,Emma,my brother,my sister,our teacher,the baker'.split(','),
  verb: 'sees,likes,wants,finds,needs,sells,paints,forgets'.split(','),
  infinitive: 'see,like,want,find,need,sell,paint,forget'.split(','),
  thing: ['@article @noun', '@article @noun', '@article @quality @noun'],
  article: ['the', 'a', 'this', 'her', 'his'],
  noun: 'house,boat,book,letter,garden,clock,picture,table,lamp,song,bridge,apple'.split(','),
  animal: 'cat,dog,horse,bird,mouse'.split(','),
  quality: 'old,new,small,large,red,green,quiet,strange,beautiful,cheap'.split(','),
  place: ['in the @noun', 'near the @noun', 'at home', 'in town', 'today', 'every day'],
};

/** Distinct sentences, with spaces between words and signs. */
export function inventSentences(count: number, random: Random): string[] {
  const expand = (symbol: string): string => {
    const alternatives = RULES[symbol];
    return alternatives[random.integer(alternatives.length)]
      .split(' ')
      .map((word) => (word.startsWith('@') ? expand(word.slice(1)) : word))
      .join(' ');
  };
  const found = new Set<string>();
  while (found.size < count) found.add(expand('sentence'));
  return [...found];
}
