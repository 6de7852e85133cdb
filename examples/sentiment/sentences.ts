// Made-up reviews of one or more sentences, so that the sentiment examples run without a data set.
import { Random } from '../../src/index.ts';

export interface Labelled {
  readonly text: string;
  /** 1 positive, 0 negative. */
  readonly label: number;
}

const THINGS = 'film,plot,acting,music,phone,battery,screen,food,service,soup,waiter,ending'.split(
  ',',
);
const GOOD = 'good,great,wonderful,excellent,charming,delightful,perfect,superb,fine,lovely'.split(
  ',',
);
const BAD = 'bad,awful,terrible,poor,boring,dreadful,disappointing,horrible,dull,weak'.split(',');
const DEGREES = 'really ,very ,quite ,truly ,, , '.split(',');
const FRAMES = [
  'The # was *.',
  'I found the # *!',
  'What a * #',
  'My friends say that the # is *, and I agree.',
  'We had heard a lot about the #; it was *.',
];

/**
 * Distinct reviews, so that a held-out one never occurs among the others.
 *
 * @param sentences the most sentences in a review; most of them agree with its label
 */
export function madeUpReviews(count: number, seed: number, sentences = 1): Labelled[] {
  const random = new Random(seed);
  const pick = (list: readonly string[]): string => list[random.integer(list.length)];
  const sentence = (positive: boolean): string => {
    // "not bad" is positive, although "bad" is not: counting words is not enough.
    const negated = random.uniform() < 0.3;
    const word = pick(positive === negated ? BAD : GOOD);
    const opinion = `${negated ? 'not ' : pick(DEGREES)}${word}`;
    return pick(FRAMES).replace('#', pick(THINGS)).replace('*', opinion);
  };
  const review = (label: number): string => {
    const length = 1 + random.integer(sentences);
    const opinions = Array.from({ length }, (_, k) => k === 0 || random.uniform() < 0.9);
    const texts = opinions.map((own) => sentence(own === (label === 1)));
    return random.shuffle(texts).join(' ');
  };
  const reviews = new Map<string, number>();
  while (reviews.size < count) {
    const label = reviews.size % 2;
    const text = review(label);
    if (!reviews.has(text)) reviews.set(text, label);
  }
  return [...reviews].map(([text, label]) => ({ text, label }));
}
