import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { composition, environmentUsers, importRules } from '../../import-rules.js';
import { type Import, importsIn } from './imports-in.js';
import { projectFolder } from '../kit/program.js';

const rules = Object.entries(importRules);
const source = path.join(projectFolder, 'src');
const contributing = readFileSync(path.join(projectFolder, 'CONTRIBUTING.md'), 'utf8');

describe('who may import whom', () => {
  it('is the same for the linter and in CONTRIBUTING', () => {
    const rows = [...contributing.matchAll(/^\| `([a-z-]+)\/` \| (.*?) ?\| (.*?) ?\| (.*?) ?\|$/gm)];
    expect(
      rows.map(([, folder, folders, types, packages = '']) => [
        folder,
        {
          folders: namesIn(folders),
          types: namesIn(types),
          packages: namesIn(packages),
          node: /\bNode\b/.test(packages),
        },
      ]),
    ).toEqual(
      rules.map(([folder, { folders = [], types = [], packages = [], node = false }]) => [
        folder,
        { folders, types, packages, node },
      ]),
    );
  });

  it('has an entry for each folder of src', () => {
    expect(rules.map(([folder]) => folder).sort()).toEqual(readdirSync(source).sort());
  });

  it.each(rules)('%s imports only folders above it', (folder, { folders = [], types = [] }) => {
    expect([...folders, ...types].filter((name) => !foldersAbove(folder).includes(name))).toEqual([]);
  });

  it('is kept by every import of src, also by `import()`, which the linter does not see', () => {
    expect(filesIn(source).flatMap((file) => refusedImports(file))).toEqual([]);
  });

  it.each([
    ['domain/message.ts', `const late = () => import('../http/problem.js');`],
    ['domain/message.ts', `const late = () => import('node:fs');`],
    ['domain/message.ts', `export * from '../http/problem.js';`],
    ['domain/message.ts', 'const late = (name: string) => import(name);'],
    ['activities/prompt.ts', `const late = () => import('../playbook/load.js');`],
    ['api/start.ts', `const late = () => import('../standalone/welcome.js');`],
  ])('this test refuses it in %s: %s', (file, text) => {
    expect(refusedImports(path.join(source, file), text)).toHaveLength(1);
  });

  it('allows the types of a folder whose values it refuses', () => {
    const text = `import type { P } from '../playbook/playbook.js';\nlet one: import('../playbook/load.js').A;`;
    expect(refusedImports(path.join(source, 'activities/prompt.ts'), text)).toEqual([]);
  });

  it('names the files that put parts together in CONTRIBUTING', () => {
    const [, list = ''] = /^These files put parts together.*: (.*)\.$/m.exec(contributing) ?? [];
    expect(namesIn(list)).toEqual(composition);
  });

  it.each([
    ['domain/message.ts', `import { importedUp } from '../http/problem.js';\nvoid importedUp;\n`],
    ['domain/message.ts', `import { readFileSync } from 'node:fs';\nvoid readFileSync;\n`],
    ['activities/prompt.ts', `import { openPlaybook } from '../playbook/load.js';\nvoid openPlaybook;\n`],
    ['inbox/schema.ts', `void process.env;\n`],
  ])('the linter refuses it in %s: %s', async (file, text) => {
    // Without the rules that need all types, which take a minute to load.
    const eslint = new ESLint({ cwd: projectFolder, overrideConfig: tseslint.configs.disableTypeChecked });
    const [result] = await eslint.lintText(text, { filePath: path.join(source, file) });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual([
      expect.stringMatching(/no-restricted-(imports|properties)/),
    ]);
  });
});

describe('who uses the environment', () => {
  it('is the same for the linter and in CONTRIBUTING', () => {
    const rows = [...contributing.matchAll(/^\| `(src\/\S+\.ts)` \| (.*) \|$/gm)];
    expect(rows.map(([, file, why]) => [file, why])).toEqual(Object.entries(environmentUsers));
  });

  it('is the files of that list and no other', () => {
    const uses = /\bprocess\.(env|loadEnvFile)\b|\{[^}]*\b(env|loadEnvFile)\b[^}]*\} (= process\b|from 'node:process')/;
    const users = filesIn(source).filter((file) => uses.test(readFileSync(file, 'utf8')));
    expect(users.map((file) => path.relative(projectFolder, file)).sort()).toEqual(
      Object.keys(environmentUsers).sort(),
    );
  });
});

it('no file of src imports itself, directly or through others', () => {
  const imports = new Map(filesIn(source).map((file) => [file, importedBy(file)]));
  const circles: string[][] = [];
  const finished = new Set<string>();
  function visit(file: string, way: string[]): void {
    if (way.includes(file))
      circles.push([...way.slice(way.indexOf(file)), file].map((one) => path.relative(source, one)));
    if (way.includes(file) || finished.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...way, file]);
    finished.add(file);
  }
  for (const file of imports.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name));
}

function importedBy(file: string): string[] {
  return importsIn(readFileSync(file, 'utf8'))
    .filter(({ from }) => from.startsWith('.'))
    .map(({ from }) => path.join(path.dirname(file), from).replace(/\.js$/, '.ts'));
}

/** The imports of a file that import-rules.js does not allow. */
function refusedImports(file: string, text = readFileSync(file, 'utf8')): string[] {
  const [folder = ''] = path.relative(source, file).split(path.sep);
  const { folders = [], types = [], packages = [], node = false } = importRules[folder] ?? {};
  const putsTogether = composition.some((glob) => matches(path.relative(projectFolder, file), glob));
  const isAllowed = ({ from, onlyTypes }: Import) => {
    if (!from.startsWith('.')) {
      if (from.startsWith('node:')) return node || putsTogether;
      return putsTogether || packages.some((name) => `${from}/`.startsWith(`${name}/`));
    }
    const [other = ''] = path.relative(source, path.join(path.dirname(file), from)).split(path.sep);
    if (putsTogether) return [folder, ...foldersAbove(folder)].includes(other);
    return [folder, ...folders, ...(onlyTypes ? types : [])].includes(other);
  };
  return importsIn(text)
    .filter((one) => !isAllowed(one))
    .map(({ from }) => `${path.relative(projectFolder, file)} imports ${from}`);
}

function foldersAbove(folder: string): string[] {
  const names = rules.map(([name]) => name);
  return names.slice(0, names.indexOf(folder));
}

const namesIn = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);

const matches = (file: string, glob: string) =>
  new RegExp(`^${glob.replace('**/', '(.*/)?').replaceAll(/(?<![.)])\*/g, '[^/]*')}$`).test(file);
