// Runs in the audio thread: hands what the microphone hears to the page, 1024 samples at a time.

// What the scope of an audio thread has; TypeScript's types for pages leave it out.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => object): void;

const SIZE = 1024;

class CaptureProcessor extends AudioWorkletProcessor {
  private samples = new Float32Array(SIZE);
  private count = 0;

  process([[input]]: Float32Array[][]): boolean {
    // Before the microphone is connected there is no input.
    for (const value of input ?? []) {
      this.samples[this.count++] = value;
      if (this.count < SIZE) continue;
      this.port.postMessage(this.samples, [this.samples.buffer]);
      this.samples = new Float32Array(SIZE);
      this.count = 0;
    }
    return true;
  }
}

registerProcessor('capture', CaptureProcessor);
