/** Freed memory that is kept for reuse, until nobody has used it for a while. */

/** So many steps long. Lengths of sequences, and training and validation, take turns within fewer. */
export const KEPT_STEPS = 256;
/** Steps between two looks at what is too old. */
const LOOK_EVERY = 32;

interface Kept<T> {
  readonly item: T;
  readonly bytes: number;
  readonly order: number;
  /** The step in which it was freed. */
  readonly since: number;
}

/** Things by what they fit, which is the same for all that may take each other's place. */
export class Pool<K, T> {
  /** Of everything in it. */
  bytes = 0;
  private readonly kept = new Map<K, Kept<T>[]>();
  private readonly destroy: (item: T) => void;
  private step = 0;

  /** @param destroy what becomes of a thing that is no longer kept */
  constructor(destroy: (item: T) => void = () => undefined) {
    this.destroy = destroy;
  }

  /** The one of the lowest order, and of these the last one freed. */
  take(fit: K): T | undefined {
    const found = this.kept.get(fit)?.pop();
    if (found) this.bytes -= found.bytes;
    return found?.item;
  }

  give(fit: K, item: T, bytes: number, order = 0): void {
    let list = this.kept.get(fit);
    if (!list) this.kept.set(fit, (list = []));
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].order >= order) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, { item, bytes, order, since: this.step });
    this.bytes += bytes;
  }

  /** A step is over. */
  next(): void {
    if (++this.step % LOOK_EVERY === 0) this.release((since) => this.step - since >= KEPT_STEPS);
  }

  /** Lets go of what was freed in such a step; of everything where it is left out, but for what `isBusy`. */
  release(isOld: (since: number) => boolean = () => true, isBusy?: (item: T) => boolean): void {
    for (const [fit, list] of this.kept) {
      const rest = list.filter(({ item, bytes, since }) => {
        if (!isOld(since) || isBusy?.(item)) return true;
        this.bytes -= bytes;
        this.destroy(item);
        return false;
      });
      if (rest.length > 0) this.kept.set(fit, rest);
      else this.kept.delete(fit);
    }
  }
}
