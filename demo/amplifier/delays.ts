// How often sound was late: an audio thread that does not keep up leaves gaps, and the clock of the sound stands still in them.

/** Milliseconds by which the clock of the sound must have fallen behind all at once to count as a gap. */
const GAP = 20;
/** The two clocks need not agree: what a millisecond of the one may be longer on the other. */
const DRIFT = 0.001;

export class Delays {
  /** Gaps so far. */
  count = 0;
  private least = Infinity;
  private before = 0;

  /** @param wall the time of day, and @param sound that of the sound that is computed now, in milliseconds */
  see(wall: number, sound: number): void {
    const behind = wall - sound;
    this.least = Math.min(this.least + DRIFT * (sound - this.before), behind);
    this.before = sound;
    if (behind > this.least + GAP) {
      this.count++;
      this.least = behind;
    }
  }
}
