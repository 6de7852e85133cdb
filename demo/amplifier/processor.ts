// Runs in the audio thread: each sample is a step of the network.
import { fromTransfer } from 'gatefold/stepper';
import type { StepperTransfer } from 'gatefold/stepper';
import { Delays } from './delays.ts';

// What the scope of an audio thread has; TypeScript's types for pages leave it out.
declare const currentTime: number;
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: { transfer: StepperTransfer } }) => object,
): void;

/** What the page is told about twice a second. */
export interface Report {
  /** Seconds that were played. */
  readonly seconds: number;
  readonly underruns: number;
  /** Share of real time that the network took. */
  readonly load: number;
}

class NetworkProcessor extends AudioWorkletProcessor {
  private readonly stepper;
  private readonly x = new Float32Array(1);
  private readonly y = new Float32Array(1);
  private readonly delays = new Delays();
  private samples = 0;
  private busy = 0;
  private reported = 0;

  constructor({ processorOptions }: { processorOptions: { transfer: StepperTransfer } }) {
    super();
    this.stepper = fromTransfer(processorOptions.transfer);
  }

  process([[input]]: Float32Array[][], [[output, ...others]]: Float32Array[][]): boolean {
    const { stepper, x, y } = this;
    const begun = Date.now();
    this.delays.see(begun, 1000 * currentTime);
    for (let i = 0; i < output.length; i++) {
      // Where nothing is connected there is silence.
      x[0] = input ? input[i] : 0;
      stepper.step(x, y);
      output[i] = y[0];
    }
    for (const other of others) other.set(output);
    // The clock counts whole milliseconds; over many calls that evens out.
    this.busy += Date.now() - begun;
    this.samples += output.length;
    if (this.samples - this.reported > sampleRate / 2) this.report();
    return true;
  }

  private report(): void {
    this.reported = this.samples;
    const seconds = this.samples / sampleRate;
    const report: Report = {
      seconds,
      underruns: this.delays.count,
      load: this.busy / (1000 * seconds),
    };
    this.port.postMessage(report);
  }
}

registerProcessor('network', NetworkProcessor);
