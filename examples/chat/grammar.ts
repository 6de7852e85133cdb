// The grammar of the dialogues: questions to a small hotel, with slots, and the answers that follow from what fills them.

export type Values = Readonly<Record<string, string>>;

export interface Topic {
  readonly name: string;
  /** What the slots of its questions, `@name`, can be. */
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly questions: readonly string[];
  /** Questions after an answer, which change one slot and leave the others as they were. */
  readonly further: readonly string[];
  answer(values: Values): string;
}

const list = (text: string): readonly string[] => text.split(' ');
const DAYS = list('monday tuesday wednesday thursday friday saturday sunday');
const CITIES = list(
  'oslo rome paris vienna madrid lisbon prague berlin dublin athens london warsaw',
);
const HOURS = list('six seven eight nine ten eleven');
const HOT = list('coffee tea cocoa cappuccino espresso');
const COLD = list('juice lemonade cola water milkshake');

const isWeekend = (day: string): boolean => day === 'saturday' || day === 'sunday';

export const TOPICS: readonly Topic[] = [
  {
    name: 'train',
    slots: { city: CITIES, day: DAYS },
    questions: [
      'when does the train to @city leave on @day ?',
      'I want to go to @city on @day , is there a train ?',
      'on @day we travel to @city , when do we have to be there ?',
    ],
    further: ['and on @day ?', 'and to @city ?'],
    answer({ city, day }) {
      const line = CITIES.indexOf(city);
      const hour = HOURS[line % HOURS.length];
      const platform = ['one', 'two', 'three', 'four'][line % 4];
      const place = isWeekend(day) ? 'the old station' : `platform ${platform}`;
      return `the train to ${city} leaves on ${day} at ${hour} from ${place}`;
    },
  },
  {
    name: 'table',
    slots: { guests: list('two three four five six'), day: DAYS, hour: HOURS },
    questions: [
      'is there a table for @guests on @day at @hour ?',
      'we are @guests and would like to eat on @day at @hour',
      'at @hour on @day please , a table for @guests',
    ],
    further: ['and on @day ?', 'and at @hour ?', 'and for @guests ?'],
    answer({ guests, day, hour }) {
      if (day === 'monday') return 'sorry , the kitchen is closed on monday';
      const place = isWeekend(day) ? 'in the garden' : 'by the window';
      return `yes , on ${day} at ${hour} there is a table for ${guests} ${place}`;
    },
  },
  {
    name: 'drink',
    slots: { size: list('small medium large'), drink: [...HOT, ...COLD], hour: HOURS },
    questions: [
      'can you bring a @size @drink at @hour ?',
      'what is the price of a @size @drink at @hour ?',
      'I would like to have a @size @drink , at @hour please',
    ],
    further: ['and a @drink ?', 'and a @size one ?', 'and at @hour ?'],
    answer({ size, drink, hour }) {
      const price =
        list('two three four five')[
          list('small medium large').indexOf(size) + Number(COLD.includes(drink))
        ];
      return `a ${size} ${drink} is ${price} euros , we bring it at ${hour}`;
    },
  },
];

/** A question whose slots are filled. */
export const filled = (question: string, values: Values): string =>
  question.replace(/@(\w+)/g, (_, slot: string) => values[slot]);

/** Every combination of what can fill the slots of a topic. */
export function combinationsOf({ slots }: Topic): Values[] {
  let all: Values[] = [{}];
  for (const [slot, values] of Object.entries(slots))
    all = all.flatMap((some) => values.map((value) => ({ ...some, [slot]: value })));
  return all;
}
