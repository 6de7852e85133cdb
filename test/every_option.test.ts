/** Every public function refuses an option that it does not know, and says which it takes. */
import { describe, expect, it } from 'vitest';
import { CALLS, ENTRIES } from './support/option-calls.ts';
import { optionTakers } from './support/option-takers.ts';

/** The namespace that a file's functions are in. */
const SPACES: readonly [folder: RegExp, space: string][] = [
  [/^optimizers\/schedules/, 'schedules'],
  [/^layers\/cells\//, 'cells'],
  [/^model\/callbacks\//, 'callbacks'],
  [/^initializers/, 'initializers'],
  [/^(losses|metrics|optimizers|layers|ops|audio|data|profile|stepper|text|vectors)\//, '$1'],
];

/** Classes that programs use without the index naming them, and those whose methods are other functions' business. */
const CLASSES: Readonly<Record<string, string>> = {
  Stream: 'what stream() gives',
  Layer: 'what functions of layers give',
};
const NOT_OPTIONS: Readonly<Record<string, string>> = {
  'text.Tokenizer.fromConfig': 'an analyzer',
  Model: 'made by sequential() and model(), which check',
  Layer: 'a class to extend',
  InputLayer: 'made by input(), which checks',
  Stream: 'made by stream(); its constructor checks',
  'Layer.listed': 'called by apply, which hands its options on',
  'Cell.sequence': 'called by rnn()',
  'losses.findLoss': 'a loss and its name',
  'optimizers.Optimizer': 'a class to extend; its constructor checks',
};

function publicName({ file, name }: { file: string; name: string }): string | null {
  const found = SPACES.find(([folder]) => folder.test(file));
  const space = found ? file.match(found[0])![0].replace(found[0], found[1]) : '';
  const [owner] = name.split('.');
  if (owner in CLASSES) return name;
  for (const one of [space, ''])
    if (one in ENTRIES && Object.hasOwn(ENTRIES[one], owner)) return one ? `${one}.${name}` : name;
  return null;
}

describe('an option that nobody knows', () => {
  it('is tried with every public function that takes options', () => {
    const takers = optionTakers().flatMap((taker) => publicName(taker) ?? []);
    expect(takers.length).toBeGreaterThan(150);
    const missing = takers.filter((name) => !(name in CALLS) && !(name in NOT_OPTIONS));
    expect([...new Set(missing)]).toEqual([]);
  });

  it.each(Object.keys(CALLS))('is refused by %s', async (name) => {
    let message = 'taken';
    try {
      await CALLS[name]({ notAnOption: 1 });
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(/expected (the |no )?options( of .*| .*|), got 'notAnOption'/);
  });
});
