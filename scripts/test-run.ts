// `npm test`: the unit and integration tests, then the end-to-end tests, or what the arguments name; and a closing line with the
// numbers. With OUTCRY_REQUIRE_ALL=1 a skipped test fails the run: then every part that tests use is meant to be there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addReports, slowestFiles, summarise, type TestReport } from './test-summary.ts';
import { runTool } from './tool.ts';

// One after the other: the end-to-end tests start whole systems, which want the machine to themselves.
const projects = ['unit', 'e2e', 'e2e-own-systems'];
const slowestCount = 25;
const reportersTo = (path: string) => [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path}`,
  '--reporter=./scripts/unhandled-errors.ts',
];
const directory = mkdtempSync(join(tmpdir(), 'outcry-tests-'));
try {
  const args = process.argv.slice(2);
  const runs = args.length > 0 ? [args] : projects.map((project) => ['--project', project]);
  const reports: TestReport[] = [];
  const unexplained: string[] = [];
  for (const [index, run] of runs.entries()) {
    const path = join(directory, `report-${index}.json`);
    const errorsPath = join(directory, `unhandled-errors-${index}.json`);
    process.env.OUTCRY_UNHANDLED_ERRORS = errorsPath;
    const { code } = await runTool('vitest', ['run', ...reportersTo(path), ...run], { live: true });
    const report = {
      ...JSON.parse(readFileSync(path, 'utf8')),
      unhandledErrors: JSON.parse(readFileSync(errorsPath, 'utf8')),
    };
    if (code !== 0 && summarise(report).failures.length === 0) unexplained.push(run.join(' '));
    reports.push(report);
  }
  const report = addReports(reports);
  const { line, skipped, failures } = summarise(report);
  if (args.length === 0) console.log(`\nSlowest files:\n  ${slowestFiles(report, slowestCount).join('\n  ')}`);
  // Then it is the end of the run, such as a system that did not stop: vitest prints it, and reports it nowhere.
  failures.push(
    ...unexplained.map(
      (run) => `vitest ${run}: ended with an error after its tests; it stands above, at the end of that run`,
    ),
  );
  if (failures.length > 0) console.log(`\nFailed:\n  ${failures.join('\n  ')}`);
  const skipsFail = process.env.OUTCRY_REQUIRE_ALL === '1' && skipped.length > 0;
  if (skipsFail) console.log(`\nSkipped, and OUTCRY_REQUIRE_ALL is set:\n  ${skipped.join('\n  ')}`);
  console.log(`\n${line}`);
  process.exitCode = failures.length > 0 || skipsFail ? 1 : 0;
} catch (error) {
  console.error(`test: vitest left no report: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
