/** The parts of a page that only show what they are given. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';

/** What to notice, and what to try. */
export const prose = (text: {
  readonly notice: readonly string[];
  readonly tryThis: readonly string[];
}): TemplateResult =>
  html`<section class="panel prose">
    <h2>What to notice</h2>
    <ul>
      ${text.notice.map((one) => html`<li>${one}</li>`)}
    </ul>
    <h2>Try this</h2>
    <ol>
      ${text.tryThis.map((one) => html`<li>${one}</li>`)}
    </ol>
  </section>`;

export const codePanel = (
  code: string,
  copied: boolean,
  copy: (code: string) => void,
): TemplateResult =>
  html`<section class="panel">
    <h2>The code</h2>
    <p class="quiet">
      These are the lines that run in this page; <code>gatefold</code> is all that they need.
    </p>
    <pre tabindex="0" role="region" aria-label="The program of this page"><code>${code}</code></pre>
    <button type="button" @click=${() => copy(code)}>${copied ? 'Copied' : 'Copy the code'}</button>
  </section>`;

export const takeAlong = (actions: {
  readonly copied: boolean;
  copyLink(): void;
  take(what: 'model' | 'csv' | 'svg'): void;
  load(file: File | undefined): void;
}): TemplateResult =>
  html`<section class="panel">
    <h2>Take it along</h2>
    <div class="buttons">
      <button type="button" @click=${() => actions.copyLink()}>
        ${actions.copied ? 'Copied' : 'Copy a link to this state'}
      </button>
      <button type="button" @click=${() => actions.take('model')}>Download the model</button>
      <button type="button" @click=${() => actions.take('csv')}>Curves as CSV</button>
      <button type="button" @click=${() => actions.take('svg')}>Curves as SVG</button>
      <label class="file">
        Load a model
        <input
          type="file"
          accept=".safetensors"
          @change=${(event: Event) => actions.load((event.target as HTMLInputElement).files?.[0])}
        />
      </label>
    </div>
    <p class="quiet">Everything is computed here, in your browser. Nothing is uploaded.</p>
  </section>`;
