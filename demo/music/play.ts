/** Plays voices with the browser's own oscillators. */

/** Seconds of a beat, and in which a note begins and ends, so that nothing clicks. */
const [BEAT, FADE] = [0.5, 0.04];

export class Player {
  private context: AudioContext | null = null;
  private ending: (() => void) | null = null;

  get playing(): boolean {
    return this.ending !== null;
  }

  /**
   * From the first beat on; a note that stays is held.
   *
   * @param onBeat is called as each beat begins, and with null at the end
   */
  async play(
    voices: readonly (readonly number[])[],
    onBeat: (beat: number | null) => void,
  ): Promise<void> {
    this.stop();
    const context = (this.context ??= new AudioContext());
    await context.resume();
    const out = context.createGain();
    out.gain.value = 0.16;
    out.connect(context.destination);
    const begin = context.currentTime + 0.1;
    for (const voice of voices) {
      voice.forEach((pitch, beat) => {
        if (beat > 0 && voice[beat - 1] === pitch) return;
        let end = beat + 1;
        while (end < voice.length && voice[end] === pitch) end++;
        note(context, out, pitch, begin + beat * BEAT, (end - beat) * BEAT);
      });
    }
    let last = -1;
    const timer = setInterval(() => {
      const beat = Math.floor((context.currentTime - begin) / BEAT);
      if (beat >= voices[0].length) this.stop();
      else if (beat > last) onBeat((last = beat));
    }, 30);
    this.ending = () => {
      clearInterval(timer);
      out.disconnect();
      onBeat(null);
    };
  }

  stop(): void {
    const { ending } = this;
    this.ending = null;
    ending?.();
  }
}

function note(
  context: AudioContext,
  out: AudioNode,
  pitch: number,
  start: number,
  seconds: number,
): void {
  const [tone, gain] = [context.createOscillator(), context.createGain()];
  tone.type = 'triangle';
  tone.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(1, start + FADE);
  gain.gain.setTargetAtTime(0.35, start + FADE, 0.5);
  gain.gain.setTargetAtTime(0, start + seconds - FADE, FADE / 3);
  tone.connect(gain).connect(out);
  tone.start(start);
  tone.stop(start + seconds + FADE);
}
