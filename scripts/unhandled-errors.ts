// A reporter of vitest: what failed outside every test, such as a rejected promise that no code awaits, goes to the JSON file that
// OUTCRY_UNHANDLED_ERRORS names. Vitest's own JSON report has no place for it, though it fails the run.
import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';
import type { UnhandledError } from './test-summary.ts';

export default class UnhandledErrors implements Reporter {
  onTestRunEnd(_modules: unknown, errors: readonly UnhandledError[]): void {
    const path = process.env.OUTCRY_UNHANDLED_ERRORS;
    if (path) writeFileSync(path, JSON.stringify(errors.map(describe)));
  }
}

function describe({ message, stack, VITEST_TEST_PATH, VITEST_TEST_NAME }: UnhandledError): UnhandledError {
  return { message, stack, VITEST_TEST_PATH, VITEST_TEST_NAME };
}
