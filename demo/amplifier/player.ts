// Plays sounds in a loop, as they are or through the network; or what a microphone or an instrument gives, through the network.
import type { StepperTransfer } from 'gatefold';
import processorUrl from './processor.ts?worker&url';
import type { Report } from './processor.ts';
import { RATE } from './rate.ts';

/** Adds the processor of the network to a context. */
export const addProcessor = (context: BaseAudioContext): Promise<void> =>
  context.audioWorklet.addModule(processorUrl);

/** A node that computes a step for each sample, from where the stepper stood. Its context has the processor. */
export const networkNode = (
  context: BaseAudioContext,
  transfer: StepperTransfer,
): AudioWorkletNode =>
  new AudioWorkletNode(context, 'network', {
    outputChannelCount: [1],
    processorOptions: { transfer },
  });

export function soundSource(context: BaseAudioContext, sound: Float32Array): AudioBufferSourceNode {
  const buffer = context.createBuffer(1, sound.length, context.sampleRate);
  buffer.getChannelData(0).set(sound);
  const source = context.createBufferSource();
  source.buffer = buffer;
  return source;
}

export class Player {
  private context: AudioContext | null = null;
  private nodes: AudioNode[] = [];
  private live: MediaStream | null = null;

  /** With the processor of the network; made when something is played for the first time, as browsers want it. */
  async open(): Promise<AudioContext> {
    if (!this.context) {
      const context = new AudioContext({ sampleRate: RATE });
      await addProcessor(context);
      this.context = context;
    }
    await this.context.resume();
    return this.context;
  }

  /**
   * Plays a sound from its beginning, or with null what comes in live; through the network if there is one, and `onReport` hears how
   * that goes.
   */
  async play(
    sound: Float32Array | null,
    transfer: StepperTransfer | null,
    onReport: (report: Report) => void,
  ): Promise<void> {
    this.stop();
    const context = await this.open();
    const source = sound ? soundSource(context, sound) : await this.incoming(context);
    this.nodes = [source];
    if (transfer) {
      const node = networkNode(context, transfer);
      node.port.onmessage = ({ data }: MessageEvent<Report>) => {
        if (this.nodes.includes(node)) onReport(data);
      };
      this.nodes.push(node);
    }
    this.nodes.reduce((from, to) => from.connect(to)).connect(context.destination);
    if (source instanceof AudioBufferSourceNode) {
      source.loop = true;
      source.start();
    }
  }

  private async incoming(context: AudioContext): Promise<AudioNode> {
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    this.live = await navigator.mediaDevices.getUserMedia({ audio });
    return context.createMediaStreamSource(this.live);
  }

  stop(): void {
    for (const node of this.nodes) node.disconnect();
    for (const track of this.live?.getTracks() ?? []) track.stop();
    this.nodes = [];
    this.live = null;
  }
}

/** The first channels of two recordings, as long as the shorter one. @throws Error where one is no sound */
export async function recordings(
  context: BaseAudioContext,
  files: readonly [dry: File, wet: File],
  seconds: number,
): Promise<{ dry: Float32Array; wet: Float32Array }> {
  const [dry, wet] = await Promise.all(
    files.map(async (file) => {
      const decoded = await context.decodeAudioData(await file.arrayBuffer()).catch(() => null);
      if (!decoded)
        throw new Error(`${file.name} is no sound that this browser can read; choose a WAV file`);
      return decoded.getChannelData(0);
    }),
  );
  const length = Math.min(dry.length, wet.length, seconds * context.sampleRate);
  if (length < context.sampleRate)
    throw new Error('both recordings must be a second long or longer');
  return { dry: dry.slice(0, length), wet: wet.slice(0, length) };
}
