/** MIDI files, read back by a small reader of their own. */
import { describe, expect, it } from 'vitest';
import { encodeMidi } from '../../src/audio/index.ts';

interface Event {
  tick: number;
  bytes: number[];
}

/** The division of time, and the events of each track. */
function readMidi(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset);
  const id = (at: number) => String.fromCharCode(...file.subarray(at, at + 4));
  expect(id(0)).toBe('MThd');
  expect(view.getUint32(4)).toBe(6);
  const [format, count, division] = [8, 10, 12].map((at) => view.getUint16(at));
  expect(format).toBe(1);
  const tracks: Event[][] = [];
  let at = 14;
  const variable = () => {
    let value = 0;
    for (;;) {
      const byte = file[at++];
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  };
  while (at < file.length) {
    expect(id(at)).toBe('MTrk');
    const end = at + 8 + view.getUint32(at + 4);
    at += 8;
    const events: Event[] = [];
    for (let tick = 0; at < end;) {
      tick += variable();
      const start = at;
      const status = file[at++];
      if (status === 0xff) {
        at++;
        const length = variable();
        at += length;
      } else at += status >> 4 === 0xc ? 1 : 2;
      events.push({ tick, bytes: [...file.subarray(start, at)] });
    }
    expect(at).toBe(end);
    expect(events.at(-1)!.bytes).toEqual([0xff, 0x2f, 0]);
    tracks.push(events.slice(0, -1));
  }
  expect(tracks.length).toBe(count);
  return { division, tracks };
}

describe('encodeMidi', () => {
  it('writes the tempo, and each track with its notes', () => {
    const file = encodeMidi(
      [
        {
          name: 'Soprano',
          program: 52,
          notes: [
            { pitch: 72, start: 0, duration: 1 },
            { pitch: 72, start: 1, duration: 0.5, velocity: 100 },
            { pitch: 74, start: 300, duration: 1e-9 },
          ],
        },
        { notes: [], channel: 9 },
      ],
      { tempo: 90, ticksPerQuarter: 96 },
    );
    const { division, tracks } = readMidi(file);
    expect(division).toBe(96);
    // 60 seconds / 90.
    expect(tracks[0]).toEqual([{ tick: 0, bytes: [0xff, 0x51, 3, 0x0a, 0x2c, 0x2b] }]);
    expect(tracks[1]).toEqual([
      { tick: 0, bytes: [0xff, 3, 7, ...new TextEncoder().encode('Soprano')] },
      { tick: 0, bytes: [0xc0, 52] },
      { tick: 0, bytes: [0x90, 72, 80] },
      // A note ends before the next of its pitch begins.
      { tick: 96, bytes: [0x80, 72, 0] },
      { tick: 96, bytes: [0x90, 72, 100] },
      { tick: 144, bytes: [0x80, 72, 0] },
      { tick: 28800, bytes: [0x90, 74, 80] },
      { tick: 28801, bytes: [0x80, 74, 0] },
    ]);
    expect(tracks[2].at(-1)).toEqual({ tick: 0, bytes: [0xc9, 0] });
  });

  it('gives each track a channel of its own, but not that of percussion', () => {
    const { tracks } = readMidi(encodeMidi(Array.from({ length: 16 }, () => ({ notes: [] }))));
    const channels = tracks.slice(1).map((events) => events.at(-1)!.bytes[0] & 15);
    expect(channels).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 0]);
  });

  const note = { pitch: 60, start: 0, duration: 1 };
  it.each([
    [{ notes: [{ ...note, pitch: 128 }] }, 'track 0: pitch of note 0: expected a whole number from 0 to 127, got 128'], // prettier-ignore
    [{ notes: [note, { ...note, velocity: 0 }] }, 'velocity of note 1: expected a whole number from 1 to 127, got 0'], // prettier-ignore
    [{ notes: [{ ...note, duration: 0 }] }, 'duration of note 0: expected a number above 0, got 0'],
    [{ notes: [{ ...note, start: -1 }] }, 'start of note 0 to be a number from 0 on, got -1'],
    [{ notes: [], program: 128 }, 'program: expected a whole number from 0 to 127, got 128'],
    [{ notes: [], channel: 16 }, 'channel: expected a whole number from 0 to 15, got 16'],
    [{ notes: [], name: 'Flöte' }, "expected a name in ASCII, got 'Flöte'"],
  ])('refuses what a file cannot hold: %#', (track, message) => {
    expect(() => encodeMidi([track])).toThrow(message);
  });

  it('refuses a tempo that fits in no file', () => {
    expect(() => encodeMidi([], { tempo: 0 })).toThrow('tempo: expected a number above 0, got 0');
    expect(() => encodeMidi([], { tempo: 1 })).toThrow('from 1 to 16777215, got 60000000');
    expect(() => encodeMidi({ notes: [] } as never)).toThrow('expected a list of tracks, got an object with notes'); // prettier-ignore
  });
});
