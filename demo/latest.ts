/**
 * Runs an asynchronous task on the latest of the values that come in: one at a time, and values that a later one has overtaken
 * are skipped.
 */
export function latestOnly<T>(task: (value: T) => Promise<void>): (value: T) => void {
  let waiting: { value: T } | null = null;
  let busy = false;
  async function work(): Promise<void> {
    busy = true;
    while (waiting) {
      const { value } = waiting;
      waiting = null;
      await task(value);
    }
    busy = false;
  }
  return (value) => {
    waiting = { value };
    if (!busy) void work();
  };
}
