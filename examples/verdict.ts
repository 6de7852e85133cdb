/**
 * The exit code of a program that compares a network with a baseline: 1 if the network is no better after the usual training. Prints which it is.
 *
 * @param shortened the option that changed the training, as in `--epochs 1`, after which nothing is judged; null for none
 */
export function verdict(isBetter: boolean, shortened: string | null): number {
  if (shortened !== null) {
    console.log(`not judged: the usual training is without ${shortened}`);
    return 0;
  }
  console.log(isBetter ? 'better than the baseline' : 'no better than the baseline');
  return isBetter ? 0 : 1;
}
