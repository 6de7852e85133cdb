/**
 * From sound to features, and files of sound and music: the entry `gatefold/audio`. It needs no device. Names, defaults
 * and numbers are those of librosa; a row is a frame.
 *
 * @module
 */
export type { AudioArray, NumberMatrix } from './audio_array.ts';
export { decodeWav } from './decode_wav.ts';
export { encodeWav } from './encode_wav.ts';
export type { WavFormat, WavOptions } from './encode_wav.ts';
export { toMono } from './waveform.ts';
export type { Waveform } from './waveform.ts';
export { encodeMidi } from './encode_midi.ts';
export type { MidiNote, MidiOptions, MidiTrack } from './encode_midi.ts';
export { getWindow } from './windows.ts';
export type { WindowName, WindowOptions } from './windows.ts';
export { frame } from './frames.ts';
export type { PadMode } from './frames.ts';
export { rfft } from './fft.ts';
export type { Spectrum } from './fft.ts';
export { stft } from './stft.ts';
export type { ComplexSpectrogram, StftOptions } from './stft.ts';
export { hzToMel, melFilterbank, melToHz } from './mel.ts';
export type { MelFilterbankOptions, MelRange, MelScale } from './mel.ts';
export { logMelSpectrogram, melSpectrogram } from './mel_spectrogram.ts';
export type { MelSpectrogramOptions } from './mel_spectrogram.ts';
export { powerToDb } from './decibels.ts';
export type { DecibelOptions } from './decibels.ts';
export { mfcc, mfccFromLogMel } from './mfcc.ts';
export type { CepstrumOptions, MfccOptions } from './mfcc.ts';
export { delta } from './delta.ts';
export type { DeltaOptions } from './delta.ts';
export { preemphasis } from './preemphasis.ts';
