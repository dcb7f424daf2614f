import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { read } from '../../helpers/project-files.js';
import { projectFolder } from '../../kit/program.js';

const file = path.join(projectFolder, 'test/packaging/deployment/dashboard-as-written.ts');

/** What TypeScript says of a JSON text in the place of a dashboard. */
function faultsOf(json: string): string[] {
  const source = `import type { GrafanaDashboard } from './grafana-dashboard.js';
export const dashboard: GrafanaDashboard = ${json};`;
  const options = {
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    ...{ target: ts.ScriptTarget.ES2023, strict: true, skipLibCheck: true, noEmit: true, types: [] },
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === file || disk.fileExists(name),
    getSourceFile: (name, language) =>
      name === file ? ts.createSourceFile(name, source, language) : disk.getSourceFile(name, language),
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

const dashboard = read('deploy/grafana-dashboard.json');

it("the dashboard has what Grafana's schema has, and nothing else", () => {
  expect(faultsOf(dashboard)).toEqual([]);
});

it.each([
  ['a field that no panel has', '"gridPos"', '"gridPosition"'],
  ['a mode that thresholds do not have', '"mode": "absolute"', '"mode": "absolutely"'],
  ['a mode that stacking does not have', '"mode": "normal"', '"mode": "always"'],
  ['an option that a number does not have', '"colorMode": "value"', '"colourMode": "value"'],
  ['a panel of an unknown kind', '"type": "timeseries"', '"type": "timeserie"'],
])('%s is found', (_fault, written, instead) => {
  expect(dashboard).toContain(written);
  expect(faultsOf(dashboard.replace(written, instead))).not.toEqual([]);
});
