import { readFileSync } from 'node:fs';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

/**
 * Prints, as JSON, what GitHub's own parser says against the workflow on standard input: unknown keys, wrong types, and
 * expressions that it can't read. A program of its own, run by tsx, because the parser imports JSON in a way that
 * neither Node nor Vitest takes.
 */
const { context } = parseWorkflow(
  { name: 'workflow.yml', content: readFileSync(0, 'utf8') },
  new NoOperationTraceWriter(),
);
console.log(JSON.stringify(context.errors.getErrors().map(({ message }) => message)));
