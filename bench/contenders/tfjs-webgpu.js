import '@tensorflow/tfjs-backend-webgpu';
import { openTfjs } from './tfjs.js';

export const open = () => openTfjs('webgpu');
