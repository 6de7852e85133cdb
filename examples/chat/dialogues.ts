// Dialogues to learn from and to be tested on: the tests have combinations of slots that are in none to learn from.
import { Random } from '../../src/index.ts';
import { combinationsOf, filled, TOPICS } from './grammar.ts';
import type { Topic, Values } from './grammar.ts';

export interface Dialogue {
  readonly topic: string;
  /** What the guest has said so far; the last line is to be answered. */
  readonly lines: readonly string[];
  readonly answer: string;
}
export interface Dialogues {
  readonly train: readonly Dialogue[];
  /** Combinations that are neither in `train` nor in `test`. */
  readonly dev: readonly Dialogue[];
  readonly test: readonly Dialogue[];
}

const PARTS = ['train', 'dev', 'test'] as const;
/** Shares of the combinations. */
const SHARES = { train: 0.7, dev: 0.1, test: 0.2 };

/** @param count of dialogues to learn from; a tenth of that to watch, and as many to test */
export function makeDialogues(count: number, seed: number): Dialogues {
  const random = new Random(seed);
  const split = TOPICS.map((topic) => {
    const all = random.shuffle(combinationsOf(topic));
    let begin = 0;
    const parts = PARTS.map((part) => {
      const end = begin + Math.round(SHARES[part] * all.length);
      const own = all.slice(begin, part === 'test' ? undefined : end);
      begin = end;
      return [part, own] as const;
    });
    return { topic, parts: Object.fromEntries(parts) as Record<(typeof PARTS)[number], Values[]> };
  });
  const of = (part: (typeof PARTS)[number], wanted: number): Dialogue[] => {
    const found = new Map<string, Dialogue>();
    // Some are drawn twice, and there may be too few.
    for (let tries = 0; found.size < wanted && tries < 20 * wanted; tries++) {
      const { topic, parts } = pick(split, random);
      const one = draw(topic, parts[part], parts.train, random);
      if (one) found.set(one.lines.join('\n'), one);
    }
    return [...found.values()];
  };
  const few = Math.ceil(count / 10);
  return { train: of('train', count), dev: of('dev', few), test: of('test', few) };
}

const pick = <T>(list: readonly T[], random: Random): T => list[random.integer(list.length)];

/**
 * A question, or one that follows another one.
 *
 * @param asked combinations of the last question @param known those of a first one
 */
function draw(
  topic: Topic,
  asked: readonly Values[],
  known: readonly Values[],
  random: Random,
): Dialogue | null {
  const values = pick(asked, random);
  const answer = topic.answer(values);
  if (random.uniform() < 0.5)
    return { topic: topic.name, lines: [filled(pick(topic.questions, random), values)], answer };
  const further = pick(topic.further, random);
  const slot = /@(\w+)/.exec(further)![1];
  const before = known.filter((one) =>
    Object.keys(values).every((name) => (one[name] === values[name]) === (name !== slot)),
  );
  if (before.length === 0) return null;
  const first = filled(pick(topic.questions, random), pick(before, random));
  return { topic: topic.name, lines: [first, filled(further, values)], answer };
}
