import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTemporalProgram } from '../../../src/temporal/dev-server/program.js';
import { recordingLog } from '../../helpers/logs.js';

describe('the Temporal binary', () => {
  let folder: string;
  let onPath: string;
  let cacheFolder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'answerback-binary-'));
    onPath = path.join(folder, 'bin');
    cacheFolder = path.join(folder, 'cache');
    await mkdir(onPath);
    // The SDK's download must fail here, whatever the network.
    for (const name of ['HTTPS_PROXY', 'ALL_PROXY']) process.env[name] = 'http://127.0.0.1:9';
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function script(file: string, lines: string): Promise<string> {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${lines}\n`);
    await chmod(file, 0o755);
    return file;
  }
  const says = (serverVersion: string) => `echo "temporal version 1.5.1 (Server ${serverVersion}, UI 2.42.1)"`;
  const find = (log = recordingLog().log, stopping = new AbortController().signal) =>
    findTemporalProgram({ searchPath: `${onPath}:/bin:/usr/bin`, cacheFolder, log, stopping });

  it('is taken from PATH first', async () => {
    await script(path.join(cacheFolder, 'temporal'), says('1.30.0'));
    const temporal = await script(path.join(onPath, 'temporal'), says('1.29.1'));
    expect(await find()).toEqual({ path: temporal, serverVersion: '1.29.1' });
  });

  it('is taken from the cache when the one on PATH is too old, with a message', async () => {
    await script(path.join(onPath, 'temporal'), says('1.20.0'));
    const cached = await script(path.join(cacheFolder, 'temporal'), says('1.29.1'));
    const { log, events } = recordingLog();
    expect((await find(log)).path).toBe(cached);
    expect(events[0]?.msg).toMatch(/bin\/temporal is not used: Answerback needs Temporal server 1\.29 or newer/);
  });

  it('is built with Go when there is none, with a message for each step', async () => {
    const built = `cat > "$GOBIN/temporal" <<'END'\n#!/bin/sh\n${says('1.29.1')}\nEND`;
    await script(path.join(onPath, 'go'), `echo net/http >&2\n${built}\nchmod +x "$GOBIN/temporal"`);
    const { log, events } = recordingLog();
    expect(await find(log)).toEqual({ path: path.join(cacheFolder, 'temporal'), serverVersion: '1.29.1' });
    expect(events.map(({ event }) => event)).toEqual(['download.started', 'download.failed', 'build.started']);
  });

  it("that can't be had is an error with all the ways to get it, and the reason", async () => {
    await script(path.join(onPath, 'go'), 'echo "no route to host" >&2; exit 1');
    const { log, events } = recordingLog();
    await expect(find(log)).rejects.toThrow(/Put the Temporal CLI on PATH.*install Go.*TEMPORAL_ADDRESS/);
    expect(events.at(-1)?.msg).toBe('The Temporal server could not be built with go install: no route to host');
  });

  it('is not waited for once the start is aborted', async () => {
    await script(path.join(onPath, 'go'), 'sleep 60');
    const stopping = new AbortController();
    stopping.abort();
    await expect(find(recordingLog().log, stopping.signal)).rejects.toThrow();
  });
});
