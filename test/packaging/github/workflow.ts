import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { read } from '../../helpers/project-files.js';
import { projectFolder } from '../../kit/program.js';

/** What the tests look at in a workflow. */
const stepSchema = z.looseObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.unknown()).optional(),
});
const permissions = z.record(z.string(), z.string());
const schema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions,
  jobs: z.record(
    z.string(),
    z.looseObject({
      permissions: permissions.optional(),
      strategy: z.looseObject({ matrix: z.record(z.string(), z.array(z.unknown())) }).optional(),
      uses: z.string().optional(),
      'timeout-minutes': z.number().optional(),
      steps: z.array(stepSchema).default([]),
    }),
  ),
});

export type Step = z.infer<typeof stepSchema>;
export type Workflow = z.infer<typeof schema>;

export const readWorkflow = (file: string): Workflow => schema.parse(parse(read(file)));

export const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps }) => steps);

/** What GitHub's own parser says against a workflow. */
export function errorsIn(content: string): string[] {
  const tsx = path.join(projectFolder, 'node_modules/.bin/tsx');
  const program = path.join(projectFolder, 'test/packaging/github/parse-workflow.ts');
  return JSON.parse(execFileSync(tsx, [program], { input: content, encoding: 'utf8' })) as string[];
}
