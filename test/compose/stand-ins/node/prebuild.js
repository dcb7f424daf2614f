// Packs better-sqlite3's binary under the name and in the folder where prebuild-install looks before it downloads.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const load = createRequire('/tmp/build/');
const { cachedPrebuild, getDownloadUrl } = load('prebuild-install/util.js');
const pkg = load('better-sqlite3/package.json');
const url = getDownloadUrl({ pkg, platform: process.platform, arch: process.arch, 'tag-prefix': 'v' });
const archive = cachedPrebuild(url);
mkdirSync(dirname(archive), { recursive: true });
const packed = ['--create', '--gzip', '--file', archive, 'build/Release/better_sqlite3.node'];
execFileSync('tar', packed, { cwd: dirname(load.resolve('better-sqlite3/package.json')) });
