/**
 * Loads what trains, measures and writes files: together, so that a page can save what it has trained although the network is gone, or the files
 * on the server are others by now.
 */
export const loadTraining = () => import('./training.ts');
