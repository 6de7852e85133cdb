import { describe, expect, it } from 'vitest';
import { Alphabet } from '../../examples/language/alphabet.ts';
import {
  bucket,
  drawWindows,
  paddingShare,
  shuffledBatches,
  toBatch,
} from '../../examples/language/batches.ts';
import {
  accuracyOf,
  confusionOf,
  confusionText,
  mistakesText,
} from '../../examples/language/confusion.ts';
import {
  buildCorpus,
  clip,
  paragraphsOf,
  sentencesOf,
} from '../../examples/language/declaration.ts';
import { guesses } from '../../examples/language/guess.ts';
import { languages } from '../../examples/language/languages.ts';
import { buildNetwork } from '../../examples/language/network.ts';
import { randomSource } from '../../examples/language/random.ts';
import { reportHtml } from '../../examples/language/report.ts';
import { argMax, classify, train } from '../../examples/language/training.ts';
import { setDevice } from '../../src/index.ts';
import { gpu } from '../support/devices.ts';

const page = (paragraphs: string[]) =>
  `<html><body><h1>Title</h1>${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}</body></html>`;

describe('the rules of the data', () => {
  it('takes the text of <p> and <li>, decodes entities and leaves headings out', () => {
    const html =
      '<h1>No</h1><p>Fish &amp; <em>chips</em>\n &#233;t&#xe9;</p><ol><li><p>one</p></li><li>two</li><li> </li></ol>';
    expect(paragraphsOf(html)).toEqual(['Fish & chips été', 'one', 'two']);
  });

  it('splits sentences after punctuation, drops short ones and clips long ones at a word', () => {
    const long = `${'word '.repeat(30)}end.`;
    expect(sentencesOf(`Too short. This sentence is long enough; ${long}`)).toEqual([
      'This sentence is long enough;',
      'word '.repeat(20).trim(),
    ]);
    expect(clip('x'.repeat(120))).toHaveLength(100);
  });

  it('holds out every fifth paragraph, all of its sentences, from the first on', () => {
    const text = (i: number) =>
      `This is the paragraph of number ${i}. It has a second sentence ${i}.`;
    const corpus = buildCorpus([page(Array.from({ length: 11 }, (_, i) => text(i)))]);
    expect(corpus.heldOut.map(({ text }) => text)).toEqual(
      [0, 5, 10].flatMap((i) => sentencesOf(text(i))),
    );
    expect(corpus.train).toHaveLength(16);
    expect(corpus.paragraphs).toHaveLength(8);
    expect(corpus.dropped).toBe(0);
  });

  it('drops from the training text what is held out as well', () => {
    const shared = 'This very sentence is shared.';
    const corpus = buildCorpus([page([shared, `${shared} But this one is for training.`])]);
    expect(corpus.heldOut.map(({ text }) => text)).toEqual([shared]);
    expect(corpus.train.map(({ text }) => text)).toEqual(['But this one is for training.']);
    expect(corpus.paragraphs.map(({ text }) => text)).toEqual(['But this one is for training.']);
    expect(corpus.dropped).toBe(1);
  });

  it('gives padding 0, the unknown 1 and characters the tokens from 2 on', () => {
    const alphabet = Alphabet.of(['cab', 'bž']);
    expect(alphabet.size).toBe(6);
    expect(alphabet.encode('abcž?')).toEqual([2, 3, 4, 5, 1]);
  });
});

