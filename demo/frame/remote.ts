/** The page's side of the worker that trains. */
import type { SavedModel } from 'gatefold';
import type { Start } from './address.ts';
import type { Message, Request } from './lesson.ts';

type Answered = Extract<Message, { id?: number }>;

export class Remote {
  private readonly pending = new Map<number, (answer: Answered) => void>();
  private ids = 0;
  private readonly worker: Worker;

  constructor(worker: Worker, onMessage: (message: Message) => void) {
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      const waiting = 'id' in data && data.id !== undefined ? this.pending.get(data.id) : undefined;
      if (waiting) waiting(data as Answered);
      else onMessage(data);
    });
    worker.addEventListener('error', (event) => {
      onMessage({ type: 'failed', message: event.message || 'the worker could not be started' });
    });
  }

  send(request: Request): void {
    this.worker.postMessage(request);
  }

  private ask(request: (id: number) => Request): Promise<Answered> {
    const id = ++this.ids;
    return new Promise((resolve, reject) => {
      this.pending.set(id, (answer) => {
        this.pending.delete(id);
        if (answer.type === 'failed') reject(new Error(answer.message));
        else resolve(answer);
      });
      this.send(request(id));
    });
  }

  async save(side: number): Promise<SavedModel> {
    const answer = await this.ask((id) => ({ type: 'save', id, side }));
    return (answer as Extract<Message, { type: 'saved' }>).files;
  }

  /** All weights as they are now, and the step that they are of; null where they do not say everything. */
  async weights(): Promise<Start | null> {
    const answer = await this.ask((id) => ({ type: 'weights', id }));
    return (answer as Extract<Message, { type: 'weights' }>).start;
  }

  async load(side: number, weights: Uint8Array): Promise<void> {
    await this.ask((id) => ({ type: 'load', id, side, weights }));
  }
}
