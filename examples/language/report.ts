// The self-contained HTML report of a training run.
import { confusionTable, learningCurves } from '../plots/index.ts';
import type { Confusion } from './confusion.ts';
import { mistakesText } from './confusion.ts';
import type { Guess } from './guess.ts';
import type { Language } from './languages.ts';

export interface ReportData {
  /** Name and value of every setting and figure, in the order shown. */
  readonly facts: readonly (readonly [string, string | number])[];
  readonly accuracy: number;
  readonly heldOutCount: number;
  /** A value an epoch, by Keras' names: loss, accuracy, valLoss, valAccuracy. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly confusion: Confusion;
  readonly languages: readonly Language[];
  readonly examples: readonly { text: string; guesses: readonly Guess[] }[];
}

const escape = (text: string | number) =>
  String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

const exampleList = (examples: ReportData['examples']) =>
  examples
    .map(
      ({ text, guesses }) =>
        `<li><q>${escape(text)}</q><br>${guesses
          .map(({ language, probability }) => `${escape(language.name)} ${percent(probability)}`)
          .join(', ')}</li>`,
    )
    .join('');

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; color: #1d2330; }
  .curves { display: flex; flex-wrap: wrap; gap: 1rem; } svg { max-width: 100%; }
  table { border-collapse: collapse; } td, th { padding: 2px 6px; text-align: right; }
  th { font-weight: 500; } .facts th, .facts td { text-align: left; }
  li { margin: .4rem 0; }`;

/** The whole page as one string: no script, nothing fetched. */
export async function reportHtml(data: ReportData): Promise<string> {
  const { facts, accuracy, heldOutCount, history, confusion, languages, examples } = data;
  const curves = await learningCurves(history, { held: 'held out' });
  const names = languages.map(({ name }) => name);
  const table = await confusionTable(confusion, names, { title: 'sentences by language' });
  const mistakes = mistakesText(confusion, languages);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Which language is it? ${percent(accuracy)}</title>
<style>${style}
</style>
<h1>Which language is it?</h1>
<p><strong>Held-out accuracy ${percent(accuracy)}</strong> on ${heldOutCount} sentences of paragraphs that
the training never saw. The held-out curves are drawn only: nothing was chosen by them, the weights of
the last epoch count.</p>
<div class="curves">
${curves.join('\n')}
</div>
<p>Training values are of random windows of 20 to 50 characters, held-out ones of whole sentences of up
to 100, which are easier.</p>
<h2>Confusion of the held-out sentences</h2>
${table}
<pre>${escape(mistakes || '  no mistakes')}</pre>
<h2>Five other sentences</h2>
<ul>${exampleList(examples)}</ul>
<h2>Settings and figures</h2>
<table class="facts">${facts
    .map(([name, value]) => `<tr><th>${escape(name)}</th><td>${escape(value)}</td></tr>`)
    .join('')}</table>
</html>
`;
}
