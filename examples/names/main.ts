// npm start -- names: many to one, the language of a name, and one to many, names from a language and a first letter.
import { confusionTable, learningCurves, reportPage } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Symbols } from '../symbols.ts';
import { Estimate, forget } from '../training.ts';
import { verdict } from '../verdict.ts';
import { classify } from './classify.ts';
import { compose, firstLetters, learnToCompose } from './compose.ts';
import { readNames } from './data.ts';
import table from './options.json' with { type: 'json' };
import { distinctNames, languagesOf, splitNames } from './split.ts';

const [EPOCHS, FULL_EPOCHS] = [6, 10];
/** Names that are composed for each language, and how far from the most likely ones. */
const [COMPOSED, TEMPERATURE] = [4, 0.6];

await runProgram(table, async ({ data, full, resume, out, ...given }) => {
  const seed = Number(given.seed);
  const epochs = Number(given.epochs ?? (full ? FULL_EPOCHS : EPOCHS));
  const names = await readNames(data, seed);
  const languages = languagesOf(names);
  const splits = {
    rows: splitNames(names, seed),
    'distinct pairs': splitNames(distinctNames(names), seed),
  };
  console.log(
    `${names.length} names${data === undefined ? ', made up,' : ''} of ${languages.length} languages; ${distinctNames(names).length} distinct pairs of a name and a language`,
  );
  const stores = await Promise.all(
    ['rows', 'pairs', 'composer'].map((name) => folderStore(`${out}/${name}`)),
  );
  if (resume === undefined) await Promise.all(stores.map(forget));
  const estimate = new Estimate(stores.length * epochs);
  const optionsOf = (i: number, what: string) => ({
    ...{ store: stores[i], resume: resume !== undefined, epochs, seed, estimate },
    settings: { data: data ?? 'made up', what, epochs, seed },
  });

  const rows = [['held out', 'names', 'baseline', 'LSTM']];
  const figures: string[] = [];
  let isBetter = true;
  for (const [i, [by, split]] of Object.entries(splits).entries()) {
    console.log(`\nthe language of a name, split by ${by}:`);
    const symbols = new Symbols([...new Set(split.train.flatMap(({ name }) => [...name]))].sort());
    const found = await classify(split, symbols, languages, optionsOf(i, by));
    const { accuracy, mostFrequent, confusion, history } = found;
    isBetter &&= accuracy > mostFrequent;
    rows.push([`accuracy, split by ${by}`, String(split.heldOut.length), mostFrequent.toFixed(3), accuracy.toFixed(3)]); // prettier-ignore
    figures.push(await confusionTable(confusion, languages, { title: `split by ${by}` }));
    figures.push(...(await learningCurves(history, { held: 'held out' })));
    found.model.dispose();
  }

  console.log('\nnames from a language and a first letter:');
  const split = splits['distinct pairs'];
  const composer = await learnToCompose(split, optionsOf(2, 'composer'));
  const { network, all, byLanguage } = composer.bits;
  isBetter &&= network < Math.min(all, byLanguage);
  const bitsRow = (what: string, baseline: number) =>
    [`bits a character, ${what}`, String(split.heldOut.length), baseline.toFixed(3), network.toFixed(3)]; // prettier-ignore
  rows.push(bitsRow('2-grams of all names', all), bitsRow('2-grams by language', byLanguage));
  const beginnings = languages.flatMap((language) =>
    firstLetters(split.train, language, COMPOSED).map((name) => ({ language, name })),
  );
  const made = await compose(composer, beginnings, { temperature: TEMPERATURE, seed });
  const known = new Set(names.map(({ language, name }) => `${language} ${name}`));
  const composed = languages.map((language) => [
    language,
    beginnings
      .map((one, i) => ({ ...one, name: made[i] }))
      .filter((one) => one.language === language)
      .map(({ name }) => (known.has(`${language} ${name}`) ? `${name}*` : name))
      .join(', '),
  ]);
  console.log(`\nComposed (* is in the data):`);
  console.log(composed.map(([language, list]) => `${language}: ${list}`).join('\n'));

  await writeReport(
    out,
    reportPage('Names and languages', [
      {
        text: 'A fifth of the names of each language is held out. The baselines are the most frequent language, and interpolated 2-grams.',
        table: rows,
      },
      { heading: 'The language of a name', figures },
      {
        heading: 'Names from a language and a first letter',
        text: 'A name with * is in the data.',
        table: [['language', 'composed'], ...composed],
        figures: await learningCurves(composer.history, { held: 'held out' }),
      },
    ]),
  );
  console.log(tableText(rows));
  return verdict(isBetter, given.epochs === undefined ? null : `--epochs ${epochs}`);
});
