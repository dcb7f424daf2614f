import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { commandsIn } from '../../helpers/documented-commands.js';
import { containerOf, environmentOf, manifestText, parts, podOf, secretKeys } from './manifest.js';
import { readBy } from '../settings.js';

/** Keys that the Secret may have beside those that it must. */
const optionalKeys = ['WEBHOOK_SIGNING_SECRET', 'OPENAI_API_KEY', 'EVENTS_URL', 'EVENTS_SECRET', 'TEMPORAL_API_KEY'];

/** What is written as a comment and turned on by removing its "# ". */
const suggested = [...manifestText.matchAll(/^\s+# ([A-Z][A-Z_]+): (\S+)$/gm)].map(([, name, value]) => ({
  name: name as string,
  value: value as string,
}));

const references = parts
  .flatMap((part) => containerOf(part).env ?? [])
  .flatMap(({ name, valueFrom }) => (valueFrom?.secretKeyRef ? [{ variable: name, ...valueFrom.secretKeyRef }] : []));

describe('the variables', () => {
  it.each(parts)('of the %s are those that it reads, with values it takes', (part) => {
    const environment = environmentOf(part);
    expect(readBy[part]).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(() => loadConfig(environment)).not.toThrow();
  });

  it('omit a key only where the product itself reports it missing', () => {
    const required = references.filter(({ optional }) => !optional).map(({ key }) => key);
    expect([...new Set(required)].sort()).toEqual(['ANSWERBACK_SECRET', 'PAYLOAD_KEYS']);
    expect(() => loadConfig({ ...environmentOf('api'), WEBHOOK_SECRET: '' })).toThrow(
      /WEBHOOK_SECRET, WEBHOOK_SIGNING_SECRET, .* must be set/,
    );
  });

  it('name only keys that the Secret has, or may have', () => {
    for (const { variable, name, key, optional } of references) {
      expect([name, key]).toEqual(['answerback', variable]);
      expect(variable in secretKeys || (optional === true && optionalKeys.includes(variable)), variable).toBe(true);
    }
    for (const key of [...Object.keys(secretKeys), ...optionalKeys])
      expect(
        references.map(({ variable }) => variable),
        key,
      ).toContain(key);
  });

  it('have all the keys of the docs, as the docs create them', () => {
    const [command = ''] = commandsIn('docs/deploying.md').filter((line) =>
      line.startsWith('kubectl create secret generic'),
    );
    const literals = [...command.matchAll(/--from-literal=([A-Z_]+)=(".+?"(?= --|$))/g)];
    const made = Object.fromEntries(
      literals.map(([, key = '', value = '']) => [
        key,
        execFileSync('bash', ['-c', `printf %s ${value}`], { encoding: 'utf8' }),
      ]),
    );
    expect(Object.keys(made).sort()).toEqual(Object.keys(secretKeys).sort());
    for (const part of parts) expect(() => loadConfig({ ...environmentOf(part), ...made })).not.toThrow();
  });

  it('are not set by the Services of the namespace', () => {
    for (const part of parts) expect(podOf(part).enableServiceLinks).toBe(false);
  });

  it('that are suggested are read, and their files are mounted', () => {
    expect(suggested.map(({ name }) => name).sort()).toEqual([
      'PLAYBOOK',
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
      'TEMPORAL_TLS_CLIENT_KEY_PATH',
    ]);
    for (const { name, value } of suggested) {
      const readers = parts.filter((part) => readBy[part].includes(name));
      expect(readers).not.toHaveLength(0);
      for (const part of readers)
        expect(
          containerOf(part).volumeMounts?.some(({ mountPath }) => value.startsWith(`${mountPath}/`)),
          `${name} at the ${part}`,
        ).toBe(true);
    }
  });

  it('send nothing until auto-reply is on, and then through the real gateway', () => {
    const { gateways, autoReply } = loadConfig(environmentOf('worker'));
    expect(gateways.smsmobileapi?.simulated).toBe(false);
    expect(autoReply.enabled).toBe(false);
  });
});
