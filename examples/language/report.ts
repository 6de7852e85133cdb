// The self-contained HTML report of a training run.
import type { Confusion } from './confusion.ts';
import { mistakesText } from './confusion.ts';
import { chart } from './curves.ts';
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

function confusionTable(confusion: Confusion, languages: readonly Language[]): string {
  const head = languages.map(
    ({ code, name }) => `<th title="${escape(name)}">${escape(code.slice(0, 3))}</th>`,
  );
  const rows = confusion.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, answer) => {
      if (count === 0) return '<td></td>';
      const kind = truth === answer ? 'right' : 'wrong';
      return `<td class="${kind}" style="--share: ${(count / total).toFixed(2)}">${count}</td>`;
    });
    const recall = total === 0 ? '' : percent(row[truth] / total);
    return `<tr><th>${escape(languages[truth].name)}</th>${cells.join('')}<td class="recall">${recall}</td></tr>`;
  });
  return `<table class="confusion"><tr><th>true \\ answer</th>${head.join('')}<th>recall</th></tr>${rows.join('')}</table>`;
}

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
  .curves { display: flex; flex-wrap: wrap; gap: 1rem; } .curves svg { flex: 1 1 380px; }
  svg text { font: 11px system-ui, sans-serif; } svg .title { font-weight: 600; font-size: 13px; }
  svg .grid { stroke: #dde1e8; }
  table { border-collapse: collapse; } td, th { padding: 2px 6px; text-align: right; }
  th { font-weight: 500; } .facts th, .facts td, .confusion th:first-child { text-align: left; }
  .confusion { font-size: 12px; } .confusion td { border: 1px solid #e6e9ef; min-width: 1.4em; }
  .right { background: rgb(46 125 80 / calc(var(--share) * 60%)); }
  .wrong { background: rgb(200 60 40 / calc(var(--share) * 90%)); }
  .scroll { overflow-x: auto; } li { margin: .4rem 0; }`;

/** The whole page as one string: no script, nothing fetched. */
export function reportHtml(data: ReportData): string {
  const { facts, accuracy, heldOutCount, history, confusion, languages, examples } = data;
  const curve = (key: string, name: string, colour: string) =>
    key in history ? [{ name, colour, values: history[key] }] : [];
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
${chart('loss', [...curve('loss', 'training', '#2457a6'), ...curve('valLoss', 'held out', '#c2571a')])}
${chart('accuracy', [...curve('accuracy', 'training', '#2457a6'), ...curve('valAccuracy', 'held out', '#c2571a')], 1)}
</div>
<p>Training values are of random windows of 20 to 50 characters, held-out ones of whole sentences of up
to 100, which are easier.</p>
<h2>Confusion of the held-out sentences</h2>
<div class="scroll">${confusionTable(confusion, languages)}</div>
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
