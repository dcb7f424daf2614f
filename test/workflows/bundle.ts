import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { projectFolder } from '../kit/program.js';

/** The modules of ours in the built workflow bundle, as paths in src. */
export function workflowModules(bundlePath: string): string[] {
  const modules = readFileSync(bundlePath, 'utf8').matchAll(/^\/\*\*\*\/ "\.\/dist\/([^"]+)\.js"/gm);
  return [...modules].map(([, module]) => `src/${module}.ts`).sort();
}

/** A hash of the code of these modules, without comments: it changes when workflows may behave differently. */
export function codeHash(modules: readonly string[]): string {
  const hash = createHash('sha256');
  const compilerOptions = { removeComments: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };
  for (const module of modules) {
    const source = readFileSync(path.join(projectFolder, module), 'utf8');
    hash.update(`${module}\n${ts.transpileModule(source, { compilerOptions }).outputText}`);
  }
  return hash.digest('hex');
}
