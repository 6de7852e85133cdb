/** Made-up chorales as sequences of notes: each beat is the soprano, the bass, the tenor and the alto, in this order. */
import { Random } from 'gatefold';
import { inventChorale } from '../../examples/music/harmony.ts';
import { LENGTH, LOWEST, NOTES, VOICES } from './pitches.ts';

/** Beats of a phrase: where one begins, the network may begin to read. */
const PHRASE = 8;

/** All in C, major or minor, which they end with: a network learns sooner what has no keys. Notes are ids, from 1 on. */
function idsOf(chorale: readonly (readonly number[])[]): number[] {
  const tonic = chorale.at(-1)![3] % 12;
  const shift = tonic > 6 ? 12 - tonic : -tonic;
  return chorale.flatMap(([soprano, alto, tenor, bass]) =>
    [soprano, bass, tenor, alto].map((pitch) => pitch + shift - LOWEST + 1),
  );
}

const random = new Random(1);
const all = Array.from({ length: 60 }, () => idsOf(inventChorale(random)));
/** The last eight are never trained on. */
export const [TRAINING, HELD_OUT] = [all.slice(0, -8), all.slice(-8)];
if (all.flat().some((id) => id < 1 || id > NOTES || all[0].length % VOICES !== 0))
  throw new Error(`expected notes from 1 to ${NOTES}`);

/** What the network is given and asked for: parts of chorales, each from the beginning of a phrase on. */
export function parts(chorales: readonly number[][], rows: number, random: Random) {
  const chosen = Array.from({ length: rows }, () => {
    const chorale = chorales[random.integer(chorales.length)];
    const phrases = Math.floor((chorale.length - LENGTH) / (VOICES * PHRASE)) + 1;
    const from = VOICES * PHRASE * random.integer(phrases);
    return chorale.slice(from, from + LENGTH);
  });
  return { x: chosen.map((notes) => [0, ...notes.slice(0, -1)]), y: chosen };
}
