/** The fields of vitest's JSON report that are read here. */
export type TestReport = {
  testResults: {
    name: string;
    status: string;
    /** When its first test began and its last one ended, in ms since 1970. */
    startTime?: number;
    endTime?: number;
    /** Why the file failed outside its tests. */
    message?: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
  /** What failed outside every test. Vitest has it in no report of its own; see unhandled-errors.ts. */
  unhandledErrors?: UnhandledError[];
};

/** An error outside every test, with the file and the test that ran then, where vitest knows them. */
export type UnhandledError = { message: string; stack?: string; VITEST_TEST_PATH?: string; VITEST_TEST_NAME?: string };

/** The closing line of a test run, the tests that were skipped, and a block of text for each failure: file, test, reason. */
export type TestSummary = { line: string; skipped: string[]; failures: string[] };

// Enough for an assertion with the two values and the line that it stands on; a difference of two large objects is cut.
const reasonLines = 12;

/** The reports of several runs as one. */
export function addReports(reports: TestReport[]): TestReport {
  return {
    testResults: reports.flatMap(({ testResults }) => testResults),
    unhandledErrors: reports.flatMap(({ unhandledErrors = [] }) => unhandledErrors),
  };
}

/** Counts a report. A file that failed outside its tests, for instance at an import, counts as one failure, as does an unhandled error. */
export function summarise({ testResults, unhandledErrors = [] }: TestReport): TestSummary {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const failedFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    line: `${passed} passed, ${failedTests + failedFiles + unhandledErrors.length} failed, ${skipped.length} skipped`,
    skipped: skipped.map((test) => test.fullName),
    failures: [...testResults.flatMap(failuresOf), ...unhandledErrors.map(describeUnhandled)],
  };
}

/** The files whose tests took longest, with seconds from the first of these to the end of the last. */
export function slowestFiles({ testResults }: TestReport, count: number): string[] {
  const timed = testResults.map(({ name, startTime = 0, endTime = 0 }) => ({
    name,
    seconds: (endTime - startTime) / 1_000,
  }));
  const sorted = timed.sort((one, other) => other.seconds - one.seconds);
  return sorted.slice(0, count).map(({ name, seconds }) => `${Math.round(seconds)} s  ${name}`);
}

function failuresOf({ name, status, message, assertionResults }: TestReport['testResults'][number]): string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [describeFailure(name, 'the file itself', message)] : [];
  return failed.map((test) => describeFailure(name, test.fullName, test.failureMessages?.join('\n')));
}

function describeUnhandled({ message, stack, VITEST_TEST_PATH, VITEST_TEST_NAME }: UnhandledError): string {
  const during = VITEST_TEST_NAME
    ? `an error outside of tests, during ${VITEST_TEST_NAME}`
    : 'an error outside of tests';
  const reason = stack?.includes(message) ? stack : [message, stack].filter(Boolean).join('\n');
  return describeFailure(VITEST_TEST_PATH ?? 'unknown file', during, reason);
}

function describeFailure(file: string, test: string, reason = 'no reason was reported'): string {
  const lines = reason.trim().split('\n').slice(0, reasonLines);
  return [`${file}: ${test}`, ...lines.map((line) => `    ${line}`)].join('\n');
}
