import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const scriptGlobals = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'Worker',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'navigator',
  'performance',
  'postMessage',
  'process',
  'setInterval',
  'setTimeout',
  'structuredClone',
];

export default defineConfig(
  globalIgnores([
    ...['dist/', 'out/', '.cache/', '**/*.generated.ts', 'src/wasm/*/**'],
    // They import the package as it is published.
    ...['test/packages/project/typed.ts', 'test/types/project/'],
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // Shapes and counts belong in messages: `[${shape}]` and `${n}` are what error texts are made of.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allowNumber: true,
          allowBoolean: true,
          allowArray: true,
          allow: [{ from: 'file', name: ['Tensor', 'Variable'] }],
        },
      ],
      // A kernel without constants has `never` for their names in the generated types.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // Interfaces return promises where one device has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Tests assert what is thrown for wrong types on purpose, and print what they measured.
    files: ['test/**/*.ts', 'examples/**/*.ts', 'demo/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(scriptGlobals.map((name) => [name, 'readonly'])),
    },
    rules: { eqeqeq: 'error', 'no-undef': 'error', 'prefer-const': 'error' },
  },
);
