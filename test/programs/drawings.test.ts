import { afterAll, describe, expect, it } from 'vitest';
import { readDrawings } from '../../examples/handwriting/read.ts';
import { writeDrawings } from './files.ts';
import { path, removeFolder, writeText } from './run.ts';

afterAll(removeFolder);

/** `numpy.savez_compressed(file, train=..., valid=..., test=...)` of NumPy 2: arrays of objects, int16 [2, 3] each, pickled by protocol 4. */
const COMPRESSED =
  'UEsDBC0AAAAIAAAAIQDLIFuA//////////8JABQAdHJhaW4ubnB5AQAQAJEBAAAAAAAA/AAAAAAAAAClj0FLw0AQhXcTY0Fy' +
  'FrzlthFiDj2JCB4KHlxMRejBg4RtsrKFNgmbjRCs4KVqYW+Z/l3jJoEigicfzMC8efPBNNHs9u4Bo2f0QlJeJpJceGQ9JYFH' +
  'nnKpJMviXKa8s6/ZsuTGLwUruJn9cXAaeK/ef3T0drA7xKiXPs6qVVGHcZJLHq6qpVowKVkN2o0lT/KsVLJKFDSgnT4JepSl' +
  'Q6QBijYwwXP4gHvwKabWBoStnVTVBe9OrOk5bD+Hra3xGqIoummN+kavFMy3j+ALSzgdSoz2IGq/g3C1tRj/BFz+AqAOMHGH' +
  'VwL81WIExvqLd2KyGLUtQmf7LDcVfgNQSwMELQAAAAgAAAAhAEibzuL//////////wkAFAB2YWxpZC5ucHkBABAAZAEAAAAA' +
  'AADtAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF7jr66joJ6WX1RSlJgXn1+UkgoSdkvMKU4FihdnJBakAvkahjqaOgq1' +
  'CpQArgaWqTcZIKBHLK80t6BSLz45vyhVL7c0pyQzsagosXJKD098UWpyfl5xSVFpcsmUyVN6WMEqp/Sw56VAlEye4s3QOsWZ' +
  'MWlK+5SgKRrejN6MrVMymHtYU0oqC1JBWpj8LaZ0dkBkmXsYa6b4+fl5/QcCMOFtXzIlqTN2SgZTBivIpAx2mDlM3sxtUzJ4' +
  'epgyjZD126DpZwDpd+aB+ESH8d9/RoYpQKFEINYDAFBLAwQtAAAACAAAACEASJvO4v//////////CAAUAHRlc3QubnB5AQAQ' +
  'AGQBAAAAAAAA7QAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBe46+uo6Cell9UUpSYF59flJIKEnZLzClOBYoXZyQWpAL5' +
  'GoY6mjoKtQqUAK4Glqk3GSCgRyyvNLegUi8+Ob8oVS+3NKckM7GoKLFySg9PfFFqcn5ecUlRaXLJlMlTeljBKqf0sOelQJRM' +
  'nuLN0DrFmTFpSvuUoCka3ozejK1TMph7WFNKKgtSQVqY/C2mdHZAZJl7GGum+Pn5ef0HAjDhbV8yJakzdkoGUwYryKQMdpg5' +
  'TN7MbVMyeHqYMo2Q9dug6WcA6XfmgfhEh/Hff0aGKUChRCDWAwBQSwECLQMtAAAACAAAACEAyyBbgPwAAACRAQAACQAAAAAA' +
  'AAAAAAAAgAEAAAAAdHJhaW4ubnB5UEsBAi0DLQAAAAgAAAAhAEibzuLtAAAAZAEAAAkAAAAAAAAAAAAAAIABNwEAAHZhbGlk' +
  'Lm5weVBLAQItAy0AAAAIAAAAIQBIm87i7QAAAGQBAAAIAAAAAAAAAAAAAACAAV8CAAB0ZXN0Lm5weVBLBQYAAAAAAwADAKQA' +
  'AACGAwAAAAA=';

