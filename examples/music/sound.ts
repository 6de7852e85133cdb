// A piano roll as notes, and notes as sound and as a MIDI file.
import { encodeMidi, encodeWav } from '../../src/audio/index.ts';
import type { MidiNote } from '../../src/audio/index.ts';
import { LOWEST_PITCH } from './chorales.ts';
import type { Piece } from './chorales.ts';

/** Quarter notes a minute; a frame is a quarter note. */
const TEMPO = 90;
const SAMPLE_RATE = 22050;
/** How loud the partials of a note are, and how fast each dies away, in 1/s. */
const PARTIALS = [1, 0.5, 0.25, 0.12, 0.06];
const DECAY = 1.2;
/** Seconds in which a note begins, and in which it ends, so that nothing clicks. */
const FADE = 0.03;

/** A key that sounds in several frames in a row is one note. */
export function notesOf(piece: Piece): MidiNote[] {
  const notes: MidiNote[] = [];
  piece.forEach((keys, t) => {
    for (const key of keys) {
      if (t > 0 && piece[t - 1].includes(key)) continue;
      let end = t + 1;
      while (end < piece.length && piece[end].includes(key)) end++;
      notes.push({ pitch: key + LOWEST_PITCH, start: t, duration: end - t });
    }
  });
  return notes;
}

export const midiOf = (piece: Piece): Uint8Array =>
  encodeMidi([{ name: 'Chorale', program: 19, notes: notesOf(piece) }], { tempo: TEMPO });

/** Each note a sum of sines that die away, as a WAV file. */
export function wavOf(piece: Piece): Uint8Array {
  const quarter = 60 / TEMPO;
  const sound = new Float32Array(Math.ceil((piece.length * quarter + 2 * FADE) * SAMPLE_RATE));
  for (const { pitch, start, duration } of notesOf(piece)) {
    const frequency = 440 * 2 ** ((pitch - 69) / 12);
    const seconds = duration * quarter;
    const first = Math.round(start * quarter * SAMPLE_RATE);
    const count = Math.round((seconds + FADE) * SAMPLE_RATE);
    for (let i = 0; i < count; i++) {
      const t = i / SAMPLE_RATE;
      const envelope = Math.min(1, t / FADE, (seconds + FADE - t) / FADE) * Math.exp(-DECAY * t);
      let value = 0;
      for (const [k, loudness] of PARTIALS.entries())
        value += loudness * Math.sin(2 * Math.PI * frequency * (k + 1) * t);
      // Four or five notes together stay below 1.
      sound[first + i] += 0.1 * envelope * value;
    }
  }
  return encodeWav({ sampleRate: SAMPLE_RATE, channels: [sound] });
}
