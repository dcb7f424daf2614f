import { parse } from 'yaml';
import { read } from '../../helpers/project-files.js';
import { type Selector, selectorsOf } from '../../metrics/promql.js';

/** An expression, and where it is. */
type Expression = [where: string, expression: string];

interface Panel {
  title: string;
  targets?: Array<{ expr: string }>;
}

const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as { panels: Panel[] };
const { groups } = parse(read('deploy/alerts.yaml')) as {
  groups: Array<{ rules: Array<{ alert: string; expr: string }> }>;
};

export const ofDashboard = panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): Expression => [title, expr]),
);
export const ofAlerts = groups.flatMap(({ rules }) => rules.map(({ alert, expr }): Expression => [alert, expr]));

/** Fills in the variables as Grafana does when these instances are chosen. */
export function filledIn(expression: string, instances: string[]): string {
  const chosen = instances.map((instance) => instance.replaceAll('.', '\\\\.')).join('|');
  return expression.replaceAll('$__rate_interval', '1m').replaceAll('$instance', () => `(${chosen})`);
}

/** The metrics of an expression, each as an expression that has data when a target exports it. */
export const metricsOf = (expression: string): string[] => selectorsOf(expression).map(textOf);

const textOf = ({ name, matchers }: Selector) =>
  `${name}{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join()}}`;
