// npm start -- anbn: which networks can count? They read aⁿbⁿ and nested brackets, symbol by symbol, and say what may come next; then they are
// asked for words three times as long (Gers and Schmidhuber 2001; Suzgun, Gehrmann, Belinkov and Shieber 2019).
import { reportPage } from '../plots/index.ts';
import type { ReportSection } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { bestOf, PLAN } from './attempts.ts';
import type { Result } from './attempts.ts';
import { judge } from './judge.ts';
import { bracketLanguage, countingLanguage, textOf } from './languages.ts';
import { CELLS } from './learn.ts';
import { markovModel } from './markov.ts';
import table from './options.json' with { type: 'json' };
import { verdict } from '../verdict.ts';
import { counterPlots, tableOf } from './report.ts';

const ORDER = 5;
/** Steps of the training whose words the Markov model is made from. */
const SEEN = 100;
/** What the training words count to. */
const LONGEST = 12;

await runProgram(table, async ({ resume, out, ...given }) => {
  const [seed, attempts] = [given.seed, given.attempts].map(Number);
  const epochs = given.epochs === undefined ? undefined : Number(given.epochs);
  const languages = [countingLanguage(LONGEST), bracketLanguage(LONGEST, seed)];
  const began = performance.now();
  const [sections, tables, misses]: [ReportSection[], string[], string[]] = [[], [], []];
  let done = 0;
  for (const language of languages) {
    const { name, valid, test } = language;
    const train = Array.from({ length: SEEN }, (_, step) => language.train(step)).flat();
    const some = language
      .train(0)
      .filter(({ symbols }) => symbols.length < 9)
      .slice(-3);
    console.log(`\n${name} (${some.map((word) => textOf(word, language)).join(', ')}, ...): words that count to ${LONGEST} at most to train on, ${valid.length} up to ${2 * LONGEST} to choose by, ${test.length} up to ${3 * LONGEST} to test`); // prettier-ignore
    const markov = judge(markovModel(train, ORDER), test);
    const results: Result[] = [];
    for (const cell of CELLS) {
      results.push(await bestOf(cell, language, { attempts, epochs, seed, out, resume: resume !== undefined })); // prettier-ignore
      done++;
      const each = (performance.now() - began) / 1000 / done;
      const left = languages.length * CELLS.length - done;
      if (left > 0) console.log(`  ${left} networks left, about ${Math.ceil(left * each)} s`);
    }
    const [{ verdict }] = results;
    if (verdict.share <= markov.share)
      misses.push(`${name}: the LSTM is no better than the Markov model`);
    if (verdict.upTo < 3 * LONGEST)
      misses.push(`${name}: the LSTM is right up to ${verdict.upTo}, not to ${3 * LONGEST}`);
    const rows = tableOf(ORDER, markov, results);
    tables.push(`${name}\n${tableText(rows)}`);
    sections.push({ heading: name, table: rows, figures: await counterPlots(results) });
  }
  await writeReport(
    out,
    reportPage('Counting', [
      {
        text:
          `Networks of ${PLAN.units} units, trained on words that count to ${LONGEST} at most. A word is right if at every step all that may come ` +
          `next is named, and nothing else. Each network is as after its epoch with the least loss on words that count up to ${2 * LONGEST}, and of ` +
          `${attempts} seeds at most it is the one with the most of those right. Nothing was chosen by longer words. The pictures show the unit ` +
          'that follows the count most closely, over the longest test word.',
      },
      ...sections,
    ]),
  );
  console.log(`\n${tables.join('\n\n')}`);
  if (misses.length > 0) console.log(`missed: ${misses.join('; ')}`);
  return verdict(misses.length === 0, epochs === undefined ? null : `--epochs ${epochs}`);
});
