/** The frame of every page: what is trained, where, how fast; play and pause; the settings, the curves, the code, and what can be taken along. */
import { html, render } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import { PAGES } from '../pages.ts';
import type { GalleryPage } from '../pages.ts';
import { readState, writeState } from './address.ts';
import type { PageState } from './address.ts';
import { Announcer } from './announce.ts';
import { Drawing } from './drawing.ts';
import { failureOf } from './failure.ts';
import { listenToKeys } from './keys.ts';
import type { Message, Side } from './lesson.ts';
import type { PageOptions, PageTools } from './page_options.ts';
import { keepForOffline } from './offline.ts';
import { codePanel, prose, settingsPanel, takeAlong, trainingPanel } from './panels.ts';
import { Chart } from './plots/chart.ts';
import { weightsPanel } from './plots/weights.ts';
import { writeValues } from './settings.ts';
import type { Values } from './settings.ts';
import { downloadCsv, downloadModel, downloadSvg } from './take_along.ts';
import { Training } from './training.ts';
import './style.css';

export type { PageOptions, PageTools, Shown } from './page_options.ts';

/** Weights up to so many stand in a link: 8 kB of it. */
const WEIGHTS_IN_LINK = 1500;

class Page<View> {
  private readonly address = new URLSearchParams(location.hash.slice(1));
  private state: PageState;
  private copied = '';
  private readonly training: Training<View>;
  private readonly drawing = new Drawing(() => render(this.template(), this.root));
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
    const heldOutName = options.heldOutName ?? 'held out';
    this.training = new Training(options.worker, heldOutName, (message) => this.hear(message));
    listenToKeys(root, { play: () => this.play(), step: () => this.step() });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw());
    const { start, steps, question } = this.state;
    if (question !== null) this.training.remote.send({ type: 'ask', question });
    this.begin(start);
    const left = steps - (start?.step ?? 0);
    if (left > 0) this.training.remote.send({ type: 'step', count: left });
  }

  /** Its words in the list of pages. */
  private get page(): GalleryPage {
    return PAGES.find(({ folder }) => folder === this.options.folder)!;
  }

  // ---- what is trained ---------------------------------------------------------------------------------------------------

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
    this.training.begin(this.trained, this.state.device, start);
    this.remember({ start, steps: start?.step ?? 0 });
    this.draw();
  }

  private hear(message: Message): void {
    if (message.type === 'views') this.see();
    if (message.type === 'progress') {
      const { step } = this.training;
      if (!message.playing) this.remember({ steps: step });
      if (step > 0) this.announcer.say(this.training.sentence());
    }
    this.drawing.soon();
  }

  /** Tells the page of a new view; where it wants that, the next of several trainings begins. */
  private see(): void {
    const { options, training } = this;
    options.see?.(training.shown);
    const next = training.playing ? options.next?.(training.shown, this.state.values) : null;
    if (next === 'pause') this.play();
    else if (next) this.change(next);
  }

  // ---- what the reader does ----------------------------------------------------------------------------------------------

  private play(): void {
    const { training } = this;
    training.playing = !training.playing;
    training.remote.send({ type: training.playing ? 'play' : 'pause' });
    this.remember({ steps: training.playing ? 0 : training.step });
    this.announcer.say(training.playing ? 'Training.' : `Paused. ${training.sentence()}`);
    this.draw();
  }

  private step(): void {
    this.training.remote.send({ type: 'step', count: 1 });
  }

  private change(news: Values): void {
    this.remember({ values: { ...this.state.values, ...news } });
    const live = Object.keys(news).every((name) => this.options.settings[name].live);
    if (live) this.training.remote.send({ type: 'change', sides: this.trained });
    else this.begin();
    this.draw();
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
    const { remote, curves } = this.training;
    if (what === 'model') downloadModel(name, (await remote.save(0)).weights);
    else if (what === 'csv') downloadCsv(name, curves.lines('loss'));
    else await downloadSvg(name, this.page.title, curves.lines('loss'));
  }

  private async load(file: File | undefined): Promise<void> {
    if (!file) return;
    const { remote } = this.training;
    await remote.load(0, new Uint8Array(await file.arrayBuffer()));
    // No training gives these weights again: where they are few, the address holds them.
    this.remember({ start: this.isSmall ? await remote.weights() : null, steps: 0 });
  }

  private get isSmall(): boolean {
    return this.training.parameters <= WEIGHTS_IN_LINK;
  }

  /** With the weights, where they are few: then nothing need be trained again. */
  private async copyLink(): Promise<void> {
    const { address, state, training } = this;
    const few = training.step > 0 && this.isSmall;
    const start = (few ? await training.remote.weights() : null) ?? state.start;
    const link = new URLSearchParams(address);
    const steps = start?.step ?? state.steps;
    writeState(this.options.settings, { ...state, start, steps }, link, this.options);
    await this.copy('link', `${location.href.split('#')[0]}#${link.toString()}`);
  }

  /** Does what the reader asked for, and shows what went wrong. */
  private async attempt(action: () => Promise<void>): Promise<void> {
    const failure = await failureOf(action);
    if (failure !== '') this.training.failure = failure;
    this.draw();
  }

  // ---- what the reader sees ----------------------------------------------------------------------------------------------

  private draw(): void {
    this.drawing.now();
  }

  private get tools(): PageTools {
    const { values, place, question } = this.state;
    const { remote } = this.training;
    const keep = (news: Partial<PageState>) => {
      this.remember(news);
      this.draw();
    };
    return {
      ...{ values, place, question },
      setPlace: (now) => keep({ place: now }),
      ask: (asked) => {
        remote.send({ type: 'ask', question: asked });
        keep({ question: asked });
      },
      change: (name, value) => this.change({ [name]: value }),
      changeAll: (news) => this.change(news),
      bring: (data, again = false) => {
        remote.send({ type: 'bring', data });
        if (again) this.begin();
      },
      redraw: () => this.draw(),
    };
  }

  private template(): TemplateResult {
    const { options, state, tools, training } = this;
    const { shown, playing, failure, curves } = training;
    return html`
      <div class="stage">
        ${shown.length > 0 ? options.draw(shown, tools) : html`<p class="loading">Loading…</p>`}
      </div>
      ${trainingPanel({
        ...{ playing, failure, first: options.first, question: this.page.question },
        ...{ status: training.sentence() || 'Not trained yet.', speed: training.speedSentence() },
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
        ${curves.lines('accuracy').lines.length > 0 ? this.curve('accuracy', this.accuracyChart) : ''}
      </section>
      ${options.inside && shown.length > 0 ? html`<section class="panel whole" aria-label="See inside">${options.inside(shown, tools)}</section>` : ''}
      ${prose(options)}
      ${codePanel(
        options,
        this.project,
        this.copied === 'code',
        (text) => void this.attempt(() => this.copy('code', text)),
      )}
      ${weightsPanel(training.weights, (weights) => training.remote.send({ type: 'watch', weights }))}
      ${takeAlong({
        copied: this.copied === 'link',
        copyLink: () => void this.attempt(() => this.copyLink()),
        take: (what) => void this.attempt(() => this.takeAlong(what)),
        load: (file) => void this.attempt(() => this.load(file)),
      })}
    `;
  }

  /** The address of an empty project with the page's program and its settings. */
  private get project(): string {
    const address = new URLSearchParams({ page: this.options.folder });
    writeValues(this.options.settings, this.state.values, address);
    return `../empty/#${address.toString()}`;
  }

  private curve(name: 'loss' | 'accuracy', chart: Chart): TemplateResult {
    const { x, lines } = this.training.curves.lines(name);
    return chart.draw(x, lines, { title: name === 'loss' ? 'Loss' : 'Accuracy', x: 'training step', y: name }); // prettier-ignore
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
