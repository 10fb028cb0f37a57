/** The fields of vitest's JSON report that are read here. */
export type TestReport = {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
};

/** The closing line of a test run and the tests that were skipped. */
export type TestSummary = { line: string; skipped: string[] };

/** The reports of several runs as one. */
export function addReports(reports: TestReport[]): TestReport {
  return { testResults: reports.flatMap(({ testResults }) => testResults) };
}

/** Counts a report. A file that failed outside its tests, for instance at an import, counts as one failure. */
export function summarise({ testResults }: TestReport): TestSummary {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const failedFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  return {
    line: `${passed} passed, ${failedTests + failedFiles} failed, ${skipped.length} skipped`,
    skipped: skipped.map((test) => test.fullName),
  };
}
