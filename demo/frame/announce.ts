/** Tells a screen reader how things go, at most every five seconds. */
const PAUSE = 5000;

export class Announcer {
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private text = '';

  private readonly region: HTMLElement;

  constructor(region: HTMLElement) {
    this.region = region;
  }

  /** The last of what is said within five seconds. */
  say(text: string): void {
    this.text = text;
    if (this.timer !== null) return;
    const wait = Math.max(0, this.last + PAUSE - performance.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.last = performance.now();
      this.region.textContent = this.text;
    }, wait);
  }
}
