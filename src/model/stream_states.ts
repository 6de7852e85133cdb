/** What the layers of a model carry from step to step, for rows that are computed side by side. */
import type { Device, NumericArray } from '../backend.ts';
import type { Graph, Layer, StreamState } from '../layers/base.ts';
import { SequenceLayer } from '../layers/sequence_layer.ts';
import { listByName } from '../layers/shapes.ts';
import { numbersOf } from '../layers/states.ts';
import type { StateValue, StateValues } from '../layers/weights.ts';
import { sizeOf, Tensor } from '../tensor.ts';
import { carryingLayers } from './stream_layers.ts';

/** States to begin with, by the names of layers. */
export type InitialStates = Readonly<Record<string, StateValues>>;

/** One of the states that a layer carries. */
interface Place {
  readonly tensor: Tensor;
  /** Numbers of a row, and where those of the first row stand that the next step reads. */
  readonly width: number;
  readonly start: number;
  /** Whether it can be given as an initial state: a layer may also keep its last output, or count its steps. */
  readonly named: boolean;
}

/** The states of a layer in their order, with as many numbers for each row. */
type Values = readonly (Tensor | ArrayLike<number>)[];

export class StreamStates {
  /** By layer, what it carries, one after the other, [2,rows,width] each. */
  readonly tensors = new Map<Layer, Tensor>();
  /** On which side of them the last step left it. */
  side = 0;
  private readonly carried: ReadonlyMap<Layer, StreamState>;
  private readonly rows: number;

  constructor(device: Device, carried: ReadonlyMap<Layer, StreamState>, rows: number) {
    this.carried = carried;
    this.rows = rows;
    for (const [layer, { widths }] of carried) {
      const size = 2 * rows * widths.reduce((sum, width) => sum + width, 0);
      // Not `allocate`: it outlives the scope of the step.
      const storage = device.alloc(size, 'float32');
      this.tensors.set(layer, new Tensor(device, storage, [size]));
    }
    this.clear();
  }

  /** What a layer of the model carries, or layers inside it. */
  placesOf(layer: Layer): Place[] {
    return [...(layer.streamState?.inside?.keys() ?? [layer])].flatMap((carrier) => {
      let end = 0;
      return this.carried.get(carrier)!.widths.map((width, i) => {
        const start = end + this.side * this.rows * width;
        end += 2 * this.rows * width;
        const named = i < carrier.stateNames.length;
        return { tensor: this.tensors.get(carrier)!, width, start, named };
      });
    });
  }

  /** Sets what a layer carries for a row to row `from` of `rows` of `values`: all of it, or what can be given. */
  put(layer: Layer, row: number, values: Values, from: number, rows: number): void {
    const all = this.placesOf(layer);
    const places = values.length === all.length ? all : all.filter(({ named }) => named);
    places.forEach(({ tensor: { device, storage }, width, start }, i) => {
      const value = values[i];
      const size = (value instanceof Tensor ? value.size : value.length) / rows;
      const to = start + row * width;
      if (value instanceof Tensor) device.copy(value.storage, from * size, storage, to, size);
      else
        device.write(
          storage,
          Float64Array.from(value).subarray(from * size, (from + 1) * size),
          to,
        );
    });
  }

  /** Sets all to zero, or what is carried for a row. */
  clear(row?: number): void {
    for (const [layer, { device, storage }] of this.tensors)
      if (row === undefined) device.zero(storage);
      else
        for (const { width, start } of this.placesOf(layer))
          device.write(storage, new Float32Array(width), start + row * width);
  }

  /** What the layers carry for a row, by the names of the layers of the model. */
  async read(row: number, layers: readonly Layer[]): Promise<Record<string, NumericArray[]>> {
    const found = layers.map(async (layer) => {
      const parts = this.placesOf(layer).map(async ({ tensor, width, start }) => {
        const all = await tensor.data();
        return all.slice(start + row * width, start + (row + 1) * width);
      });
      return [layer.name, await Promise.all(parts)] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  dispose(): void {
    for (const state of this.tensors.values()) state.dispose();
  }
}

/** One of the layers that carry states. */
export function layerNamed(what: string, layers: readonly Layer[], name: string): Layer {
  const layer = layers.find((one) => one.name === name);
  if (layer) return layer;
  throw new Error(
    `${what}: expected initialState by the names of layers (${layers.map((one) => one.name).join(', ') || 'none carries states'}), got '${name}'`,
  );
}

/**
 * Initial states in the order of each layer.
 *
 * @param rows how many the states have
 * @throws Error naming the layer where they do not fit
 */
export function initialStates(
  what: string,
  graph: Pick<Graph, 'calls'>,
  given: InitialStates,
  rows: number,
  device: Device,
): Map<Layer, Values> {
  const layers = carryingLayers(graph);
  return new Map(
    Object.entries(given).map(([name, values]) => {
      const layer = layerNamed(what, layers, name);
      const named = values as readonly StateValue[] | Readonly<Record<string, StateValue>>;
      const list = listByName(name, 'initialState', named, layer.stateNames).map((value) =>
        numbersOf(value, []),
      );
      const fits = (widths: readonly number[]): boolean =>
        list.length === widths.length &&
        list.every(
          ({ data, size }, i) =>
            size === rows * widths[i] && (!(data instanceof Tensor) || data.device === device),
        );
      const own = layer instanceof SequenceLayer ? layer.stateShapes.map(sizeOf) : [];
      const all = [...(layer.streamState!.inside?.values() ?? [layer.streamState!])];
      if (!fits(own) && !fits(all.flatMap(({ widths }) => widths)))
        throw new Error(
          `${what}: expected initialState of '${name}' to be ${layer.stateNames.join(', ')} of ${own.join(', ')} numbers` +
            `${rows > 1 ? ` for each of ${rows} rows` : ''}, got ${list.map(({ size }) => size).join(', ')}; give a list or name them, tensors on the model's device`,
        );
      return [layer, list.map(({ data }) => data)];
    }),
  );
}
