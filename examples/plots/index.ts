// Plots as SVG text, for reports and web pages.
export { alignment } from './alignment.ts';
export { confusionTable } from './confusion.ts';
export { learningCurves } from './curves.ts';
export type { Curves } from './curves.ts';
export { heatText } from './heat.ts';
export type { HeatOptions } from './heat.ts';
export { lines } from './lines.ts';
export type { Line, LinesOptions } from './lines.ts';
export { pianoRoll } from './piano_roll.ts';
export type { Note, PianoRollOptions } from './piano_roll.ts';
export { spectrogram } from './spectrogram.ts';
export type { SpectrogramOptions } from './spectrogram.ts';
export { scatter } from './scatter.ts';
export type { Point } from './scatter.ts';
export { colourOf } from './plot.ts';
export { reportPage } from './report.ts';
export type { ReportSection } from './report.ts';
