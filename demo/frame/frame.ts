/** The frame of every page: what is trained, where, how fast; play and pause; the settings, the curves, the code, and what can be taken along. */
import { html, render } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { PAGES } from '../pages.ts';
import type { GalleryPage } from '../pages.ts';
import { Announcer } from './announce.ts';
import { controls, select } from './controls.ts';
import { csv, download } from './download.ts';
import { Curves } from './history.ts';
import type { DeviceChoice, Message, Progress, Side } from './lesson.ts';
import { codePanel, prose, takeAlong } from './panels.ts';
import { Chart } from './plots/chart.ts';
import type { Place } from './plots/inside.ts';
import { Remote } from './remote.ts';
import { valuesOf, writeValues } from './settings.ts';
import type { Settings, Values } from './settings.ts';
import './style.css';

/** What a page's `draw` is given. */
export interface Shown<View> {
  readonly name: string;
  readonly step: number;
  readonly view: View;
}
export interface PageTools {
  readonly values: Values;
  readonly place: Place;
  setPlace(place: Place): void;
  /** Sends the page's question to the lesson, which answers in its next view. */
  ask(question: unknown): void;
  change(name: string, value: Values[string]): void;
}
export interface PageOptions<View> {
  /** Its folder in demo/: title and question stand in pages.ts. */
  readonly folder: string;
  /** What to do at once, in a sentence. */
  readonly first: string;
  readonly notice: readonly string[];
  readonly tryThis: readonly string[];
  readonly settings: Settings;
  /** The text of the page's program. */
  readonly code: string;
  readonly worker: Worker;
  /** The held-out figures have a name of their own, such as 'new sentences'. */
  readonly heldOutName?: string;
  draw(shown: readonly Shown<View>[], tools: PageTools): TemplateResult;
}

const DEVICE_NAMES: Readonly<Record<DeviceChoice, string>> = {
  best: 'the best device',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
};

class Page<View> {
  private readonly address = new URLSearchParams(location.hash.slice(1));
  private values: Values;
  private compared = '';
  private device: DeviceChoice = 'best';
  private place: Place = { time: Infinity, unit: 0 };
  private description = 'Looking for a device…';
  private failure = '';
  private playing = false;
  private sides: readonly Progress[] = [];
  private curves = new Curves([], '');
  private speed = { steps: 0, tokens: 0 };
  private views: { steps: readonly number[]; views: readonly unknown[] } | null = null;
  private copied = '';
  private waiting = false;
  private readonly remote: Remote;
  private readonly lossChart = new Chart();
  private readonly accuracyChart = new Chart();
  private readonly announcer: Announcer;

  private readonly options: PageOptions<View>;
  private readonly root: HTMLElement;