/** The same by protocol 2 and not compressed, as older files are. */
const STORED =
  'UEsDBBQAAAAAAFG5fF3MxDY49gEAAPYBAAAJAAAAdHJhaW4ubnB5k05VTVBZAQB2AHsnZGVzY3InOiAnfE8nLCAnZm9ydHJh' +
  'bl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
  'ICAgICAgICAgICAgICAgICAgICAgIAqAAmNudW1weS5fY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAGNudW1weQpu' +
  'ZGFycmF5CnEBSwCFcQJjX2NvZGVjcwplbmNvZGUKcQNYAQAAAGJxBFgGAAAAbGF0aW4xcQWGcQZScQeHcQhScQkoSwFLAoVx' +
  'CmNudW1weQpkdHlwZQpxC1gCAAAATzhxDImIh3ENUnEOKEsDWAEAAAB8cQ9OTk5K/////0r/////Sz90cRBiiV1xEShoAGgB' +
  'SwCFcRJoB4dxE1JxFChLAUsCSwOGcRVoC1gCAAAAaTJxFomIh3EXUnEYKEsDWAEAAAA8cRlOTk5K/////0r/////SwB0cRpi' +
  'iWgDWA4AAAAAAAAAAAAsAcO+w78BAHEbaAWGcRxScR10cR5iaABoAUsAhXEfaAeHcSBScSEoSwFLAksDhnEiaBiJaANYEAAA' +
  'AAEAw7/DvwAALQHDvsO/AQBxI2gFhnEkUnEldHEmYmV0cSdiLlBLAwQUAAAAAABRuXxdE9TNzLIBAACyAQAACQAAAHZhbGlk' +
  'Lm5weZNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xPJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAg' +
  'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKgAJjbnVtcHkuX2Nv' +
  'cmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEA' +
  'AABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwGFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAE84cQyJiIdxDVJxDihL' +
  'A1gBAAAAfHEPTk5OSv////9K/////0s/dHEQYoldcRFoAGgBSwCFcRJoB4dxE1JxFChLAUsCSwOGcRVoC1gCAAAAaTJxFomI' +
  'h3EXUnEYKEsDWAEAAAA8cRlOTk5K/////0r/////SwB0cRpiiWgDWA4AAAAAAAAAAAAsAcO+w78BAHEbaAWGcRxScR10cR5i' +
  'YXRxH2IuUEsDBBQAAAAAAFG5fF0T1M3MsgEAALIBAAAIAAAAdGVzdC5ucHmTTlVNUFkBAHYAeydkZXNjcic6ICd8TycsICdm' +
  'b3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
  'ICAgICAgICAgICAgICAgICAgICAgICAgICAgCoACY251bXB5Ll9jb3JlLm11bHRpYXJyYXkKX3JlY29uc3RydWN0CnEAY251' +
  'bXB5Cm5kYXJyYXkKcQFLAIVxAmNfY29kZWNzCmVuY29kZQpxA1gBAAAAYnEEWAYAAABsYXRpbjFxBYZxBlJxB4dxCFJxCShL' +
  'AUsBhXEKY251bXB5CmR0eXBlCnELWAIAAABPOHEMiYiHcQ1ScQ4oSwNYAQAAAHxxD05OTkr/////Sv////9LP3RxEGKJXXER' +
  'aABoAUsAhXESaAeHcRNScRQoSwFLAksDhnEVaAtYAgAAAGkycRaJiIdxF1JxGChLA1gBAAAAPHEZTk5OSv////9K/////0sA' +
  'dHEaYoloA1gOAAAAAAAAAAAALAHDvsO/AQBxG2gFhnEcUnEddHEeYmF0cR9iLlBLAQIUAxQAAAAAAFG5fF3MxDY49gEAAPYB' +
  'AAAJAAAAAAAAAAAAAACAAQAAAAB0cmFpbi5ucHlQSwECFAMUAAAAAABRuXxdE9TNzLIBAACyAQAACQAAAAAAAAAAAAAAgAEd' +
  'AgAAdmFsaWQubnB5UEsBAhQDFAAAAAAAUbl8XRPUzcyyAQAAsgEAAAgAAAAAAAAAAAAAAIAB9gMAAHRlc3QubnB5UEsFBgAA' +
  'AAADAAMApAAAAM4FAAAAAA==';

const drawing = (i: number) => Int16Array.of(i, -i, 0, 300 + i, -2, 1);

describe('drawings', () => {
  it.each([
    ['COMPRESSED', COMPRESSED],
    ['STORED', STORED],
  ])('come from an .npz file of NumPy: %s', async (_, base64) => {
    const file = path('some.npz');
    writeText('some.npz', Buffer.from(base64, 'base64'));
    expect(await readDrawings(file)).toEqual({
      ...{ name: 'some', train: [drawing(0), drawing(1)], valid: [drawing(0)], test: [drawing(0)] },
    });
  });

  it('come from a folder with an index and points', async () => {
    const { name, train, valid, test } = await readDrawings(writeDrawings());
    expect(name).toBe('some');
    expect([train, valid, test].map(({ length }) => length)).toEqual([12, 3, 5]);
    expect(Array.from(train[0].subarray(0, 6))).toEqual([0, 50, 0, 42, -49, 0]);
    expect(train[0]).toHaveLength(30);
  });

  it('say what is wrong with their files', async () => {
    const npz = Buffer.from(COMPRESSED, 'base64');
    writeText('half.npz', npz.subarray(0, 400));
    await expect(readDrawings(path('half.npz'))).rejects.toThrow(/expected an \.npz file/);
    writeText('short/some.index.json', '{"splits":{"train":{"lengths":[2]}}}');
    await expect(readDrawings(path('short'))).rejects.toThrow(/expected some\.i16\.bin or/);
    writeText('short/some.i16.bin', 'x'.repeat(11));
    await expect(readDrawings(path('short'))).rejects.toThrow(
      /6 bytes for each of the 2 points of the index, got 11 bytes/,
    );
    writeText('short/some.i16.bin', 'x'.repeat(12));
    await expect(readDrawings(path('short'))).rejects.toThrow(
      /expected drawings in train, valid and test, got train$/,
    );
    writeText('short/other.index.json', '{}');
    await expect(readDrawings(path('short'))).rejects.toThrow(
      /expected one file NAME\.index\.json .*, got 2$/,
    );
  });

  it('are of no pickle that asks for something else', async () => {
    // The name of the function that makes an array, in the stored file.
    const changed = Buffer.from(STORED, 'base64');
    const at = changed.indexOf('_reconstruct');
    changed.write('_destroy_all', at);
    writeText('bad.npz', changed);
    await expect(readDrawings(path('bad.npz'))).rejects.toThrow(
      /pickle of NumPy arrays, got one that calls numpy\.\S+\._destroy_all/,
    );
  });
});
