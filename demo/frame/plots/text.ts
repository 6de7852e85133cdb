/** Texts whose letters or words are coloured, and probabilities as bars. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { styleMap } from 'lit-html/directives/style-map.js';
import { diverging, isDark } from './colours.ts';

/** Letters must be read on the strongest colour. */
const PALE = 0.5;

export interface ColouredOptions {
  /** The piece that is marked. */
  readonly at?: number;
  /** What stands between two pieces: nothing between letters, a space between words. */
  readonly between?: string;
  readonly onPick?: (piece: number) => void;
}

/** @param values from -1, blue, to 1, orange; one for each piece */
export function coloured(
  pieces: readonly string[],
  values: ArrayLike<number>,
  { at, between = '', onPick }: ColouredOptions = {},
): TemplateResult {
  const colourOf = diverging(isDark());
  const spans = pieces.map((piece, i) => {
    const background = `rgb(${colourOf(PALE * (values[i] ?? 0)).join(' ')})`;
    // Without white space of its own: that of the text counts.
    return html`<span class=${i === at ? 'at' : ''} style=${styleMap({ background })} @click=${() => onPick?.(i)}>${piece}</span>${between}`; // prettier-ignore
  });
  return html`<p class="coloured">${spans}</p>`;
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The likeliest first, as the caller has sorted them. Below zero there is no bar. */
export const bars = (
  title: string,
  shares: readonly { readonly name: string; readonly probability: number }[],
  written: (share: number) => string = percent,
): TemplateResult =>
  html`<ol class="bars" aria-label=${title}>
    ${shares.map(
      ({ name, probability }) =>
        html`<li>
          <span>${name}</span>
          <span class="track"
            ><span
              class="bar"
              style=${styleMap({ width: `${100 * Math.max(0, probability)}%` })}
            ></span
          ></span>
          <span>${written(probability)}</span>
        </li>`,
    )}
  </ol>`;

/** A text that the reader types or picks. */
export const textQuestion = (options: {
  readonly label: string;
  readonly text: string;
  readonly longest: number;
  readonly examples: readonly string[];
  ask(text: string): void;
}): TemplateResult =>
  html`<div class="question">
    <label class="field">
      <span>${options.label}</span>
      <input
        type="text"
        maxlength=${options.longest}
        spellcheck="false"
        autocomplete="off"
        .value=${options.text}
        @input=${(event: Event) => options.ask((event.target as HTMLInputElement).value)}
      />
    </label>
    <div class="chips" role="group" aria-label="Examples to click">
      ${options.examples.map(
        (text) =>
          html`<button
            type="button"
            aria-pressed=${text === options.text}
            @click=${() => options.ask(text)}
          >
            ${text}
          </button>`,
      )}
    </div>
  </div>`;