  constructor(options: PageOptions<View>, root: HTMLElement) {
    this.options = options;
    this.root = root;
    this.values = valuesOf(options.settings, this.address);
    const compared = this.address.get('compare');
    if (compared !== null && Object.hasOwn(this.cells, compared)) this.compared = compared;
    const device = this.address.get('device');
    if (device === 'webgpu' || device === 'wasm') this.device = device;
    const unit = Number(this.address.get('unit') ?? 1);
    if (Number.isInteger(unit) && unit > 0) this.place = { ...this.place, unit: unit - 1 };
    this.announcer = new Announcer(document.getElementById('announcements')!);
    this.remote = new Remote(options.worker, (message) => this.take(message));
    document.addEventListener('keydown', (event) => this.key(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
    // Before `begin`, which writes what there is now.
    const steps = Number(this.address.get('steps') ?? 0);
    this.begin();
    if (Number.isInteger(steps) && steps > 0) this.remote.send({ type: 'step', count: steps });
  }

  private get heldOutName(): string {
    return this.options.heldOutName ?? 'held out';
  }

  /** Its words in the list of pages. */
  private get page(): GalleryPage {
    return PAGES.find(({ folder }) => folder === this.options.folder)!;
  }

  // ---- the worker ------------------------------------------------------------------------------------------------------

  /** That the reader can choose from; none on a page of one cell. */
  private get cells(): Readonly<Record<string, string>> {
    const { cell } = this.options.settings;
    return cell?.kind === 'choice' ? cell.choices : {};
  }

  private get trained(): Side[] {
    const { values, compared } = this;
    const nameOf = (cell: unknown) => this.cells[cell as string] ?? 'network';
    const own = { name: nameOf(values.cell), values };
    return compared === '' || compared === values.cell
      ? [own]
      : [own, { name: nameOf(compared), values: { ...values, cell: compared } }];
  }

  private begin(): void {
    const sides = this.trained;
    this.failure = '';
    this.sides = [];
    this.curves = new Curves(
      sides.map(({ name }) => name),
      this.heldOutName,
    );
    this.remote.send({ type: 'begin', sides, device: this.device });
    if (this.playing) this.remote.send({ type: 'play' });
    this.remember();
    this.draw();
  }

  private take(message: Message): void {
    switch (message.type) {
      case 'device':
        this.description = message.description;
        break;
      case 'views':
        this.views = message;
        break;
      case 'progress':
        this.progress(message);
        break;
      case 'failed':
        this.playing = false;
        this.failure = message.message;
        break;
    }
    this.draw();
  }

  private progress(message: Extract<Message, { type: 'progress' }>): void {
    this.sides = message.sides;
    this.speed = { steps: message.stepsPerSecond, tokens: message.tokensPerSecond };
    this.curves.add(message.sides);
    if (!message.playing) this.remember();
    if (message.sides[0].step > 0) this.announcer.say(this.sentence());
  }

  // ---- what the reader does ----------------------------------------------------------------------------------------------

  private play(): void {
    this.playing = !this.playing;
    this.remote.send({ type: this.playing ? 'play' : 'pause' });
    if (!this.playing) this.remember();
    this.announcer.say(this.playing ? 'Training.' : `Paused. ${this.sentence()}`);
    this.draw();
  }

  private step(): void {
    this.remote.send({ type: 'step', count: 1 });
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const own = target.closest('input, textarea, select, button, summary, a, [contenteditable]');
    if (own || event.ctrlKey || event.metaKey || event.altKey) return;
    const scrub = this.root.querySelector<HTMLInputElement>('[data-scrub]');
    if (event.key === ' ') this.play();
    else if (event.key === '.') this.step();
    else if (scrub && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      if (event.key === 'ArrowLeft') scrub.stepDown();
      else scrub.stepUp();
      scrub.dispatchEvent(new Event('input', { bubbles: true }));
    } else return;
    event.preventDefault();
  }

  /** Keeps the address in step, so that a link shows the same. */
  private remember(): void {
    const { address } = this;
    writeValues(this.options.settings, this.values, address);
    const set = (name: string, value: string | null) =>
      value === null ? address.delete(name) : address.set(name, value);
    set('compare', this.compared || null);
    set('device', this.device === 'best' ? null : this.device);
    set('unit', this.place.unit === 0 ? null : String(this.place.unit + 1));
    const step = this.playing ? 0 : (this.sides[0]?.step ?? 0);
    set('steps', step === 0 ? null : String(step));
    history.replaceState(null, '', `#${address.toString()}`);
  }

  private async copy(what: string, text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    this.copied = what;
    this.announcer.say('Copied.');
    this.draw();
  }

  private async takeAlong(what: 'model' | 'csv' | 'svg'): Promise<void> {
    const name = `gatefold-${this.options.folder}`;
    if (what === 'model') {
      const { weights } = await this.remote.save(0);
      download(`${name}.safetensors`, weights, 'application/octet-stream');
      return;
    }
    const { x, lines } = this.curves.lines('loss');
    if (what === 'csv') {
      const head = ['step', ...lines.map((line) => line.name)];
      download(`${name}.csv`, csv([head, ...x.map((step, k) => [step, ...lines.map(({ y }) => y[k])])]), 'text/csv'); // prettier-ignore
      return;
    }
    // Observable Plot is loaded for this alone.
    const plots = await import('../../examples/plots/lines.ts');
    const drawn = lines.map(({ name, y }) => {
      const known = x.flatMap((step, k) => (y[k] === null ? [] : [[step, y[k]]]));
      return { name, x: known.map(([step]) => step), y: known.map(([, value]) => value) };
    });
    const text = { title: `${this.page.title}: loss`, x: 'training step' };
    download(`${name}.svg`, await plots.lines(drawn, text), 'image/svg+xml');
  }

  private async load(file: File | undefined): Promise<void> {
    if (file) await this.remote.load(0, new Uint8Array(await file.arrayBuffer()));
  }

  /** Does what the reader asked for, and shows what went wrong. */
  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.draw();
  }

  // ---- what the reader sees ----------------------------------------------------------------------------------------------

  /** How it goes, in words. */
  private sentence(): string {
    const parts = this.sides.map(({ step, heldOut }, i) => {
      const { name } = this.trained[i] ?? { name: '' };
      const last = this.curves.last(i);
      const accuracy = last?.accuracy === undefined ? '' : `, accuracy ${last.accuracy.toFixed(2)}`;
      const held = heldOut
        ? `, ${this.heldOutName} ${heldOut.accuracy?.toFixed(2) ?? heldOut.loss?.toPrecision(3)}`
        : '';
      return `${name}: step ${step}${last ? `, loss ${last.loss?.toPrecision(3)}${accuracy}` : ''}${held}.`;
    });
    return parts.join(' ');
  }

  private draw(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      render(this.template(), this.root);
    });
  }

  private template(): TemplateResult {
    const { options } = this;
    const tools: PageTools = {
      values: this.values,
      place: this.place,
      setPlace: (place) => {
        this.place = place;
        this.remember();
        this.draw();
      },
      ask: (question) => this.remote.send({ type: 'ask', question }),
      change: (name, value) => this.change(name, value),
    };
    const names = this.trained;
    const shown = (this.views?.views ?? []).slice(0, names.length).map((view, i) => ({
      ...{ name: names[i].name, step: this.views!.steps[i], view: view as View },
    }));
    const { steps, tokens } = this.speed;
    const speed = steps > 0 ? `${steps.toFixed(0)} steps and ${Math.round(tokens).toLocaleString('en')} tokens a second on ` : ''; // prettier-ignore
    return html`
      <div class="stage">
        ${shown.length > 0 ? options.draw(shown, tools) : html`<p class="loading">Loading…</p>`}
      </div>
      <div class="intro">
        <h1>${this.page.question}</h1>
        <p class="lead">${options.first}</p>
      </div>
      <section class="panel" aria-label="Training">
        <div class="buttons">
          <button class="main" type="button" @click=${() => this.play()} aria-keyshortcuts="Space">
            ${this.playing ? 'Pause' : 'Train'}
          </button>
          <button type="button" @click=${() => this.step()} ?disabled=${this.playing}>
            One step
          </button>
          <button type="button" @click=${() => this.begin()}>Start again</button>
        </div>
        <p class="status" data-status>${this.sentence() || 'Not trained yet.'}</p>
        <p class="quiet">${speed}${this.description}</p>
        ${this.failure ? html`<p class="failure" role="alert">${this.failure}</p>` : ''}
        ${controls(options.settings, this.values, (name, value) => this.change(name, value))}
        <div class="fields">
          ${
            'cell' in options.settings
              ? select('Beside it', { '': 'nothing', ...this.cells }, this.compared, (cell) => {
                  this.compared = cell;
                  this.begin();
                })
              : ''
          }
          ${select('Computed by', DEVICE_NAMES, this.device, (device) => {
            this.device = device as DeviceChoice;
            this.begin();
          })}
        </div>
      </section>
      <section class="panel" aria-label="Learning curves">
        ${this.curve('loss', this.lossChart)}
        ${this.curves.lines('accuracy').lines.length > 0 ? this.curve('accuracy', this.accuracyChart) : ''}
      </section>
      ${prose(options)}
      ${codePanel(
        options.code,
        this.copied === 'code',
        (text) => void this.attempt(() => this.copy('code', text)),
      )}
      ${this.takeAlongPanel()}
    `;
  }

  private async copyLink(): Promise<void> {
    this.remember();
    await this.copy('link', location.href);
  }

  private change(name: string, value: Values[string]): void {
    this.values = { ...this.values, [name]: value };
    this.begin();
  }

  private curve(name: 'loss' | 'accuracy', chart: Chart): TemplateResult {
    const { x, lines } = this.curves.lines(name);
    return chart.draw(x, lines, { title: name === 'loss' ? 'Loss' : 'Accuracy', x: 'training step', y: name }); // prettier-ignore
  }

  private takeAlongPanel(): TemplateResult {
    return takeAlong({
      copied: this.copied === 'link',
      copyLink: () => void this.attempt(() => this.copyLink()),
      take: (what) => void this.attempt(() => this.takeAlong(what)),
      load: (file) => void this.attempt(() => this.load(file)),
    });
  }
}

/** To be called by a page, once. */
export function startPage<View>(options: PageOptions<View>): void {
  const shell = html`<header class="top"><a href="../">Gatefold gallery</a></header>
    <main>
      <div id="page"></div>
      <p id="announcements" class="hidden" role="status" aria-live="polite"></p>
    </main>`;
  render(shell, document.body);
  new Page<View>(options, document.getElementById('page')!);
}