describe('batches', () => {
  const samples = ['aaaa', 'b', 'cc', 'ddddd', 'e'].map((text, label) => ({ text, label }));
  const alphabet = Alphabet.of(samples.map(({ text }) => text));

  it('pads on the right to the longest row', () => {
    const { x, y } = toBatch(samples.slice(0, 3), alphabet);
    expect(x.shape).toEqual([3, 4]);
    expect([...x.data]).toEqual([2, 2, 2, 2, 3, 0, 0, 0, 4, 4, 0, 0]);
    expect([...y.data]).toEqual([0, 1, 2]);
  });

  it('puts rows of like length together and loses none', () => {
    const groups = bucket(samples, 2);
    expect(groups.map((group) => group.map(({ text }) => text.length))).toEqual([
      [1, 1],
      [2, 4],
      [5],
    ]);
    const batches = shuffledBatches([...samples], 2, alphabet, randomSource(1));
    expect(batches.flatMap(({ y }) => [...y.data]).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(paddingShare(batches)).toBeCloseTo(2 / 15);
  });

  it('draws the same windows for the same seed: of the range, from the beginning of a word', () => {
    const text = 'the quick brown fox jumps over the lazy dog and runs away from it all';
    const draw = (seed: number) =>
      drawWindows([{ text, label: 7 }], 50, { shortest: 10, longest: 20 }, randomSource(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    for (const window of draw(3)) {
      expect(window.label).toBe(7);
      expect(window.text.length).toBeLessThanOrEqual(20);
      expect(` ${text}`).toContain(` ${window.text}`);
    }
  });
});

describe('training', () => {
  // Two made-up languages of other letters and a third that has the letters of both.
  const words = ['bab dad bad dab abba', 'kok mim kim mok imko', 'bok dim kab mad boka'];
  const corpus = buildCorpus(
    words.map((some, language) => {
      const random = randomSource(language);
      const list = some.split(' ');
      const word = () => list[Math.floor(random() * list.length)];
      return page(Array.from({ length: 30 }, () => Array.from({ length: 20 }, word).join(' ')));
    }),
  );
  const alphabet = Alphabet.of(corpus.paragraphs.map(({ text }) => text));

  it.each(['gru', 'lstm', 'simple'] as const)('tells made-up languages apart: %s', async (cell) => {
    setDevice(await gpu());
    const model = buildNetwork({
      ...{ vocabulary: alphabet.size, classes: 3, cell, features: 8, units: 8, seed: 1 },
    });
    const { history } = await train(model, corpus, alphabet, {
      ...{ epochs: 6, windows: 160, batchSize: 16, learningRate: 0.03, seed: 1 },
      range: { shortest: 10, longest: 20 },
    });
    expect(history.loss[5]).toBeLessThan(history.loss[0]);
    expect(history.valAccuracy[5]).toBeGreaterThan(0.9);
    // classify() answers in the order of the samples, whatever their lengths.
    const samples = [...corpus.heldOut].reverse().map(({ text, label }, i) => {
      return { text: text.slice(0, 20 + i), label };
    });
    const answers = (await classify(model, samples, alphabet)).map(argMax);
    const right = answers.filter((answer, i) => answer === samples[i].label).length;
    expect(right / samples.length).toBeGreaterThan(0.9);
    model.dispose();
  });
});

describe('what is shown', () => {
  const three = languages.slice(0, 3);
  const confusion = confusionOf([0, 0, 1, 2, 2], [0, 1, 1, 2, 1], 3);

  it('counts the confusions', () => {
    expect(confusion).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(accuracyOf(confusion)).toBeCloseTo(3 / 5);
    expect(mistakesText(confusion, three).split('\n')).toEqual([
      '  1 × English taken for French',
      '  1 × German taken for French',
    ]);
    expect(confusionText(confusion, three).split('\n')[1]).toMatch(/^eng +1 +1 +· +0\.50$/);
  });

  it('orders the probabilities', () => {
    const [first, second] = guesses([0, Math.log(3), 1000 - 1000], three);
    expect(first.language.code).toBe('fra');
    expect(first.probability).toBeCloseTo(0.6);
    expect(second.probability).toBeCloseTo(0.2);
    expect(guesses([1e4, 0, 0], three)[0].probability).toBe(1);
  });

  it('writes a report that fetches nothing and escapes text', async () => {
    const html = await reportHtml({
      facts: [['<adapter>', 'a & b']],
      accuracy: 0.6,
      heldOutCount: 5,
      history: { loss: [3, 2, Number.NaN], valLoss: [3, 2.5, 2], accuracy: [0.1, 0.5, 0.6] },
      confusion,
      languages: three,
      examples: [{ text: '<script>', guesses: guesses([1, 0, 0], three) }],
    });
    const document = new DOMParser().parseFromString(html, 'text/html');
    expect(document.querySelectorAll('script, link, img, [src], [href]')).toHaveLength(0);
    expect(document.querySelectorAll('[aria-label="line"] path')).toHaveLength(3);
    const cells = [...document.querySelectorAll('td')].map(({ textContent }) => textContent);
    expect(cells).toContain('<script>');
    expect(cells).toContain('<adapter>');
    expect(cells).toContain('a & b');
    expect(document.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(9);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });
});
