/** The losses that a name stands for. Apart from index.ts: what a file takes as a whole and also hands on as a whole, Parcel 2.16 loses. */
export * from './cross_entropy.ts';
export * from './divergence.ts';
export * from './regression.ts';
