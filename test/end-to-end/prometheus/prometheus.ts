import { spawnSync } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { read } from '../../helpers/project-files.js';
import { temporaryFolder } from '../../kit/data-folder.js';
import { eventually } from '../../kit/eventually.js';
import { freePort } from '../../kit/ports.js';
import { projectFolder, startProgram } from '../../kit/program.js';

/** Without Prometheus its tests are left out, except in CI, where they fail. */
export const isWithoutPrometheus = spawnSync('prometheus', ['--version']).error !== undefined && !process.env['CI'];

if (isWithoutPrometheus)
  console.warn(
    "Skipped for want of prometheus: the test of dashboard and alerts. It is in Debian's package prometheus.",
  );

interface Sample {
  metric: Record<string, string>;
  /** Unix time and value. */
  value: [number, string];
}

interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'pending' | 'firing';
}

interface Rule {
  name: string;
  health: string;
  lastError?: string;
}

/** A Prometheus that scrapes each two seconds. */
export interface Prometheus {
  /** The samples of an expression; fails with what Prometheus says is wrong with it. */
  query: (expression: string) => Promise<Sample[]>;
  alerts: () => Promise<Alert[]>;
  rules: () => Promise<Rule[]>;
  /** The values of a label of a metric, as a variable of Grafana asks for them. */
  labelValues: (label: string, metric: string) => Promise<string[]>;
  stop: () => Promise<unknown>;
}

interface Settings {
  scrape_configs: Array<{ static_configs: unknown }>;
}

/** The prometheus.yml of docs/metrics.md, with these targets and each two seconds. */
function settingsFor(targets: string[]): object {
  const [example = ''] = /^ {4}rule_files:[^]+/m.exec(read('docs/metrics.md')) ?? [];
  const {
    scrape_configs: [scraping],
    ...others
  } = parse(example.replace(/^ {4}/gm, '')) as Settings;
  return {
    global: { evaluation_interval: '2s' },
    ...others,
    scrape_configs: [{ ...scraping, scrape_interval: '2s', scrape_timeout: '2s', static_configs: [{ targets }] }],
  };
}

/** Starts Prometheus on these targets, with the alert rules and the settings of the docs. */
export async function startPrometheus(targets: string[]): Promise<Prometheus> {
  const folder = await temporaryFolder('prometheus');
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = path.join(folder.path, 'prometheus.yml');
  await writeFile(settings, stringify(settingsFor(targets)));
  await copyFile(path.join(projectFolder, 'deploy/alerts.yaml'), path.join(folder.path, 'alerts.yaml'));
  const program = startProgram(
    'prometheus',
    [
      `--config.file=${settings}`,
      `--storage.tsdb.path=${path.join(folder.path, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
    ],
    {},
  );
  const stop = async () => {
    await program.stop();
    await folder.remove();
  };
  async function get<Data>(route: string, parameters: Record<string, string> = {}): Promise<Data> {
    const response = await fetch(`${url}/api/v1/${route}?${new URLSearchParams(parameters).toString()}`);
    const answer = (await response.json()) as { status: string; error?: string; data: Data };
    if (answer.status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }
  try {
    await eventually(
      async () => {
        if (program.hasEnded()) throw new Error(program.output());
        return (await fetch(`${url}/-/ready`)).ok;
      },
      { withinMs: 30_000 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    query: async (query) => (await get<{ result: Sample[] }>('query', { query })).result,
    alerts: async () => (await get<{ alerts: Alert[] }>('alerts')).alerts,
    rules: async () => (await get<{ groups: Array<{ rules: Rule[] }> }>('rules')).groups.flatMap(({ rules }) => rules),
    labelValues: (label, metric) => get(`label/${label}/values`, { 'match[]': metric }),
    stop,
  };
}
