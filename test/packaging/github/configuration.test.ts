import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variables } from '../../../src/config/variables.js';
import { isThere, read } from '../../helpers/project-files.js';

/** A misspelt key in these files is ignored where they are used, so a strict schema has those that we use. */
const ignored = z.strictObject({ 'dependency-name': z.string(), 'update-types': z.array(z.string()) });
const group = z.strictObject({
  patterns: z.array(z.string()),
  'exclude-patterns': z.array(z.string()).optional(),
  'update-types': z.array(z.enum(['major', 'minor', 'patch'])).optional(),
});
const dependabot = z.strictObject({
  version: z.literal(2),
  updates: z.array(
    z.strictObject({
      'package-ecosystem': z.enum(['npm', 'github-actions', 'docker']),
      directory: z.literal('/'),
      schedule: z.strictObject({ interval: z.enum(['weekly', 'monthly']) }),
      'open-pull-requests-limit': z.number().optional(),
      groups: z.record(z.string(), group).optional(),
      ignore: z.array(ignored).optional(),
    }),
  ),
});

const port = z.strictObject({
  label: z.string(),
  onAutoForward: z.enum(['silent', 'notify', 'openBrowser']),
  requireLocalPort: z.boolean(),
});
const devcontainer = z.strictObject({
  name: z.string(),
  image: z.string(),
  postCreateCommand: z.string(),
  postAttachCommand: z.string(),
  forwardPorts: z.array(z.number()),
  portsAttributes: z.record(z.string(), port),
});

it('dependabot updates packages, actions and the image', () => {
  const { updates } = dependabot.parse(parse(read('.github/dependabot.yml')));
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
  expect(isThere('package.json') && isThere('Dockerfile')).toBe(true);
});

it('the devcontainer starts the demo, on the Node of .nvmrc, and forwards its ports', () => {
  const container = devcontainer.parse(JSON.parse(read('.devcontainer/devcontainer.json')));
  expect(container.image.endsWith(`:${read('.nvmrc').trim()}`)).toBe(true);
  expect(container.postCreateCommand).toBe('npm ci');
  expect(container.postAttachCommand).toBe('npm start');
  const usual = (['PORT', 'GATEWAY_PORT', 'TEMPORAL_UI_PORT'] as const).map((name) => Number(variables[name].default));
  expect(container.forwardPorts).toEqual(usual);
  expect(Object.keys(container.portsAttributes).map(Number)).toEqual(usual);
});
