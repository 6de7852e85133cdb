/** The microphone, as pieces of sound. */
import captureUrl from './capture.ts?worker&url';

/** The sound should come as it is: none of what helps in a call. */
const AUDIO = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const REASONS: Readonly<Record<string, string>> = {
  NotAllowedError: 'this page may not use it; allow it beside the address',
  NotFoundError: 'there is none',
  NotReadableError: 'another program has it',
};

export class Microphone {
  private context: AudioContext | null = null;
  private listeners = new Set<(samples: Float32Array) => void>();

  /** In samples a second; 0 before it is open. */
  get rate(): number {
    return this.context?.sampleRate ?? 0;
  }

  /** Asks the reader, once. @throws Error that says why there is no sound */
  async open(): Promise<void> {
    if (this.context) return;
    if (!navigator.mediaDevices)
      throw new Error(
        'The microphone cannot be used here: pages may only where they come from https or this machine. The made-up voice goes on.',
      );
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: AUDIO });
      const context = new AudioContext();
      await context.audioWorklet.addModule(captureUrl);
      await context.resume();
      const node = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
      node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
        for (const listener of this.listeners) listener(data);
      };
      context.createMediaStreamSource(sound).connect(node);
      this.context = context;
    } catch (error) {
      const { name, message } = error as Error;
      throw new Error(
        `The microphone cannot be used: ${REASONS[name] ?? message}. The made-up voice goes on.`,
        { cause: error },
      );
    }
  }

  /** @returns what ends it */
  listen(listener: (samples: Float32Array) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What is heard in the next seconds. */
  record(seconds: number, onLevel: (level: number, part: number) => void): Promise<Float32Array> {
    const sound = new Float32Array(Math.round(seconds * this.rate));
    let count = 0;
    return new Promise((resolve) => {
      const end = this.listen((samples) => {
        sound.set(samples.subarray(0, sound.length - count), count);
        count += samples.length;
        const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        onLevel(loudest, Math.min(1, count / sound.length));
        if (count < sound.length) return;
        end();
        resolve(sound);
      });
    });
  }
}
