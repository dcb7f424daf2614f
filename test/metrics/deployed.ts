import { parse } from 'yaml';
import { read } from '../helpers/project-files.js';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}

interface Panel {
  title: string;
  targets?: Array<{ expr: string }>;
}

const { groups } = parse(read('deploy/alerts.yaml')) as { groups: Array<{ rules: Rule[] }> };
const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as { panels: Panel[] };

/** The rules of deploy/alerts.yaml. */
export const rules = groups.flatMap((group) => group.rules);

/** The titles of the panels of deploy/grafana-dashboard.json, each with one of its expressions. */
export const panelExpressions = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [title: string, expression: string] => [title, expr]),
);

/** Fills in the variables of the dashboard as Grafana does; `instance` is a regular expression. */
export const filledIn = (expression: string, instance: string): string =>
  expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', () => instance);
