import tseslint from 'typescript-eslint';
import { composition, environmentUsers, importRules } from './import-rules.js';

const everyFolder = Object.keys(importRules);
const message = 'See "Who may import whom" in CONTRIBUTING.md.';

/** The imports of one folder's files: what it may import from other folders, of packages and of Node. */
function importsOf(folder, { folders = [], types = [], packages = [], node = false }) {
  const closed = everyFolder.filter((other) => ![folder, ...folders, ...types].includes(other));
  const into = (names) => `^(\\.\\./)+(${names.join('|')})/`;
  const known = [...packages.map((name) => `${name}(/|$)`), ...(node ? ['node:'] : []), '\\.'];
  const patterns = [
    { regex: into(closed), message },
    { regex: `^(?!${known.join('|')})`, message },
    ...(types.length > 0
      ? [{ regex: into(types), allowTypeImports: true, message: `Only its types. ${message}` }]
      : []),
  ];
  return {
    files: [`src/${folder}/**/*.ts`],
    ignores: composition,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', '*.config.js', 'import-rules.js'] },
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
  { files: ['src/demo/phone/page/*.js', 'test/**/*.js'], ...tseslint.configs.disableTypeChecked },
  // Tests print, and read JSON that a server wrote without naming its type.
  {
    files: ['test/**', 'bench/**', 'docs/**'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  { files: ['test/**/*.ts', 'bench/**/*.ts'], rules: { 'max-lines': ['error', 250] } },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'vitest', importNames: ['test'], message: 'Use `it`.' }] }],
    },
  },
  {
    files: ['src/**/*.{ts,js}'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-len': ['error', { code: 120, ignoreRegExpLiterals: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: Object.keys(environmentUsers),
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message }] },
  },
  ...everyFolder.map((folder) => importsOf(folder, importRules[folder])),
);
