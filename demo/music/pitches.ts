/** What the page and its worker call the same: the voices, and notes by number. */

/** Of the lowest note, as in MIDI, and how many notes there are. */
export const [LOWEST, NOTES] = [35, 50];
/** In the order in which the network writes them. */
export const NAMES = ['soprano', 'bass', 'tenor', 'alto'] as const;
export const VOICES = NAMES.length;
/** Beats of the melody, and of all that is written. */
export const [MELODY, BEATS] = [16, 24];
/** Notes of all that is written. */
export const LENGTH = VOICES * BEATS;

const LETTERS = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];
/** @param pitch as in MIDI */
export const nameOf = (pitch: number): string =>
  `${LETTERS[pitch % 12]}${Math.floor(pitch / 12) - 1}`;

/** Of the text in the address: a note for each beat, within the range of a soprano. */
export function melodyOf(text: string): number[] {
  const notes = text
    .split(' ')
    .map(Number)
    .filter((pitch) => Number.isInteger(pitch) && pitch >= 57 && pitch <= 81);
  return Array.from({ length: MELODY }, (_, beat) => notes[beat] ?? notes.at(-1) ?? 67);
}
