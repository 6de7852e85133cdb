// npm start -- translate: from English to French, by an encoder and a decoder with attention and without; beside them, what one gets from
// the most similar sentence of the training data.
import { alignmentOf, decode } from '../encoder_decoder/decode.ts';
import { learn } from '../encoder_decoder/learn.ts';
import type { Plan } from '../encoder_decoder/learn.ts';
import { batchesOf } from '../encoder_decoder/pairs.ts';
import { vocabulariesOf } from '../encoder_decoder/vocabulary.ts';
import { alignment, learningCurves, reportPage } from '../plots/index.ts';
import type { ReportSection } from '../plots/index.ts';
import { runProgram, tableText, writeReport } from '../program.ts';
import { folderStore } from '../store.ts';
import { Estimate, forget, historyOf } from '../training.ts';
import { verdict } from '../verdict.ts';
import { bleu, exactShare } from './bleu.ts';
import { readCorpus } from './data.ts';
import { nearestTranslations } from './nearest.ts';
import table from './options.json' with { type: 'json' };

const DEFAULT = { units: 80, features: 48, dropout: 0.1, batchSize: 32, learningRate: 0.005 };
const FULL = {
  ...{ units: 256, features: 128, deviation: 1, dropout: 0.4 },
  ...{ batchSize: 128, learningRate: 0.001 },
};
/** Without and with attention. */
const STEPS = { default: [1000, 1000], full: [1103, 2570] };
const LONGEST = 20;
/** How many translations are shown, and drawn. */
const [SHOWN, DRAWN] = [10, 4];

await runProgram(table, async ({ data, full, out, resume, epochs: given, ...numbers }) => {
  const [beams, seed] = [numbers.beams, numbers.seed].map(Number);
  const corpus = await readCorpus(data);
  const { train, dev, test } = corpus;
  const vocabularies = vocabulariesOf(train);
  console.log(
    `${data === undefined ? 'made-up sentences: ' : ''}${train.length} to train on, ${dev.length} to watch, ${test.length} to test; ` +
      `${vocabularies.source.size} English and ${vocabularies.target.size} French tokens`,
  );
  const sources = test.map(({ source }) => source);
  const references = test.map(({ targets }) => targets);
  const figures = (translations: readonly (readonly string[])[]) => [
    bleu(translations, references).toFixed(1),
    exactShare(translations, references).toFixed(3),
  ];

  const sizes = full === undefined ? DEFAULT : FULL;
  const { steps } = batchesOf(train, vocabularies, { ...sizes, seed });
  const plans = [false, true].map((attention, k): Plan & { name: string } => {
    const wanted = STEPS[full === undefined ? 'default' : 'full'][k];
    const epochs = given === undefined ? Math.ceil(wanted / steps) : Number(given);
    return {
      ...{ ...sizes, seed, attention, epochs },
      name: attention ? 'with attention' : 'without attention',
    };
  });
  const stores = await Promise.all(
    plans.map(({ name }) => folderStore(`${out}/${name.replace(' ', '-')}`)),
  );
  if (resume === undefined) await Promise.all(stores.map(forget));
  const estimate = new Estimate(plans.reduce((sum, { epochs }) => sum + epochs, 0));
  const rows: string[][] = [['network', 'parameters', 'BLEU', 'exact']];
  const sections: ReportSection[] = [];
  const scores: number[] = [];
  for (const [k, { name, ...plan }] of plans.entries()) {
    console.log(`\n${name}: ${plan.epochs} epochs of ${steps} steps`);
    const learnt = await learn(corpus, plan, {
      ...{ store: stores[k], resume: resume !== undefined, estimate },
      settings: { data: data ?? 'made up', ...plan },
    });
    const translations = await decode(learnt, sources, { beams, longest: LONGEST });
    rows.push([name, String(learnt.model.countParams()), ...figures(translations)]);
    scores.push(bleu(translations, references));
    const shown = sources
      .slice(0, SHOWN)
      .map((source, i) => [
        source.join(' '),
        translations[i].join(' '),
        references[i].map((reference) => reference.join(' ')).join(' / '),
      ]);
    console.log(shown.map(([source, own]) => `${source}  →  ${own}`).join('\n'));
    const curves = await learningCurves(historyOf(learnt.logs));
    sections.push({ heading: name, figures: curves, table: [['English', 'network', 'right'], ...shown] }); // prettier-ignore
    if (plan.attention) {
      const drawn = sources.slice(0, DRAWN).map(async (source, i) => {
        const weights = await alignmentOf(learnt, source, translations[i]);
        return alignment(source.join(' '), weights, source, [...translations[i], '(end)']);
      });
      const text = 'What the decoder looked at for each word: columns are English, rows French.';
      sections.push({ heading: 'Alignment', text, figures: await Promise.all(drawn) });
    }
    learnt.model.dispose();
  }

  const nearest = nearestTranslations(train, sources);
  rows.push(['nearest training sentence', '', ...figures(nearest)]);
  const report = reportPage('Translation from English to French', [{ table: rows }, ...sections]);
  await writeReport(out, report);
  console.log(`\n${tableText(rows)}`);
  const isBetter = scores[1] > bleu(nearest, references);
  return verdict(isBetter, given === undefined ? null : `--epochs ${given}`);
});
