import { sigmoid as map } from '../functions.ts';
import type { MapTwin } from '../twin.ts';

export const sigmoid: MapTwin = { map, gradient: (y) => y * (1 - y) };
