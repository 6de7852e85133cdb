/** The worker's side of a page: trains, one step after the other on each side, and tells the page how it goes. */
import { best, cpu, DeviceError, setDevice, wasm, webgpu } from 'gatefold';
import type { Device, Logs, Model } from 'gatefold';
import type { DeviceChoice, Figures, Lesson, Message, Progress, Request, Side } from './lesson.ts';
import type { Batch, Weight } from './lesson.ts';
import type { Values } from './settings.ts';
import { flatWeights, setFlatWeights, trainWatched, weightsOf } from './weights.ts';

/** Between two messages on progress, between two views, and between two tests on held-out data, in milliseconds. */
const [PROGRESS, VIEW, TEST] = [50, 120, 600];

/** Of the time, views get at most one part in so many. */
const SHARE = 3;

interface Running extends Side {
  values: Values;
  readonly model: Model;
  step: number;
  points: [number, Figures][];
  heldOut: Progress['heldOut'];
  /** As of the last step that was watched. */
  weights: readonly Weight[];
}

const DEVICES: Readonly<Record<DeviceChoice, () => Promise<Device>>> = { best, webgpu, wasm };

/** The device that was asked for; where there is none, plain JavaScript, which every browser has. */
async function openDevice(choice: DeviceChoice): Promise<Device> {
  try {
    return await DEVICES[choice]();
  } catch (error) {
    const device = cpu();
    const reason = error instanceof Error ? error.message : String(error);
    return Object.assign(device, {
      description: `plain JavaScript, which is slow, since: ${reason}`,
    });
  }
}

/** Lets messages of the page in. A timer would wait for four milliseconds. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** Data lies in a folder beside that of the scripts, this one among them. */
async function readData(name: string): Promise<string> {
  const response = await fetch(new URL(`../data/${name}`, self.location.href));
  if (!response.ok) throw new Error(`the data of this page, ${name}, could not be loaded: the server answered ${response.status}`); // prettier-ignore
  return response.text();
}

class Trainer {
  private readonly requests: Request[] = [];
  private running: Running[] = [];
  private playing = false;
  private wanted = 0;
  private question: unknown = null;
  private watched = false;
  private loaded = false;
  private stale = true;
  private at = { progress: 0, view: 0, test: 0 };
  /** What a view takes, so that training gets most of the time. */
  private viewTime = 0;
  private speed = { since: 0, steps: 0, tokens: 0, stepsPerSecond: 0, tokensPerSecond: 0 };
  private chosen: DeviceChoice | null = null;
  private looping = false;

  private readonly lesson: Lesson;
  private readonly post: (message: Message) => void;

  constructor(lesson: Lesson, post: (message: Message) => void) {
    this.lesson = lesson;
    this.post = post;
  }

  /** Takes a request at once, or after the step that is being computed. */
  async take(request: Request): Promise<void> {
    this.requests.push(request);
    if (this.looping) return;
    this.looping = true;
    try {
      await this.loop();
    } finally {
      this.looping = false;
    }
  }

  /** Until there is nothing to do. */
  private async loop(): Promise<void> {
    while (this.requests.length > 0 || this.playing || this.wanted > 0 || this.stale) {
      for (const request of this.requests.splice(0)) await this.answer(request);
      if (this.playing || this.wanted > 0) {
        if (!this.playing) this.wanted--;
        for (const side of this.running) await this.train(side);
        this.speed.steps++;
      }
      await this.report(!this.playing && this.wanted === 0);
      await breathe();
    }
  }

  private async answer(request: Request): Promise<void> {
    try {
      await this.act(request);
    } catch (error) {
      this.fail(error, 'id' in request ? request.id : undefined);
    }
  }

  /** Stops everything and says why. */
  fail(error: unknown, id?: number): void {
    this.playing = false;
    this.wanted = 0;
    this.stale = false;
    let message = error instanceof Error ? error.message : String(error);
    if (error instanceof DeviceError) {
      // Another one is opened when the reader begins again.
      this.chosen = null;
      message = `${message.split('. ')[0].replace(/\.$/, '')}. Press “Start again” to go on with a new device.`;
    }
    this.post({ type: 'failed', message, id });
  }

