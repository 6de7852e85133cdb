/** ONNX Runtime's WebAssembly build, in a browser as in Node: what an ONNX file must answer. */
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';

/** Numbers with their shape. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const WASM = 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';

async function load() {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary =
    'document' in globalThis
      ? await (await fetch(`/${WASM}`)).arrayBuffer()
      : (await (await import('node:fs/promises')).readFile(WASM)).buffer;
  ort.env.logLevel = 'error';
  return ort;
}
let loaded: ReturnType<typeof load> | undefined;

/** A file that was opened. */
export class OnnxFile {
  private readonly session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.session = session;
  }

  static async open(file: Uint8Array): Promise<OnnxFile> {
    const ort = await (loaded ??= load());
    return new OnnxFile(await ort.InferenceSession.create(file));
  }

  get inputs(): readonly string[] {
    return this.session.inputNames;
  }
  get outputs(): readonly string[] {
    return this.session.outputNames;
  }

  /** The outputs by name. */
  async run(inputs: Readonly<Record<string, Numbers>>): Promise<Readonly<Record<string, Numbers>>> {
    const ort = await (loaded ??= load());
    const feeds = Object.entries(inputs).map(([name, { shape, data }]) => {
      const type = data instanceof Float32Array ? 'float32' : 'int32';
      return [name, new ort.Tensor(type, data as Float32Array, [...shape])] as const;
    });
    const found = await this.session.run(Object.fromEntries<Tensor>(feeds));
    return Object.fromEntries(
      Object.entries(found).map(([name, { dims, data }]) => [
        name,
        { shape: dims, data: data as Float32Array },
      ]),
    );
  }
}
