import { describe, expect, it } from 'vitest';
import type { Values } from '../../../src/gateways/gateway.js';
import type { ContractCases } from '../contract.js';

/** Whether bad settings are named, all at once. */
export function describeSettings({ gateway, settings, environment, requiredVariables }: ContractCases): void {
  const simulatedUrl = 'http://127.0.0.1:4010';
  /** Parses the variables as config does. */
  const values: Values = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, gateway.variables[name]?.schema.parse(value) ?? value]),
  );
  const read = (names: readonly string[]) =>
    gateway.readSettings({ ...Object.fromEntries(names.map((name) => [name, values[name]])), simulatedUrl });
  const names = Object.keys(environment);
  const shown = new Set([gateway.variableNames.url, 'PUBLIC_URL']);
  const hidden = Object.entries(environment).flatMap(([name, value]) => (shown.has(name) ? [] : [value]));

  describe('the settings', () => {
    it('are read from its variables', () => {
      expect(read(names)).toEqual({ settings, problems: [] });
    });

    it('are absent when none of its variables is set', () => {
      expect(gateway.readSettings({ simulatedUrl })).toEqual({ problems: [] });
      expect(gateway.readSettings({ PUBLIC_URL: 'https://sms.example.org', simulatedUrl })).toEqual({ problems: [] });
    });

    it.each(requiredVariables)('without %s are a problem that names it, and says what to do', (missing) => {
      const { problems } = read(names.filter((name) => name !== missing));
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${missing} must be set when `))]);
      for (const value of hidden) expect(problems.join()).not.toContain(value);
    });

    it('with an address alone have a problem for every variable that is missing', () => {
      const { problems } = gateway.readSettings({
        [gateway.variableNames.url]: 'https://api.example.org',
        simulatedUrl,
      });
      expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([...requiredVariables].sort());
    });

    it('of the simulated gateway need no account', () => {
      expect(gateway.simulatedSettings(simulatedUrl, 'http://127.0.0.1:8000')).toMatchObject({
        url: expect.stringMatching(new RegExp(`^${simulatedUrl}`)),
        simulated: true,
      });
    });
  });
}
