import { sigmoid, softplus } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const logSigmoid: MapTwin = { map: (x) => -softplus(-x), gradient: (x) => sigmoid(-x) };
