import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasRoot } from '../helpers/root.js';
import { freePort } from '../kit/ports.js';

const run = promisify(execFile);

export interface Postgres {
  port: number;
  user: string;
  password: string;
  /** Runs a program of Postgres, such as `pg_dump`, on it. */
  run(program: string, ...args: string[]): Promise<unknown>;
  /** Ends its connections and what runs on them, and starts again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Four services of the server, each with pools of its own. */
const maxConnections = 200;

/** A Postgres of its own, in a folder of its own; the system's is left alone. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const [user, password, port] = ['temporal', 'a-password', await freePort()];
  const as = await owner();
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-postgres-'));
  const data = path.join(folder, 'data');
  const passwordFile = path.join(folder, 'password');
  const call = async (program: string, args: string[]) => {
    await run(path.join(programs, program), args, { ...as, cwd: folder });
  };
  const remove = () => rm(folder, { recursive: true, force: true });
  const control = (action: string, ...args: string[]) =>
    call('pg_ctl', [action, '--pgdata', data, '--wait', '--mode', 'fast', '--log', path.join(folder, 'log'), ...args]);

  async function begin(): Promise<void> {
    await writeFile(passwordFile, password);
    if (as) for (const entry of [folder, passwordFile]) await chown(entry, as.uid, as.gid);
    await call('initdb', [
      '--pgdata',
      data,
      '--username',
      user,
      '--auth',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '--encoding',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ]);
    await control(
      'start',
      '--options',
      `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=${maxConnections}`,
    );
  }

  try {
    await begin();
  } catch (error) {
    await control('stop').catch(() => undefined);
    await remove();
    throw error;
  }
  return {
    port,
    user,
    password,
    run: (program, ...args) =>
      run(path.join(programs, program), ['--host', '127.0.0.1', '--port', String(port), '--username', user, ...args], {
        env: { PGPASSWORD: password },
      }),
    restart: () => control('restart'),
    async stop() {
      await control('stop').finally(remove);
    },
  };
}

/** Postgres does not run as root: there it runs as the user that its package makes. */
async function owner(): Promise<{ uid: number; gid: number } | undefined> {
  if (!hasRoot) return undefined;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}
