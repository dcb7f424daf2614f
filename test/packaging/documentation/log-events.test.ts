import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { logEvents } from '../../../src/log/events.js';
import { projectFolder } from '../../kit/program.js';
import { read } from '../../helpers/project-files.js';

const events = Object.entries(logEvents);
const source = path.join(projectFolder, 'src');
const sources = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== path.join('log', 'events.ts'))
  .map((name) => readFileSync(path.join(source, name), 'utf8'))
  .join('\n');

describe('the events of the log', () => {
  it('are those of docs/log-events.md, each with its level', () => {
    const page = read('docs/log-events.md');
    const rows = [...page.matchAll(/^\| `([a-z-]+\.[a-z-]+)` \| (\w+) \| .+ \|$/gm)];
    expect(rows.map(([, event, level]) => `${event}: ${level}`).sort()).toEqual(
      events.map(([event, level]) => `${event}: ${level}`).sort(),
    );
  });

  it('are the only ones that other pages name', () => {
    const nouns = new Set(Object.keys(logEvents).map((event) => event.split('.')[0]));
    const named = ['alerts', 'deploying', 'failed-replies', 'limits', 'playbook', 'security'].flatMap((name) =>
      [...read(`docs/${name}.md`).matchAll(/`(([a-z-]+)\.[a-z-]+)`/g)].flatMap(([, event, noun]) =>
        nouns.has(noun) && !/\.(yaml|sqlite)$/.test(event as string) ? [event as string] : [],
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(Object.keys(logEvents)).toEqual(expect.arrayContaining(named));
  });

  it.each(events)('%s is written somewhere', (event) => {
    expect(sources).toContain(`'${event}'`);
  });
});
