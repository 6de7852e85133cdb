/** The library as processes import it that a case starts. */
export * from '../../src/index.ts';
