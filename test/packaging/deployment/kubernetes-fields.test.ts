import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { manifestText, readManifest } from './manifest.js';
import { projectFolder } from '../../kit/program.js';

/** What TypeScript says of resources written as literals of Kubernetes' types, which know every field. */
function misfits(resources: ReadonlyArray<{ apiVersion: string; kind: string }>): string[] {
  const lines = resources.map((resource) => {
    const module = `kubernetes-models/${resource.apiVersion}/${resource.kind}`;
    return `(${JSON.stringify(resource)}) satisfies import('${module}').I${resource.kind};`;
  });
  const file = path.join(projectFolder, 'test', 'manifest.generated.ts');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2023,
  };
  const host = ts.createCompilerHost(options);
  const onDisk = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, `export {};\n${lines.join('\n')}`, version) : onDisk(name, version);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const plain = (text: string) =>
  readManifest(text).map((resource) => JSON.parse(JSON.stringify(resource)) as { apiVersion: string; kind: string });

it('deploy/kubernetes.yaml has only fields that Kubernetes knows', () => {
  expect(misfits(plain(manifestText))).toEqual([]);
  // So that a field it does not know would have been seen.
  expect(misfits(plain(manifestText.replace('livenessProbe:', 'livenesProbe:'))).join()).toMatch(
    /livenesProbe.+ does not exist/,
  );
});
