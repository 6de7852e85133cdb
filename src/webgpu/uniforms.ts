/** Parameters of the dispatches being recorded: slots in uniform pages, written once before their submit. */
import type { Layout } from './link.ts';
import type { Queue } from './observer.ts';

const SLOT = 256; // minUniformBufferOffsetAlignment of every device
const SLOTS = 1024;

export interface Page {
  readonly id: number;
  readonly buffer: GPUBuffer;
  readonly bytes: DataView<ArrayBuffer>;
}

export class Uniforms {
  private readonly device: GPUDevice;
  private readonly pages: Page[] = [];
  private used = 0;

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** Puts the parameters into the next slot. Throws where one is missing or no number. */
  push(
    kernel: string,
    layout: Layout,
    params: Readonly<Record<string, number>>,
  ): { page: Page; offset: number } {
    const index = Math.floor(this.used / SLOTS);
    const page = this.pages[index] ?? this.grow();
    const slot = (this.used % SLOTS) * SLOT;
    this.used++;
    for (const { name, type, offset } of layout.parameters) {
      const at = slot + offset;
      const value = params[name];
      if (typeof value !== 'number')
        throw new Error(
          `kernel '${kernel}': parameter '${name}' is ${String(value)}, expected a number`,
        );
      if (type === 'f32') page.bytes.setFloat32(at, value, true);
      else if (type === 'u32') page.bytes.setUint32(at, value, true);
      else page.bytes.setInt32(at, value, true);
    }
    return { page, offset: slot };
  }

  /** Uploads what was pushed. The pages can be used again at once, since the queue carries everything out in order. */
  flush(queue: Pick<Queue, 'writeBuffer'>): void {
    for (let index = 0; index * SLOTS < this.used; index++) {
      const page = this.pages[index];
      const slots = Math.min(this.used - index * SLOTS, SLOTS);
      queue.writeBuffer(page.buffer, 0, page.bytes.buffer, 0, slots * SLOT);
    }
    this.used = 0;
  }

  private grow(): Page {
    const size = SLOT * SLOTS;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const page: Page = {
      id: this.pages.length,
      buffer: this.device.createBuffer({ label: 'parameters', size, usage }),
      bytes: new DataView(new ArrayBuffer(size)),
    };
    this.pages.push(page);
    return page;
  }
}
