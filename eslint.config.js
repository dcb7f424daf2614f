import tseslint from 'typescript-eslint';

/** What the files of a folder may not import. `types` may still be imported as types. */
function forbid(folder, patterns, { ignores = [], env = true } = {}) {
  return {
    files: [`src/${folder}`],
    ignores,
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
      ...(env ? { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only the mains read the environment.' }] } : {}),
    },
  };
}

const pattern = (group, message, allowTypeImports = false) => ({ group, message, allowTypeImports });

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', 'eslint.config.js'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/require-await': 'off', // an interface may ask for a promise where one implementation needs none
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['test/**', 'bench/**'], rules: { 'no-console': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' } },

  // The import direction: DESIGN in CONTRIBUTING.md, "Who may import whom".
  forbid('message.ts', [pattern(['*'], 'message.ts imports nothing.')]),
  forbid('workflows/**', [
    pattern(['node:*', 'zod', 'openai', 'pino', '**/config.js', '**/log.js', '**/api/**', '**/worker/**', '**/gateways/**', '**/inbox/**'], 'A workflow imports only what replays the same.'),
    pattern(['**/activities/**'], 'A workflow knows activities by their types only.', true),
  ]),
  forbid('activities/**', [
    pattern(['**/workflows/**', '**/api/**', '**/worker/**', '**/inbox/**', '@temporalio/client', '@temporalio/worker', '@temporalio/workflow'], 'Activities know neither workflows nor processes.'),
  ]),
  forbid('gateways/**', [
    pattern(['@temporalio/*', '**/activities/**', '**/workflows/**', '**/api/**', '**/worker/**', '**/temporal/**', '**/config.js', '**/log.js'], 'A gateway knows its provider and nothing of Answerback.'),
  ]),
  forbid('api/**', [pattern(['**/activities/**', '**/worker/**', 'openai', '**/simulated-gateway/**'], 'The api takes texts; it does not answer them.')], {
    ignores: ['src/api/main.ts'],
  }),
  forbid('{temporal,worker,simulated-gateway}/**', [], { ignores: ['src/**/main.ts', 'src/temporal/runtime.ts', 'src/temporal/binary.ts'] }),
);
