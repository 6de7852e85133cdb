// Faults that the tests must notice: node scripts/faults.mjs puts each into the sources, alone, and runs the tests named beside it.
//   in       files or folders that are searched; those that are not there are passed over
//   find     patterns; the first that occurs exactly once in them is the place
//   replace  what stands there instead
//   tests    the quickest test files that must fail

const CELLS = ['test/golden/cells.test.ts'];
const lstm = ['shaders/cells/lstm.wgsl'];
const gru = ['shaders/cells/gru.wgsl'];
/** Twins of cells in a file each, or all in one. */
const twin = (name) => [`src/cpu/cells/${name}.ts`, 'src/cpu/cells.ts'];

/** @type {{ name: string, in: string[], find: RegExp[], replace: string, tests: string[] }[]} */
export const FAULTS = [
  {
    name: 'LSTM: the forget gate takes the sum of the input gate',
    in: lstm,
    find: [/x\[1\] \+ h\[1\]/],
    replace: 'x[0] + h[0]',
    tests: CELLS,
  },
  {
    name: "LSTM, twin: input and forget gate are saved in each other's place",
    in: twin('lstm'),
    find: [/\[i, f, g, o\](?=\))/, /\[i, f, g, o\](?= = saved)/],
    replace: '[f, i, g, o]',
    tests: CELLS,
  },
  {
    name: 'LSTM: no gradient flows back through the cell state',
    in: lstm,
    find: [/dc \* f\b/, /dc \* gate_value\(f\)/],
    replace: 'dc * f * 0.0',
    tests: CELLS,
  },
  {
    name: 'GRU: the update gate keeps what it should replace',
    in: gru,
    find: [/\(1\.0 - z\) \* n;/],
    replace: 'z * n;',
    tests: CELLS,
  },
  {
    name: 'GRU: the gradient of the recurrent side passes by the reset gate',
    in: gru,
    find: [/\br \* dn\b/],
    replace: 'dn',
    tests: CELLS,
  },
  {
    name: 'GRU with the reset before: the gradient of the state passes by the reset gate',
    in: ['shaders/cells/gru_reset_before.wgsl'],
    find: [/\bback \* r;/, /\bback \* r\b/, /\bback \* gate_value\(r\);/],
    replace: 'back;',
    tests: CELLS,
  },
  {
    name: 'sLSTM, twin: the maximum of the exponents passes no gradient on',
    in: twin('slstm'),
    find: [/keeps \? dm - ofI : ofF/],
    replace: 'ofF',
    tests: ['test/layers/slstm.test.ts'],
  },
  {
    name: 'SimpleRNN, twin: the derivative of the activation is left out',
    in: twin('simple'),
    find: [
      /(gradient\[0\]) \* \w+\((?:[^()]|\([^()]*\))*saved\[0\]\)/,
      /(gradient\[0\]) \* \w+\([^;\n]*\);/,
      /(gradient\[0\]) \* u\.act\.slope\([^;\n]*\)/,
    ],
    replace: '$1',
    tests: CELLS,
  },
  {
    name: 'tanh: the derivative is 1 - y in place of 1 - y²',
    in: ['shaders/lib/activations.wgsl', 'shaders/maps/tanh.wgsl'],
    find: [/(1\.0 - y) \* y/, /(1\.0 - v) \* v/],
    replace: '$1',
    tests: CELLS,
  },
  {
    name: 'Chunks: the gradients of weights are those of the first chunk alone',
    in: ['src/ops'],
    find: [/= chunk !== this\.chunks\.at\(-1\)/],
    replace: '= false',
    tests: CELLS,
  },
  {
    name: 'Chunks: a reversed direction goes on from the wrong end of the chunk before',
    in: ['src/ops'],
    find: [/reverse \? 0 : previous\.length/],
    replace: 'reverse ? 1 : previous.length',
    tests: ['test/golden/recurrent.test.ts'],
  },
  {
    name: 'Recurrent dropout: the gradient of the recurrent kernel sees states that were dropped',
    in: ['src/ops'],
    find: [/( {4})if \(mask\) \{/],
    replace: '$1if (false) {',
    tests: ['test/ops/recurrent.test.ts'],
  },
  {
    name: 'Masks: rows that were put in order keep that order in the final states',
    in: ['src/ops'],
    find: [/own\.map\(unsort\)/],
    replace: 'own',
    tests: ['test/ops/recurrent.test.ts'],
  },
  {
    name: 'Bidirectional: the second direction takes the weights of the first',
    in: ['src/layers/bidirectional.ts'],
    find: [/\blayer\.direction\(x, parts/],
    replace: 'forward.direction(x, parts',
    tests: ['test/layers/bidirectional.test.ts'],
  },
  {
    name: 'Embedding: padding is not masked',
    in: ['src/layers/embedding.ts'],
    find: [/notEqual\((\w+), 0\)/],
    replace: 'notEqual($1, -1)',
    tests: ['test/layers/simple.test.ts'],
  },
  {
    name: 'Losses: what is masked counts',
    in: ['src/losses'],
    find: [/where\(mask, values, 0\)/],
    replace: 'values',
    tests: ['test/training/losses.test.ts'],
  },
  {
    name: 'Streams: the mask of a chunk is ignored',
    in: ['src/layers', 'src/model'],
    find: [/mul\(stream\.active, mask\)/, /mul\(active, mask\)/],
    replace: 'stream.active',
    tests: ['test/training/stream.test.ts'],
  },
  {
    name: 'Adam: the first moment is not corrected for its bias',
    in: ['src/optimizers/adam.ts'],
    find: [/\(1 - (?:this\.)?beta1 \*\* t\)/],
    replace: '1',
    tests: ['test/golden/optim.test.ts', 'test/training/optimizers.test.ts'],
  },
  {
    name: 'SGD: Nesterov looks ahead without its momentum',
    in: ['shaders/rules/sgd.wgsl'],
    find: [/p\.momentum \* m \+ change/],
    replace: 'm + change',
    tests: ['test/training/optimizers.test.ts'],
  },
  {
    name: 'RMSprop, twin: centered is not',
    in: ['src/cpu/rules/rmsprop.ts'],
    find: [/ - (\w+(?:\[\w+\])?) \* \1(?=, 0\))/],
    replace: '',
    tests: ['test/golden/optim.test.ts', 'test/training/optimizers.test.ts'],
  },
  {
    name: 'Clipping: a norm is no limit',
    in: ['shaders/optimize.wgsl'],
    find: [/params\.clipNorm \/ max\(norms\[params\.normIndex\], params\.clipNorm\)/],
    replace: '1.0',
    tests: ['test/training/optimizers.test.ts'],
  },
  {
    name: 'Softmax cross-entropy: the gradient forgets the target',
    in: ['shaders/class_cross_entropy_backward.wgsl', 'shaders'],
    find: [/(\* of_row\.y) - q\)/],
    replace: '$1)',
    tests: ['test/ops/cross_entropy.test.ts'],
  },
  {
    name: 'Embedding, twin: an id that comes twice gets one gradient',
    in: ['src/cpu/scatter_add.ts'],
    find: [/(out\[id \* width \+ \w+\]) \+=/],
    replace: '$1 =',
    tests: ['test/ops/embedding.test.ts'],
  },
  {
    name: 'Dropout: what is kept is not scaled',
    in: ['src/ops/dropout.ts'],
    find: [/scale: 1 \/ \(1 - rate\)/],
    replace: 'scale: 1',
    tests: ['test/ops/dropout.test.ts'],
  },
  {
    name: 'BatchNormalization: the moving statistics keep what they should take',
    in: ['src/layers/batch_normalization.ts'],
    find: [/1 - this\.options\.momentum\b/, /1 - momentum\b(?!\))/],
    replace: 'this.options.momentum',
    tests: ['test/layers/batch_normalization.test.ts'],
  },
  {
    name: 'Product: the gradient of a transposed operand is not transposed',
    in: ['src/ops/matmul.ts'],
    find: [/transposeA: true, transposeB: transposeA/],
    replace: 'transposeA: true',
    tests: ['test/ops/matmul.test.ts'],
  },
  {
    name: 'Stateful layers: a step that failed leaves its states',
    in: ['src/layers/states.ts', 'src/layers'],
    find: [/failed \? where\(failed, variable, (values\[i\])\) : values\[i\]/],
    replace: '$1',
    tests: ['test/training/stateful.test.ts', 'test/training/guard.test.ts'],
  },
  {
    name: 'Scan: the gradient of a sees the state after the step',
    in: ['shaders/scan_gradient.wgsl'],
    find: [/state_before\(o, s - 1u, column\)/],
    replace: 'h[at]',
    tests: ['test/ops/scan.test.ts'],
  },
  {
    name: 'Scan: the factor of a block leaves its last step out',
    in: ['shaders/scan/blocks.wgsl'],
    find: [/factor = number_times\(f, factor\);/],
    replace: 'if (k < last) { factor = number_times(f, factor); }',
    tests: ['test/ops/scan.test.ts'],
  },
  {
    name: 'Layers on the scan: a masked step shows the state instead of the output before',
    in: ['src/layers/scan_layer.ts'],
    find: [/mask \? this\.withMask\(all, mask, stream\) : all/],
    replace: 'all',
    tests: ['test/layers/scan_layers.test.ts'],
  },
  {
    name: 'WebAssembly, product: the third of four rows is multiplied twice',
    in: ['src/wasm/lib/panels.ts'],
    find: [/v128\.load32_splat\(a3 \+ at\)/],
    replace: 'v128.load32_splat(a2 + at)',
    tests: ['test/ops/matmul.test.ts'],
  },
  {
    name: 'WebAssembly, LSTM: no gradient flows back through the cell state',
    in: ['src/wasm/cells/lstm.ts'],
    find: [/setGradient\(1, mul\(dc, gateValue\(f\)\)\)/],
    replace: 'setGradient(1, splat(0))',
    tests: CELLS,
  },
  {
    name: 'WebAssembly, masks: a row whose step is masked forgets its states',
    in: ['src/wasm/kernels/sequence_forward.ts'],
    find: [
      /memory\.copy\((after \+ q \* stateStride \+ r \* row), before \+ q \* stateStride \+ r \* row, row\)/,
    ],
    replace: 'memory.fill($1, 0, row)',
    tests: ['test/golden/recurrent.test.ts'],
  },
];
