/** The GPU's own clock. */
import type { Encode, ObservableDevice, Queue } from '../observer.ts';
import { once, Saved } from './clock.ts';
import type { Clock } from './clock.ts';

/** Queries in a set: the most that WebGPU allows. */
const QUERIES = 4096;

/**
 * A pass of its own for each dispatch, between two timestamps. Browsers round them, to 65 or 100 µs, which
 * the repetitions make up for.
 */
export class TimestampClock implements Clock {
  readonly name = 'timestamps';
  readonly targetMs = 4;
  readonly queue: Queue;
  private readonly device: ObservableDevice;
  private readonly gpu: GPUDevice;
  private readonly saved: Saved;
  private readonly sets: GPUQuerySet[] = [];
  private used = 0;

  constructor(device: ObservableDevice) {
    this.device = device;
    this.gpu = device.gpu;
    this.queue = device.gpu.queue;
    this.saved = new Saved(device.gpu);
  }

  dispatch(encode: Encode, times: number, written: readonly GPUBuffer[]): void {
    const encoder = this.device.commands();
    const first = this.used % QUERIES;
    const querySet = (this.sets[Math.floor(this.used / QUERIES)] ??= this.gpu.createQuerySet({
      type: 'timestamp',
      count: QUERIES,
    }));
    this.used += 2;
    if (times > 1) this.saved.save(encoder, written);
    const pass = encoder.beginComputePass({
      timestampWrites: {
        querySet,
        beginningOfPassWriteIndex: first,
        endOfPassWriteIndex: first + 1,
      },
    });
    encode(pass, times);
    pass.end();
    if (times > 1) {
      this.saved.restore(encoder, written);
      once(encoder, encode);
    }
  }

  handedOver(): Promise<void> {
    return Promise.resolve();
  }

  async collect(): Promise<number[]> {
    const { gpu, used } = this;
    this.used = 0;
    if (used === 0) return [];
    const size = 8 * QUERIES;
    const buffers = [
      gpu.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC }),
      gpu.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ }),
    ];
    const [resolved, mapped] = buffers;
    const durations: number[] = [];
    for (let begin = 0; begin < used; begin += QUERIES) {
      const count = Math.min(QUERIES, used - begin);
      const encoder = gpu.createCommandEncoder();
      encoder.resolveQuerySet(this.sets[begin / QUERIES], 0, count, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, mapped, 0, 8 * count);
      gpu.queue.submit([encoder.finish()]);
      await mapped.mapAsync(GPUMapMode.READ, 0, 8 * count);
      const stamps = new BigUint64Array(mapped.getMappedRange(0, 8 * count));
      for (let i = 0; i < count; i += 2)
        // A clock that was reset in between gives a negative difference.
        durations.push(Math.max(0, Number(BigInt.asIntN(64, stamps[i + 1] - stamps[i])) / 1e6));
      mapped.unmap();
    }
    for (const buffer of buffers) buffer.destroy();
    return durations;
  }

  destroy(): void {
    this.saved.destroy();
    for (const set of this.sets) set.destroy();
  }
}
