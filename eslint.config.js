import tseslint from 'typescript-eslint';

/** A folder's files import only what is named here (regular expressions over the whole import), and never read the environment. */
function only(folder, allowed, { types = [], ignores = [] } = {}) {
  const sources = ['\\./.*', ...allowed];
  const outside = (list) => `^(?!(${list.join('|')})$)`;
  return {
    files: [`src/${folder}`],
    ignores,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: outside([...sources, ...types]), message: `See "Who may import whom" in CONTRIBUTING.md.` },
            ...types.map((regex) => ({ regex: `^${regex}$`, allowTypeImports: true, message: 'Only its types.' })),
          ],
          paths: [{ name: 'node:process', message: 'Only the mains read the environment.' }],
        },
      ],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only the mains read the environment.' }],
    },
  };
}

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
  // What a browser runs, as it is written: no types and no build.
  { files: ['src/phone/page/*.js', 'test/helpers/pale-words.js'], ...tseslint.configs.disableTypeChecked },
  // Tests print, and read JSON that a server wrote without naming its type.
  { files: ['test/**', 'test-faults/**', 'test-cluster/**', 'bench/**', 'docs/**'], rules: { 'no-console': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' } },

  // The import direction: DESIGN in CONTRIBUTING.md, "Who may import whom".
  only('{message,before}.ts', []),
  only('workflows/**', ['@temporalio/(workflow|common)', '\\.\\./message\\.js', '\\.\\./temporal/contract\\.js'], { types: ['\\.\\./activities/.*'] }),
  only('activities/**', ['@temporalio/(activity|common)', 'openai(/.*)?', 'zod', 'node:events', '\\.\\./(message|log|gateways/.*|temporal/contract)\\.js'], { types: ['\\.\\./playbook/.*'] }),
  only('playbook/**', ['node:.*', 'yaml', 'zod', 'sms-segments-calculator', '\\.\\./(log|rules/.*)\\.js']),
  only('rules/**', ['eld/extrasmall']),
  only('gateways/**', ['node:.*', 'zod', '\\.\\./message\\.js']),
  only('inbox/**', ['node:.*', 'better-sqlite3', '\\.\\./(message|log|data-dir|keyring|api/intake)\\.js']),
  only('http/**', ['node:.*', 'koa', 'zod', '\\.\\./(log|process)\\.js']),
  only('api/*.ts', ['node:.*', 'koa', '@koa/router', 'zod', '\\.\\./(message|log|http/.*)\\.js'], { ignores: ['src/api/{main,start}.ts'] }),
  only('metrics/**', ['koa', 'prom-client', '\\.\\./(log|before|http/.*|api/measure|activities/measured-model|gateways/measured-gateway)\\.js'], {
    types: ['\\.\\./activities/classify\\.js', '\\.\\./temporal/start-workflow\\.js', '\\.\\./workflows/measure\\.js'],
    ignores: ['src/metrics/start.ts'],
  }),
  only('codec-endpoint/**', ['node:.*', 'koa', 'zod', '@temporalio/(common|proto)', '\\.\\./(log|keyring|http/.*)\\.js'], { ignores: ['src/codec-endpoint/{main,start}.ts'] }),
  only('api/openapi/**', ['koa', 'zod', '\\.\\./[a-z-]+\\.js', '\\.\\./\\.\\./http/.*']),
  only('control/**', ['node:.*', 'zod', '\\.\\./(log|process|http/.*)\\.js']),
  // The commands put together what is there; only their main reads the environment.
  only('cli/**', ['node:.*', 'commander', 'cli-progress', 'zod', '@temporalio/client', '(\\.\\./)+[a-z-]+\\.js', '(\\.\\./)+(checks|commands)/.*', '(\\.\\./)+(temporal|control|simulated-gateway|playbook)/.*', '(\\.\\./)+api/webhook\\.js'], { ignores: ['src/cli/main.ts'] }),
  only('phone/*.ts', ['node:.*', 'koa', 'zod', '\\.\\./(log|http/.*|simulated-gateway/(modes|deliver|own-page))\\.js'], {
    types: ['\\.\\./(temporal/runs|simulated-gateway/(server|deliver))\\.js'],
    ignores: ['src/phone/start.ts'],
  }),
  only('simulated-gateway/**', ['node:.*', 'zod', '\\.\\./process\\.js'], { ignores: ['src/simulated-gateway/main.ts'] }),
  // The SDK's core reads one setting from the environment only, and go needs ours.
  only('temporal/**', ['node:.*', '@temporalio/.*', 'better-sqlite3', 'lru-cache', '\\.\\./(message|before|log|process|keyring|api/intake)\\.js'], {
    types: ['\\.\\./workflows/.*'],
    ignores: ['src/temporal/{runtime,binary}.ts'],
  }),
);
