/** Writes standard MIDI files (MIDI Manufacturers Association, "Standard MIDI Files 1.0", RP-001, 1996). */
import { check, checkNames, LIST, NOT_NEGATIVE, show } from '../options.ts';
import { positive, wholeNumber } from './checks.ts';

/** A note of a MIDI track. Times are in quarter notes. */
export interface MidiNote {
  /** 0 to 127; 60 is middle C, 69 the A of 440 Hz. */
  readonly pitch: number;
  /** When it begins, in quarter notes from the beginning of the piece. */
  readonly start: number;
  /** In quarter notes, above 0; at least one tick is written. */
  readonly duration: number;
  /** How loud, 1 to 127; 80 by default. */
  readonly velocity?: number;
}

/** The notes of one instrument. */
export interface MidiTrack {
  /** In any order; they may overlap. */
  readonly notes: readonly MidiNote[];
  /** Shown by programs; ASCII. */
  readonly name?: string;
  /** The instrument of General MIDI, 0 to 127; 0, a piano, by default. */
  readonly program?: number;
  /** 0 to 15; by default each track has its own, 9 (percussion) left out. */
  readonly channel?: number;
}

/** How `encodeMidi` measures time. */
export interface MidiOptions {
  /** Quarter notes a minute; 120 by default. */
  readonly tempo?: number;
  /** How finely time is divided; 480 by default. */
  readonly ticksPerQuarter?: number;
}

interface Event {
  readonly tick: number;
  readonly bytes: readonly number[];
}

/**
 * The bytes of a standard MIDI file of format 1: a track with the tempo, then one for each of `tracks`.
 *
 * @throws Error if a pitch, velocity, program or channel is out of its range, or a time is negative or not finite
 * @example
 * ```js
 * const notes = [60, 62, 64, 65].map((pitch, i) => ({ pitch, start: i, duration: 1 }));
 * const bytes = encodeMidi([{ notes, name: 'melody' }], { tempo: 90 }); // the contents of a .mid file
 * ```
 */
export function encodeMidi(
  tracks: readonly MidiTrack[],
  options: MidiOptions = {},
): Uint8Array<ArrayBuffer> {
  if (!Array.isArray(tracks))
    throw new Error(`encodeMidi: expected a list of tracks, got ${show(tracks)}`);
  checkNames('encodeMidi', options, ['tempo', 'ticksPerQuarter']);
  const { tempo = 120, ticksPerQuarter = 480 } = options;
  wholeNumber('encodeMidi: ticksPerQuarter', ticksPerQuarter, 1, 0x7fff);
  // A file has the microseconds of a quarter note, in three bytes.
  const microseconds = Math.round(60_000_000 / positive('encodeMidi: tempo', tempo));
  wholeNumber('encodeMidi: microseconds of a quarter note', microseconds, 1, 0xffffff);
  const head = [...bigEndian(1, 2), ...bigEndian(tracks.length + 1, 2)];
  return Uint8Array.from([
    ...chunk('MThd', [...head, ...bigEndian(ticksPerQuarter, 2)]),
    ...trackChunk([{ tick: 0, bytes: [0xff, 0x51, 3, ...bigEndian(microseconds, 3)] }]),
    ...(tracks as readonly MidiTrack[]).flatMap((track, i) =>
      trackChunk(eventsOf(track, i, ticksPerQuarter)),
    ),
  ]);
}

/** The channel of a track: 0 to 8, 10 to 15, and again. */
const ownChannel = (index: number): number => (index % 15 < 9 ? index % 15 : (index % 15) + 1);

function eventsOf(track: MidiTrack, index: number, ticksPerQuarter: number): Event[] {
  const what = `encodeMidi: track ${index}`;
  checkNames(what, track, ['notes', 'name', 'program', 'channel']);
  const { notes, name = '', program = 0, channel = ownChannel(index) } = track;
  wholeNumber(`${what}: program`, program, 0, 127);
  wholeNumber(`${what}: channel`, channel, 0, 15);
  if (typeof name !== 'string' || !/^[\x20-\x7e]*$/.test(name))
    throw new Error(`${what}: expected a name in ASCII, got ${show(name)}`);
  const events: Event[] = [
    { tick: 0, bytes: [0xff, 3, ...variableLength(name.length), ...codesOf(name)] },
    { tick: 0, bytes: [0xc0 | channel, program] },
  ];
  const ends: Event[] = [];
  const starts: Event[] = [];
  check(what, 'notes', notes, LIST);
  for (const [i, note] of notes.entries()) {
    checkNames(`${what}: note ${i}`, note, ['pitch', 'start', 'duration', 'velocity']);
    const { pitch, start, duration, velocity = 80 } = note;
    wholeNumber(`${what}: pitch of note ${i}`, pitch, 0, 127);
    wholeNumber(`${what}: velocity of note ${i}`, velocity, 1, 127);
    positive(`${what}: duration of note ${i}`, duration);
    check(what, `start of note ${i}`, start, NOT_NEGATIVE);
    const tick = Math.round(start * ticksPerQuarter);
    const end = Math.max(tick + 1, Math.round((start + duration) * ticksPerQuarter));
    starts.push({ tick, bytes: [0x90 | channel, pitch, velocity] });
    ends.push({ tick: end, bytes: [0x80 | channel, pitch, 0] });
  }
  // Sorting is stable: where one note ends and another of its pitch begins, the end comes first.
  return [...events, ...[...ends, ...starts].sort((a, b) => a.tick - b.tick)];
}

function trackChunk(events: readonly Event[]): number[] {
  let last = 0;
  const body = events.flatMap(({ tick, bytes }) => {
    const wait = variableLength(tick - last);
    last = tick;
    return [...wait, ...bytes];
  });
  return chunk('MTrk', [...body, 0, 0xff, 0x2f, 0]);
}

const codesOf = (text: string): number[] =>
  Array.from(text, (character) => character.charCodeAt(0));

const chunk = (id: string, body: readonly number[]): number[] => [
  ...codesOf(id),
  ...bigEndian(body.length, 4),
  ...body,
];

const bigEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 0xff);

/** Seven bits a byte, the highest first; all but the last byte have their high bit set. */
function variableLength(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
