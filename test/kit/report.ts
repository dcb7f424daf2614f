import { z } from 'zod';

/** What became of a run of tests. */
export interface Results {
  passed: number;
  /** The tests that failed, and the files that could not be read. */
  failed: Array<{ name: string; file: string; why: string }>;
}

const schema = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** Reads the JSON report of Vitest. */
export function readReport(text: string): Results {
  const { numPassedTests, testResults } = schema.parse(JSON.parse(text));
  const failed = testResults.flatMap(({ name: file, status, message = '', assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && status === 'failed') return [{ name: file, file, why: message }];
    return tests.map(({ fullName, failureMessages }) => ({
      name: fullName,
      file,
      why: (failureMessages ?? []).join('\n'),
    }));
  });
  return { passed: numPassedTests, failed };
}
