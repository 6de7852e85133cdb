// Makes up chorales for four voices: chords that follow each other as textbooks of harmony have it, and voices that move as little as
// they can, without parallel fifths and octaves.
import type { Random } from '../../src/index.ts';

/** The lowest and the highest pitch of soprano, alto, tenor and bass. */
const RANGES = [
  [60, 79],
  [55, 72],
  [48, 67],
  [41, 60],
] as const;

const MAJOR = [0, 2, 4, 5, 7, 9, 11];
/** With the raised seventh degree, which leads to the tonic. */
const MINOR = [0, 2, 3, 5, 7, 8, 11];

/** By degree (0 is the tonic), where a chord may go, more likely ones several times. */
const NEXT: Record<number, readonly number[]> = {
  0: [3, 3, 4, 4, 5, 1, 0],
  1: [4, 4, 6, 0],
  3: [4, 4, 0, 1, 6],
  4: [0, 0, 0, 5],
  5: [3, 1, 1, 4],
  6: [0],
};

/** Pitches of soprano, alto, tenor and bass. */
type Chord = readonly [number, number, number, number];

const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(from.length)];

/** A piece of four to six phrases of eight frames; each frame, a quarter note, has the pitches that sound. */
export function inventChorale(random: Random): number[][] {
  const tonic = random.integer(12);
  const scale = (random.uniform() < 0.6 ? MAJOR : MINOR).map((step) => step + tonic);
  const phrases = 4 + random.integer(3);
  const frames: number[][] = [];
  let last: Chord | null = null;
  for (let phrase = 0; phrase < phrases; phrase++) {
    const degrees = degreesOfPhrase(random, phrase === phrases - 1 || random.uniform() < 0.5);
    for (const [i, degree] of degrees.entries()) {
      // A chord that stays is not voiced again, but within a phrase its soprano may pass to a neighbour.
      if (last && i > 0 && degree === degrees[i - 1]) {
        frames.push(i < degrees.length - 1 ? passing(random, last, scale) : [...last]);
        continue;
      }
      last = voice(random, degree, scale, last);
      frames.push([...last]);
    }
  }
  return frames;
}

/** Eight degrees; the last three are a cadence, to the tonic or to the dominant. */
function degreesOfPhrase(random: Random, closes: boolean): number[] {
  const degrees = [0];
  while (degrees.length < 5) {
    const now = degrees.at(-1)!;
    degrees.push(random.uniform() < 0.35 ? now : pick(random, NEXT[now]));
  }
  return [...degrees, ...(closes ? [4, 0, 0] : [pick(random, [1, 3, 0]), 4, 4])];
}

/** The same chord with the soprano a step of the scale higher or lower, in one of three cases. */
function passing(random: Random, chord: Chord, scale: readonly number[]): number[] {
  if (random.uniform() < 2 / 3) return [...chord];
  const classes = scale.map((pitch) => pitch % 12);
  const direction = pick(random, [1, -1]);
  let soprano = chord[0] + direction;
  while (!classes.includes(soprano % 12)) soprano += direction;
  return soprano > chord[1] && soprano <= RANGES[0][1] ? [soprano, ...chord.slice(1)] : [...chord];
}

/** The pitches in a voice's range that belong to some pitch classes. */
const within = ([low, high]: readonly [number, number], classes: readonly number[]): number[] =>
  Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((pitch) =>
    classes.includes(pitch % 12),
  );

/** The cheapest of all ways to spread a triad over the voices; a little chance makes pieces differ. */
function voice(
  random: Random,
  degree: number,
  scale: readonly number[],
  last: Chord | null,
): Chord {
  const classes = [0, 2, 4].map((third) => scale[(degree + third) % 7] % 12);
  const leading = scale[6] % 12;
  const [sopranos, altos, tenors] = RANGES.slice(0, 3).map((range) => within(range, classes));
  // The root in the bass; in diminished chords the third.
  const basses = within(RANGES[3], [classes[degree === 6 ? 1 : 0]]);
  let best: Chord | null = null;
  let least = Infinity;
  for (const bass of basses)
    for (const tenor of tenors) {
      if (tenor <= bass) continue;
      for (const alto of altos) {
        if (alto <= tenor || alto - tenor > 12) continue;
        for (const soprano of sopranos) {
          if (soprano <= alto || soprano - alto > 12) continue;
          const chord: Chord = [soprano, alto, tenor, bass];
          const cost = costOf(chord, last, classes, leading) + random.uniform(0, 2);
          if (cost < least) [best, least] = [chord, cost];
        }
      }
    }
  return best!;
}

function costOf(
  chord: Chord,
  last: Chord | null,
  classes: readonly number[],
  leading: number,
): number {
  const sounding = chord.map((pitch) => pitch % 12);
  const missing = classes.filter((one) => !sounding.includes(one)).length;
  const leadings = sounding.filter((one) => one === leading).length;
  let cost = 20 * missing + 30 * Math.max(0, leadings - 1);
  if (!last) return cost + Math.abs(chord[0] - 69);
  chord.forEach((pitch, i) => {
    const step = Math.abs(pitch - last[i]);
    cost += (i === 3 ? 0.3 : 1) * step + (i < 3 && step > 7 ? 10 : 0);
  });
  for (let i = 0; i < 4; i++)
    for (let j = i + 1; j < 4; j++) {
      const [now, before] = [(chord[i] - chord[j]) % 12, (last[i] - last[j]) % 12];
      if (now === before && (now === 0 || now === 7) && chord[i] !== last[i]) cost += 50;
    }
  return cost;
}
