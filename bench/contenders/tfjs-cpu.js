import '@tensorflow/tfjs-backend-cpu';
import { openTfjs } from './tfjs.js';

export const open = () => openTfjs('cpu');
