/** The frame of every page: what is trained, where, how fast; play and pause; the settings, the curves, the code, and what can be taken along. */
import { html, render } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { PAGES } from '../pages.ts';
import type { GalleryPage } from '../pages.ts';
import { readState, writeState } from './address.ts';
import type { PageState } from './address.ts';
import { Announcer } from './announce.ts';
import { failureOf } from './failure.ts';
import { Curves } from './history.ts';
import type { Message, Progress, Side } from './lesson.ts';
import type { PageOptions, PageTools, Shown } from './page_options.ts';
import { keepForOffline } from './offline.ts';
import { codePanel, prose, settingsPanel, takeAlong, trainingPanel } from './panels.ts';
import { Chart } from './plots/chart.ts';
import { weightsPanel } from './plots/weights.ts';
import { Remote } from './remote.ts';
import type { Values } from './settings.ts';
import { downloadCsv, downloadModel, downloadSvg } from './take_along.ts';
import './style.css';

export type { PageOptions, PageTools, Shown } from './page_options.ts';

/** Between two draws that no reader asked for, in milliseconds. */
const DRAW_EVERY = 100;
/** Weights up to so many stand in a link: 8 kB of it. */
const WEIGHTS_IN_LINK = 1500;

class Page<View> {
  private readonly address = new URLSearchParams(location.hash.slice(1));
  private state: PageState;
  private description = 'Looking for a device…';
  private failure = '';
  private playing = false;
  private sides: readonly Progress[] = [];
  private curves = new Curves([], '');
  private speed = { steps: 0, tokens: 0 };
  private views: Extract<Message, { type: 'views' }> | null = null;
  private copied = '';
  /** Of the next draw, and when the last one was. */
  private drawing: ReturnType<typeof setTimeout> | null = null;
  private drawn = -Infinity;
  private readonly remote: Remote;
  private readonly lossChart = new Chart();
  private readonly accuracyChart = new Chart();
  private readonly announcer: Announcer;

  private readonly options: PageOptions<View>;
  private readonly root: HTMLElement;

