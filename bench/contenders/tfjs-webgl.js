import '@tensorflow/tfjs-backend-webgl';
import { openTfjs } from './tfjs.js';

export const open = () => openTfjs('webgl');
