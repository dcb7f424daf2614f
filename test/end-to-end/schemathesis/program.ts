import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const version = '4.32.5';

/** With what makes its examples, so that a seed means the same everywhere. */
const packages = [`schemathesis==${version}`, 'hypothesis==6.170.15', 'jsonschema_rs==0.60.3'];

const venv = fileURLToPath(new URL(`../../../node_modules/.cache/schemathesis-${version}`, import.meta.url));

/** Schemathesis, in a Python venv that is made once. https://schemathesis.readthedocs.io */
export async function findSchemathesis(): Promise<string> {
  const program = path.join(venv, 'bin', 'schemathesis');
  const isThere = await run(program, ['--version']).then(
    ({ stdout }) => stdout.includes(version),
    () => false,
  );
  if (isThere) return program;
  console.log(`Making a Python venv with ${packages.join(', ')}, once …`);
  await run('python3', ['-m', 'venv', '--clear', venv]);
  await run(path.join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  return program;
}