  private async act(request: Request): Promise<void> {
    switch (request.type) {
      case 'begin':
        return this.begin(request);
      case 'change':
        this.running.forEach((side, i) => (side.values = request.sides[i].values));
        this.stale = true;
        return;
      case 'bring':
        this.lesson.bring?.(request.data);
        this.stale = true;
        return;
      case 'play':
        this.playing = true;
        this.speed = { ...this.speed, since: performance.now(), steps: 0, tokens: 0 };
        return;
      case 'pause':
        this.playing = false;
        return;
      case 'step':
        this.wanted += request.count;
        return;
      case 'ask':
        this.question = request.question;
        this.stale = true;
        return;
      case 'watch':
        this.watched = request.weights;
        if (this.watched)
          for (const side of this.running) side.weights = await weightsOf(side.model);
        this.stale = true;
        return;
      case 'weights': {
        const models = this.running.map(({ model }) => model);
        // States that are carried from batch to batch would be missing: training again gives them too.
        const carry = models.some(({ layers }) => layers.some((one) => one.getConfig().stateful === true)); // prettier-ignore
        const weights = carry ? [] : await Promise.all(models.map(flatWeights));
        const start = carry ? null : { step: this.running[0].step, weights };
        return this.post({ type: 'weights', id: request.id, start });
      }
      case 'save': {
        const files = await this.running[request.side].model.save();
        return this.post({ type: 'saved', id: request.id, files });
      }
      case 'load':
        await this.running[request.side].model.loadWeights({ weights: request.weights });
        this.stale = true;
        return this.post({ type: 'loaded', id: request.id });
    }
  }

  private async begin({ sides, device: choice, start }: Extract<Request, { type: 'begin' }>) {
    if (choice !== this.chosen) {
      const device = await openDevice(choice);
      setDevice(device);
      this.chosen = choice;
      this.post({ type: 'device', kind: device.kind, description: device.description });
    }
    if (!this.loaded) await this.lesson.load?.(readData);
    this.loaded = true;
    for (const { model } of this.running) model.dispose();
    this.running = sides.map((side, i) => {
      const model = this.lesson.program.build(side.values);
      if (start) setFlatWeights(model, start.weights[i] ?? new Float32Array());
      return { ...side, model, step: start?.step ?? 0, points: [], heldOut: null, weights: [] };
    });
    this.wanted = 0;
    this.stale = true;
    this.at = { progress: 0, view: 0, test: 0 };
  }

  private async train(side: Running): Promise<void> {
    const { x, y } = this.lesson.program.batch(side.values, side.step);
    const { loss, accuracy } = this.watched
      ? await this.trainWatched(side, { x, y })
      : await side.model.trainOnBatch(x, y);
    side.step++;
    side.points.push([side.step, accuracy === undefined ? { loss } : { loss, accuracy }]);
    this.speed.tokens += this.lesson.tokens(side.values);
    this.stale = true;
  }

  private async trainWatched(side: Running, batch: Batch): Promise<Logs> {
    const { logs, weights } = await trainWatched(side.model, batch);
    side.weights = weights;
    return logs;
  }

  private async report(idle: boolean): Promise<void> {
    const current = this.running;
    const now = performance.now();
    const seconds = (now - this.speed.since) / 1000;
    if (seconds > 0.5) {
      const { steps, tokens } = this.speed;
      this.speed = {
        ...{ since: now, steps: 0, tokens: 0 },
        ...{ stepsPerSecond: steps / seconds, tokensPerSecond: tokens / seconds },
      };
    }
    if (this.lesson.heldOut && (idle || now - this.at.test > TEST)) {
      this.at.test = now;
      for (const side of current) {
        if (side.heldOut?.step === side.step) continue;
        const figures = await this.lesson.heldOut(side.model, side.values);
        side.heldOut = { ...figures, step: side.step };
      }
    }
    if (idle || now - this.at.view > Math.max(VIEW, SHARE * this.viewTime)) {
      this.stale = false;
      const views: unknown[] = [];
      for (const { model, values, step } of current)
        views.push(await this.lesson.view(model, values, step, this.question));
      const weights = this.watched ? current.map((side) => side.weights) : null;
      this.post({ type: 'views', steps: current.map(({ step }) => step), views, weights });
      this.at.view = performance.now();
      this.viewTime = this.at.view - now;
    }
    if (idle || now - this.at.progress > PROGRESS) {
      this.at.progress = now;
      const { stepsPerSecond, tokensPerSecond } = this.speed;
      const sides = current.map((side): Progress => {
        const { step, points, heldOut, model } = side;
        side.points = [];
        return { step, points, heldOut, parameters: model.built ? model.countParams() : 0 };
      });
      this.post({ type: 'progress', playing: this.playing, sides, stepsPerSecond, tokensPerSecond }); // prettier-ignore
    }
  }
}

/** To be called by a page's worker, once. */
export function serve(lesson: Lesson): void {
  const trainer = new Trainer(lesson, (message) => self.postMessage(message));
  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    trainer.take(data).catch((error: unknown) => trainer.fail(error));
  });
}
