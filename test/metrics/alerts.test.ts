import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFolder } from '../kit/program.js';
import { read } from '../helpers/project-files.js';
import { rules } from './deployed.js';
import { isWithoutPromtool, testRules } from './promtool.js';

const casesFile = 'test/metrics/alerts.test.yaml';

interface Case {
  alertname: string;
  exp_alerts: unknown[];
}

it.skipIf(isWithoutPromtool)('each alert fires in its own case, and in no other', async () => {
  await testRules(`${projectFolder}/${casesFile}`);
});

it('each alert has a case in which it fires, and one in which it does not', () => {
  const { tests } = parse(read(casesFile)) as { tests: Array<{ alert_rule_test: Case[] }> };
  const cases = tests.flatMap((test) => test.alert_rule_test);
  const alerts = rules.map(({ alert }) => alert).sort();
  const named = (fires: boolean) =>
    [
      ...new Set(
        cases.filter(({ exp_alerts: expected }) => expected.length > 0 === fires).map(({ alertname }) => alertname),
      ),
    ].sort();
  expect(named(true)).toEqual(alerts);
  expect(named(false)).toEqual(alerts);
});
