/** What a page knows of its training, as the worker tells it: how far it is, its curves, and what is to be shown. */
import type { Start } from './address.ts';
import { Curves } from './history.ts';
import type { DeviceChoice, Message, Progress, Side, Weight } from './lesson.ts';
import type { Shown } from './page_options.ts';
import { Remote } from './remote.ts';

export class Training<View> {
  readonly remote: Remote;
  /** Of the device. */
  description = 'Looking for a device…';
  failure = '';
  playing = false;
  curves = new Curves([], '');
  speed = { steps: 0, tokens: 0 };
  private sides: readonly Progress[] = [];
  private names: readonly string[] = [];
  private views: Extract<Message, { type: 'views' }> | null = null;

  private readonly heldOutName: string;
  private readonly onNews: (message: Message) => void;

  /** @param onNews is called when a message of the worker has been taken */
  constructor(worker: Worker, heldOutName: string, onNews: (message: Message) => void) {
    this.heldOutName = heldOutName;
    this.onNews = onNews;
    this.remote = new Remote(worker, (message) => this.take(message));
  }

  begin(sides: readonly Side[], device: DeviceChoice, start: Start | null): void {
    this.failure = '';
    this.sides = [];
    this.names = sides.map(({ name }) => name);
    this.curves = new Curves(this.names, this.heldOutName);
    this.remote.send({ type: 'begin', sides, device, start });
    if (this.playing) this.remote.send({ type: 'play' });
  }

  /** Steps of the first of the networks; 0 before it is known. */
  get step(): number {
    return this.sides[0]?.step ?? 0;
  }
  /** Of all networks that are trained. */
  get parameters(): number {
    return this.sides.reduce((sum, { parameters }) => sum + parameters, 0);
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
        this.sides = message.sides;
        this.speed = { steps: message.stepsPerSecond, tokens: message.tokensPerSecond };
        this.curves.add(message.sides);
        break;
      case 'failed':
        this.playing = false;
        this.failure = message.message;
        break;
    }
    this.onNews(message);
  }

  /** The latest view of each network. */
  get shown(): Shown<View>[] {
    return (this.views?.views ?? []).slice(0, this.names.length).map((view, i) => ({
      ...{ name: this.names[i], step: this.views!.steps[i], view: view as View },
    }));
  }

  get weights(): { readonly name: string; readonly weights: readonly Weight[] }[] {
    return this.names.map((name, i) => ({ name, weights: this.views?.weights?.[i] ?? [] }));
  }

  /** How it goes, in words. */
  sentence(): string {
    const parts = this.sides.map(({ step, heldOut }, i) => {
      const last = this.curves.last(i);
      const accuracy = last?.accuracy === undefined ? '' : `, accuracy ${last.accuracy.toFixed(2)}`;
      const held = heldOut
        ? `, ${this.heldOutName} ${heldOut.accuracy?.toFixed(2) ?? heldOut.loss?.toPrecision(3)}`
        : '';
      return `${this.names[i] ?? ''}: step ${step}${last ? `, loss ${last.loss?.toPrecision(3)}${accuracy}` : ''}${held}.`;
    });
    return parts.join(' ');
  }

  /** How fast, and on what. */
  speedSentence(): string {
    const { steps, tokens } = this.speed;
    const speed = steps > 0 ? `${steps.toFixed(0)} steps and ${Math.round(tokens).toLocaleString('en')} tokens a second on ` : ''; // prettier-ignore
    return `${speed}${this.description}`;
  }
}
