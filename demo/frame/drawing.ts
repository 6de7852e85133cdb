/** When a page is drawn: for the reader at once, for news of the worker at most ten times a second. */

/** Between two draws that no reader asked for, in milliseconds. */
const APART = 100;

export class Drawing {
  private next: ReturnType<typeof setTimeout> | null = null;
  private last = -Infinity;
  private readonly draw: () => void;

  constructor(draw: () => void) {
    this.draw = draw;
  }

  now(): void {
    if (this.next !== null) clearTimeout(this.next);
    this.schedule(0);
  }

  soon(): void {
    if (this.next === null) this.schedule(APART);
  }

  private schedule(apart: number): void {
    this.next = setTimeout(
      () =>
        requestAnimationFrame(() => {
          this.next = null;
          this.last = performance.now();
          this.draw();
        }),
      Math.max(0, this.last + apart - performance.now()),
    );
  }
}
