/** What the page begins with: the start of "The Raven" by Edgar Allan Poe (1845), in the public domain. */
export const TEXT = `Once upon a midnight dreary, while I pondered, weak and weary,
Over many a quaint and curious volume of forgotten lore,
While I nodded, nearly napping, suddenly there came a tapping,
As of some one gently rapping, rapping at my chamber door.
"'Tis some visitor," I muttered, "tapping at my chamber door;
Only this, and nothing more."

Ah, distinctly I remember, it was in the bleak December,
And each separate dying ember wrought its ghost upon the floor.
Eagerly I wished the morrow; vainly I had sought to borrow
From my books surcease of sorrow, sorrow for the lost Lenore,
For the rare and radiant maiden whom the angels name Lenore,
Nameless here for evermore.

And the silken sad uncertain rustling of each purple curtain
Thrilled me, filled me with fantastic terrors never felt before;
So that now, to still the beating of my heart, I stood repeating
"'Tis some visitor entreating entrance at my chamber door,
Some late visitor entreating entrance at my chamber door;
This it is, and nothing more."

Presently my soul grew stronger; hesitating then no longer,
"Sir," said I, "or Madam, truly your forgiveness I implore;
But the fact is I was napping, and so gently you came rapping,
And so faintly you came tapping, tapping at my chamber door,
That I scarce was sure I heard you": here I opened wide the door;
Darkness there, and nothing more.
`;

/** Every character of the text has an id; 0 is what stands for none. */
export const alphabetOf = (text: string): string[] => ['', ...[...new Set(text)].sort()];
export const encode = (text: string, alphabet: readonly string[]): Int32Array =>
  Int32Array.from(text, (character) => Math.max(0, alphabet.indexOf(character)));

/** Rows of a batch. */
const ROWS = 16;

/** As ids, the piece of each sixteenth of a text that a step reads. @param shift 1 for the characters that come next */
export function pieces(text: string, time: number, step: number, shift: number): number[][] {
  const ids = encode(text, alphabetOf(text));
  const part = Math.floor((ids.length - 1) / ROWS);
  const length = Math.min(time, part);
  const begin = ((step * length) % (part - length + 1)) + shift;
  return Array.from({ length: ROWS }, (_, row) =>
    Array.from(ids.subarray(row * part + begin, row * part + begin + length)),
  );
}
