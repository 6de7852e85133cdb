import { describe, expect, it } from 'vitest';
import { classify } from '../../examples/names/classify.ts';
import { compose, firstLetters, learnToCompose } from '../../examples/names/compose.ts';
import { inventNames } from '../../examples/names/invent.ts';
import { distinctNames, languagesOf, splitNames } from '../../examples/names/split.ts';
import type { Name } from '../../examples/names/split.ts';
import { memoryStore } from '../../examples/store.ts';
import { Symbols } from '../../examples/symbols.ts';
import { Random, setDevice, wasm } from '../../src/index.ts';

/** Two languages: vowels and consonants in turn, and letters twice. */
function twoLanguages(count: number): Name[] {
  const random = new Random(1);
  const letters = (list: string, length: number) =>
    Array.from({ length }, () => list[random.integer(list.length)]);
  return Array.from({ length: count }, (_, i) => {
    const isFirst = i % 3 > 0;
    const name = letters('BCDF', 2 + random.integer(3))
      .map((letter) => (isFirst ? letter + letters('aei', 1)[0] : letter + letter))
      .join('');
    return { language: isFirst ? 'first' : 'second', name };
  });
}
const options = (epochs: number) => ({
  ...{ store: memoryStore(), resume: false, epochs, settings: {}, seed: 1 },
});

describe('names', () => {
  it('are made up with the shares of their languages, some of them twice', () => {
    const names = inventNames(1000, new Random(1));
    expect(inventNames(1000, new Random(1))).toEqual(names);
    expect(languagesOf(names)).toHaveLength(6);
    const norvish = names.filter(({ language }) => language === 'Norvish');
    expect(norvish.length).toBe(340);
    expect(names.every(({ name }) => /^\p{Lu}\S/u.test(name))).toBe(true);
    const distinct = distinctNames(names);
    expect(distinct.length).toBeLessThan(names.length);
    expect(distinct.length).toBeGreaterThan(0.7 * names.length);
  });

  it('are held out in equal shares of all languages', () => {
    const names = distinctNames(inventNames(1000, new Random(1)));
    const { train, heldOut } = splitNames(names, 1);
    expect(train.length + heldOut.length).toBe(names.length);
    const texts = new Set(train.map(({ language, name }) => `${language} ${name}`));
    expect(heldOut.some(({ language, name }) => texts.has(`${language} ${name}`))).toBe(false);
    for (const language of languagesOf(names)) {
      const [own, held] = [names, heldOut].map(
        (list) => list.filter((one) => one.language === language).length,
      );
      expect(held).toBe(Math.round(0.2 * own));
    }
    expect(splitNames(names, 2).heldOut).not.toEqual(heldOut);
  });

  it('are told apart, and composed', async () => {
    setDevice(await wasm());
    const split = splitNames(twoLanguages(240), 1);
    const languages = ['first', 'second'];
    const symbols = new Symbols('BCDFaei');
    const found = await classify(split, symbols, languages, options(4));
    expect(found.mostFrequent).toBeCloseTo(2 / 3, 2);
    expect(found.accuracy).toBeGreaterThan(0.95);
    expect(found.confusion.flat().reduce((a, b) => a + b)).toBe(split.heldOut.length);

    const composer = await learnToCompose(split, options(40));
    const { network, all, byLanguage } = composer.bits;
    expect(network).toBeLessThan(all);
    expect(byLanguage).toBeLessThan(all);
    expect(firstLetters(split.train, 'first', 9).sort()).toEqual(['B', 'C', 'D', 'F']);
    const beginnings = languages.map((language) => ({ language, name: 'C' }));
    const settings = { temperature: 0.2, seed: 1 };
    const [first, second] = await compose(composer, beginnings, settings);
    expect(first).toMatch(/^C[aei]/);
    expect(second).toMatch(/^CC/);
  });
});
