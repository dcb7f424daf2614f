import { spawnSync } from 'node:child_process';
import { buildGoProgram, goProgramPath } from '../kit/go-program.js';

/** Docker compose, for machines where Docker lacks the plugin. The same program is a plugin and a command of its own. */
const built = {
  name: 'docker-compose',
  module: 'github.com/docker/compose/v2',
  folder: 'cmd',
  version: '2.40.3',
};

const hasPlugin = spawnSync('docker', ['compose', 'version']).status === 0;

/** The command that runs Docker compose here, with the words before its arguments. */
export const composeCommand: readonly [string, ...string[]] = hasPlugin
  ? ['docker', 'compose']
  : [goProgramPath(built)];

/** Builds Docker compose where Docker lacks the plugin. */
export async function ensureCompose(): Promise<void> {
  if (!hasPlugin) await buildGoProgram(built);
}
