// Sets up a new machine. Uses only modules of Node, since it runs before node_modules exists.
export { ensureDependencies, generateSources, root } from './dependencies.mjs';
export { ensureChromium } from './browser.mjs';
export { ensureLavapipe, findLavapipe } from './lavapipe.mjs';
export { ensureWebGPU, findGpu } from './webgpu.mjs';
export { SetupError, say } from './terminal.mjs';