  constructor(options: PageOptions<View>, root: HTMLElement) {
    this.options = options;
    this.root = root;
    this.state = readState(options.settings, this.address, options);
    this.announcer = new Announcer(document.getElementById('announcements')!);
    this.remote = new Remote(options.worker, (message) => this.take(message));
    document.addEventListener('keydown', (event) => this.key(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
    const { start, steps, question } = this.state;
    if (question !== null) this.remote.send({ type: 'ask', question });
    this.begin(start);
    const left = steps - (start?.step ?? 0);
    if (left > 0) this.remote.send({ type: 'step', count: left });
  }

  private get heldOutName(): string {
    return this.options.heldOutName ?? 'held out';
  }
  /** Its words in the list of pages. */
  private get page(): GalleryPage {
    return PAGES.find(({ folder }) => folder === this.options.folder)!;
  }

  // ---- the worker ------------------------------------------------------------------------------------------------------

  private get compareBy(): string {
    return this.options.compareBy ?? 'cell';
  }

  /** What can be trained side by side; nothing on a page of one cell. */
  private get choices(): Readonly<Record<string, string>> {
    const setting = this.options.settings[this.compareBy];
    return setting?.kind === 'choice' ? setting.choices : {};
  }

  private get trained(): Side[] {
    const { values, compared } = this.state;
    const nameOf = (choice: unknown) => this.choices[choice as string] ?? 'The network';
    const own = values[this.compareBy];
    const side = (choice: unknown): Side =>
      choice === own
        ? { name: nameOf(own), values }
        : { name: nameOf(choice), values: { ...values, [this.compareBy]: choice as string } };
    return compared === '' || compared === own ? [side(own)] : [side(own), side(compared)];
  }

  /** @param start weights to go on from, in place of those that the seed gives */
  private begin(start: PageState['start'] = null): void {
    const sides = this.trained;
    this.failure = '';
    this.sides = [];
    this.curves = new Curves(
      sides.map(({ name }) => name),
      this.heldOutName,
    );
    this.remote.send({ type: 'begin', sides, device: this.state.device, start });
    if (this.playing) this.remote.send({ type: 'play' });
    this.remember({ start, steps: start?.step ?? 0 });
    this.draw();
  }

  private take(message: Message): void {
    switch (message.type) {
      case 'device':
        this.description = message.description;
        break;
      case 'views':
        this.views = message;
        this.see();
        break;
      case 'progress':
        this.progress(message);
        break;
      case 'failed':
        this.playing = false;
        this.failure = message.message;
        break;
    }
    this.draw(DRAW_EVERY);
  }

  /** Tells the page of a new view; where it wants that, the next of several trainings begins. */
  private see(): void {
    const { options, shown } = this;
    options.see?.(shown);
    const next = this.playing ? options.next?.(shown, this.state.values) : null;
    if (next === 'pause') this.play();
    else if (next) this.change(next);
  }

  private progress(message: Extract<Message, { type: 'progress' }>): void {
    this.sides = message.sides;
    this.speed = { steps: message.stepsPerSecond, tokens: message.tokensPerSecond };
    this.curves.add(message.sides);
    if (!message.playing) this.remember({ steps: message.sides[0].step });
    if (message.sides[0].step > 0) this.announcer.say(this.sentence());
  }

  // ---- what the reader does ----------------------------------------------------------------------------------------------

  private play(): void {
    this.playing = !this.playing;
    this.remote.send({ type: this.playing ? 'play' : 'pause' });
    this.remember({ steps: this.playing ? 0 : (this.sides[0]?.step ?? 0) });
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

  /** Takes what is new, and keeps the address in step, so that a link shows the same. */
  private remember(news: Partial<PageState>): void {
    this.state = { ...this.state, ...news };
    writeState(this.options.settings, this.state, this.address, this.options);
    history.replaceState(null, '', `#${this.address.toString()}`);
  }

  private async copy(what: string, text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    this.copied = what;
    this.announcer.say('Copied.');
    this.draw();
  }

  private async takeAlong(what: 'model' | 'csv' | 'svg'): Promise<void> {
    const name = `gatefold-${this.options.folder}`;
    if (what === 'model') downloadModel(name, (await this.remote.save(0)).weights);
    else if (what === 'csv') downloadCsv(name, this.curves.lines('loss'));
    else await downloadSvg(name, this.page.title, this.curves.lines('loss'));
  }

  private async load(file: File | undefined): Promise<void> {
    if (!file) return;
    await this.remote.load(0, new Uint8Array(await file.arrayBuffer()));
    // No training gives these weights again: where they are few, the address holds them.
    this.remember({ start: this.isSmall ? await this.remote.weights() : null, steps: 0 });
  }

  private get isSmall(): boolean {
    return this.sides.reduce((sum, { parameters }) => sum + parameters, 0) <= WEIGHTS_IN_LINK;
  }

  /** With the weights, where they are few: then nothing need be trained again. */
  private async copyLink(): Promise<void> {
    const { address, state } = this;
    const trained = (this.sides[0]?.step ?? 0) > 0;
    const start = (trained && this.isSmall ? await this.remote.weights() : null) ?? state.start;
    const link = new URLSearchParams(address);
    const steps = start?.step ?? state.steps;
    writeState(this.options.settings, { ...state, start, steps }, link, this.options);
    await this.copy('link', `${location.href.split('#')[0]}#${link.toString()}`);
  }

  /** Does what the reader asked for, and shows what went wrong. */
  private async attempt(action: () => Promise<void>): Promise<void> {
    const failure = await failureOf(action);
    if (failure !== '') this.failure = failure;
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

  /** @param apart milliseconds since the last draw; none for what the reader does */
  private draw(apart = 0): void {
    if (this.drawing !== null) {
      if (apart > 0) return;
      clearTimeout(this.drawing);
    }
    const wait = Math.max(0, this.drawn + apart - performance.now());
    this.drawing = setTimeout(
      () =>
        requestAnimationFrame(() => {
          this.drawing = null;
          this.drawn = performance.now();
          render(this.template(), this.root);
        }),
      wait,
    );
  }

  private get shown(): Shown<View>[] {
    const names = this.trained;
    return (this.views?.views ?? []).slice(0, names.length).map((view, i) => ({
      ...{ name: names[i].name, step: this.views!.steps[i], view: view as View },
    }));
  }

  private get tools(): PageTools {
    const { values, place, question } = this.state;
    const send = (asked: unknown) => this.remote.send({ type: 'ask', question: asked });
    const keep = (news: Partial<PageState>) => {
      this.remember(news);
      this.draw();
    };
    return {
      ...{ values, place, question },
      setPlace: (now) => keep({ place: now }),
      ask: (asked) => {
        send(asked);
        keep({ question: asked });
      },
      change: (name, value) => this.change({ [name]: value }),
      changeAll: (news) => this.change(news),
      bring: (data, again = false) => {
        this.remote.send({ type: 'bring', data });
        if (again) this.begin();
      },
      redraw: () => this.draw(),
    };
  }

  private template(): TemplateResult {
    const { options, state, tools } = this;
    const [names, shown] = [this.trained, this.shown];
    const { steps, tokens } = this.speed;
    const speed = steps > 0 ? `${steps.toFixed(0)} steps and ${Math.round(tokens).toLocaleString('en')} tokens a second on ` : ''; // prettier-ignore
    return html`
      <div class="stage">
        ${shown.length > 0 ? options.draw(shown, tools) : html`<p class="loading">Loading…</p>`}
      </div>
      ${trainingPanel({
        ...{ playing: this.playing, failure: this.failure, first: options.first },
        ...{ question: this.page.question, status: this.sentence() || 'Not trained yet.' },
        speed: `${speed}${this.description}`,
        play: () => this.play(),
        step: () => this.step(),
        again: () => this.begin(),
      })}
      ${settingsPanel({
        ...{ settings: options.settings, values: state.values, choices: this.choices },
        ...{ compared: state.compared, device: state.device },
        change: (name, value) => this.change({ [name]: value }),
        compare: (compared) => {
          this.remember({ compared });
          this.begin();
        },
        compute: (device) => {
          this.remember({ device });
          this.begin();
        },
      })}
      <section class="panel" aria-label="Learning curves">
        ${this.curve('loss', this.lossChart)}
        ${this.curves.lines('accuracy').lines.length > 0 ? this.curve('accuracy', this.accuracyChart) : ''}
      </section>
      ${options.inside && shown.length > 0 ? html`<section class="panel whole" aria-label="See inside">${options.inside(shown, tools)}</section>` : ''}
      ${prose(options)}
      ${codePanel(
        options,
        this.copied === 'code',
        (text) => void this.attempt(() => this.copy('code', text)),
      )}
      ${weightsPanel(
        names.map(({ name }, i) => ({ name, weights: this.views?.weights?.[i] ?? [] })),
        (weights) => this.remote.send({ type: 'watch', weights }),
      )}
      ${this.takeAlongPanel()}
    `;
  }

  private change(news: Values): void {
    this.remember({ values: { ...this.state.values, ...news } });
    const live = Object.keys(news).every((name) => this.options.settings[name].live);
    if (live) this.remote.send({ type: 'change', sides: this.trained });
    else this.begin();
    this.draw();
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
  const shell = html`<header class="top">
      <a href="../">Gatefold gallery</a><span id="offline" class="quiet" role="status"></span>
    </header>
    <main>
      <div id="page"></div>
      <p id="announcements" class="hidden" role="status" aria-live="polite"></p>
    </main>`;
  render(shell, document.body);
  const root = document.getElementById('page')!;
  root.classList.toggle('beside', options.beside ?? false);
  new Page<View>(options, root);
  keepForOffline(`${options.folder}/`, '../', () => {
    document.getElementById('offline')!.textContent = 'Works without a network now';
  });
}
