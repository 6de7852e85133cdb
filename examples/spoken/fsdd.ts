// Reads the Free Spoken Digit Dataset (in Node and Deno).
import { decodeWav, toMono } from '../../src/audio/index.ts';
import { readTar } from '../../src/data/index.ts';
import { fileAt } from '../paths.ts';
import type { Recording } from './recordings.ts';
import { SAMPLE_RATE } from './synthesizer.ts';

/**
 * @param path an archive with WAV files DIGIT_SPEAKER_TAKE.wav, or a folder with such an archive, fsdd-recordings.tar.gz
 * @throws Error naming the file that is not a recording of 8000 samples a second
 */
export async function readFsdd(path: string): Promise<Recording[]> {
  const archive = await fileAt(path, 'fsdd-recordings.tar.gz');
  const recordings: Recording[] = [];
  for await (const file of readTar(archive)) {
    const [, word, speaker, take] = /(\w+?)_(\w+)_(\d+)\.wav$/.exec(file.path) ?? [];
    if (take === undefined) continue;
    try {
      const wave = decodeWav(await file.bytes());
      if (wave.sampleRate !== SAMPLE_RATE)
        throw new Error(`expected ${SAMPLE_RATE} samples a second, got ${wave.sampleRate}`);
      recordings.push({ word, speaker, take: Number(take), samples: toMono(wave) });
    } catch (error) {
      throw new Error(`${archive}, ${file.path}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (recordings.length === 0)
    throw new Error(`${archive}: expected files DIGIT_SPEAKER_TAKE.wav, found none`);
  return recordings;
}
