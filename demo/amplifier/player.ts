// Plays sounds in a loop, as they are or through the network.
import type { Stepper } from '../../src/stepper/index.ts';
import type { Report } from './processor.ts';

/** Adds the processor of the network to a context. */
export const addProcessor = (context: BaseAudioContext): Promise<void> =>
  context.audioWorklet.addModule(new URL('./processor.ts', import.meta.url));

/** A node that computes a step for each sample, from where the stepper stands now. Its context has the processor. */
export const networkNode = (context: BaseAudioContext, stepper: Stepper): AudioWorkletNode =>
  new AudioWorkletNode(context, 'network', {
    outputChannelCount: [1],
    processorOptions: { transfer: stepper.transfer() },
  });

export function soundSource(context: BaseAudioContext, sound: Float32Array): AudioBufferSourceNode {
  const buffer = context.createBuffer(1, sound.length, context.sampleRate);
  buffer.getChannelData(0).set(sound);
  const source = context.createBufferSource();
  source.buffer = buffer;
  return source;
}

export class Player {
  private readonly context: AudioContext;
  private nodes: AudioNode[] = [];

  constructor(context: AudioContext) {
    this.context = context;
  }

  /** Plays a sound from its beginning, through the network if a stepper is given; `onReport` hears how that goes. */
  async play(
    sound: Float32Array,
    stepper: Stepper | null,
    onReport: (report: Report) => void,
  ): Promise<void> {
    this.stop();
    await this.context.resume();
    const source = soundSource(this.context, sound);
    source.loop = true;
    this.nodes = [source];
    if (stepper) {
      const node = networkNode(this.context, stepper);
      node.port.onmessage = ({ data }: MessageEvent<Report>) => {
        if (this.nodes.includes(node)) onReport(data);
      };
      this.nodes.push(node);
    }
    this.nodes.reduce((from, to) => from.connect(to)).connect(this.context.destination);
    source.start();
  }

  stop(): void {
    for (const node of this.nodes) node.disconnect();
    this.nodes = [];
  }
}
