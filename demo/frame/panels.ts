/** The parts of a page that only show what they are given. */
import { html } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { controls, select } from './controls.ts';
import type { DeviceChoice } from './lesson.ts';
import type { Settings, Value, Values } from './settings.ts';

const DEVICE_NAMES: Readonly<Record<DeviceChoice, string>> = {
  best: 'the best device',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
};

/** The question, play and pause, and how it goes. */
export const trainingPanel = (state: {
  readonly question: string;
  readonly first: string;
  readonly playing: boolean;
  readonly status: string;
  readonly speed: string;
  readonly failure: string;
  play(): void;
  step(): void;
  again(): void;
}): TemplateResult =>
  html`<section class="intro" aria-label="Training">
    <h1>${state.question}</h1>
    <p class="lead">${state.first}</p>
    <div class="buttons">
      <button class="main" type="button" @click=${() => state.play()} aria-keyshortcuts="Space">
        ${state.playing ? 'Pause' : 'Train'}
      </button>
      <button type="button" @click=${() => state.step()} ?disabled=${state.playing}>
        One step
      </button>
      <button type="button" @click=${() => state.again()}>Start again</button>
    </div>
    <p class="status" data-status>${state.status}</p>
    <p class="quiet">${state.speed}</p>
    ${state.failure ? html`<p class="failure" role="alert">${state.failure}</p>` : ''}
  </section>`;

export const settingsPanel = (state: {
  readonly settings: Settings;
  readonly values: Values;
  /** What can be trained beside. */
  readonly choices: Readonly<Record<string, string>>;
  readonly compared: string;
  readonly device: DeviceChoice;
  change(name: string, value: Value): void;
  compare(choice: string): void;
  compute(device: DeviceChoice): void;
}): TemplateResult =>
  html`<section class="panel">
    <h2>Settings</h2>
    ${controls(state.settings, state.values, (name, value) => state.change(name, value))}
    <div class="fields">
      ${
        Object.keys(state.choices).length > 0
          ? select('Beside it', { '': 'nothing', ...state.choices }, state.compared, (choice) =>
              state.compare(choice),
            )
          : ''
      }
      ${select('Computed by', DEVICE_NAMES, state.device, (device) =>
        state.compute(device as DeviceChoice),
      )}
    </div>
  </section>`;

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
  { code, codeNote }: { readonly code: string; readonly codeNote?: string },
  /** Of the same program in an empty project. */
  project: string,
  copied: boolean,
  copy: (code: string) => void,
): TemplateResult =>
  html`<section class="panel">
    <h2>The code</h2>
    <p class="quiet">
      These are the lines that run in this page.
      ${codeNote ?? html`<code>gatefold</code> is all that they need.`}
    </p>
    <pre tabindex="0" role="region" aria-label="The program of this page"><code>${code}</code></pre>
    <div class="buttons">
      <button type="button" @click=${() => copy(code)}>
        ${copied ? 'Copied' : 'Copy the code'}
      </button>
      <a class="button" data-project href=${project}>Open in an empty project</a>
    </div>
  </section>`;

export const takeAlong = (actions: {
  readonly copied: boolean;
  copyLink(): void;
  take(what: 'model' | 'csv' | 'svg'): void;
  load(file: File | undefined): void;
}): TemplateResult =>
  html`<section class="panel whole">
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
