import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../src/temporal/dev-server/program.js';

const run = promisify(execFile);

/**
 * Returns the Python of a venv with FastAPI and uvicorn, created once in the cache folder; undefined when that fails.
 */
export async function findPython(): Promise<string | undefined> {
  const venv = path.join(defaultCacheFolder(process.env as Record<string, string>), 'bench-venv');
  const python = path.join(venv, 'bin', 'python');
  try {
    if (await imports(python)) return python;
    console.log('Creating a Python venv with FastAPI and uvicorn, once …');
    await run('python3', ['-m', 'venv', venv]);
    await run(python, ['-m', 'pip', 'install', '--quiet', 'fastapi', 'uvicorn[standard]'], { timeout: 180_000 });
    return python;
  } catch (error) {
    console.log(`The FastAPI baseline is skipped: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
}

/** Returns the versions, such as `FastAPI 0.165.0, uvicorn 0.54.0, Python 3.11.7`. */
export async function pythonVersions(python: string): Promise<string> {
  const code =
    'import fastapi, uvicorn, platform; print(f"FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}, Python {platform.python_version()}")';
  return (await run(python, ['-c', code])).stdout.trim();
}

async function imports(python: string): Promise<boolean> {
  const exists = await access(python).then(
    () => true,
    () => false,
  );
  return (
    exists &&
    run(python, ['-c', 'import fastapi, uvicorn, uvloop, httptools']).then(
      () => true,
      () => false,
    )
  );
}
