import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { projectFolder } from '../../test/kit/program.js';

/**
 * Returns options of Node that load a module of the benchmark in place of one of the build. All else is the product as
 * shipped, which so needs no switch for a benchmark.
 *
 * @param built the module that is replaced, such as `dist/worker/create-senders.js`
 * @param replacement a TypeScript file that imports only types
 */
export async function replacing(built: string, replacement: string): Promise<string[]> {
  const { outputText: source } = ts.transpileModule(await readFile(path.join(projectFolder, replacement), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const url = pathToFileURL(path.join(projectFolder, built)).href;
  const module = JSON.stringify({ format: 'module', shortCircuit: true, source });
  // https://nodejs.org/docs/latest-v20.x/api/module.html#customization-hooks
  const hooks = `export const load = (url, context, next) =>
    url === ${JSON.stringify(url)} ? ${module} : next(url, context);`;
  const registers = `import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`;
  return ['--import', asUrl(registers)];
}

const asUrl = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
