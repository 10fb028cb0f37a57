// `npm test`: vitest over everything, or over what the arguments name, and a closing line with the numbers. With
// OUTCRY_REQUIRE_ALL=1 a skipped test fails the run: then every part that tests use is meant to be there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './check/command.ts';
import { summarise, type TestReport } from './test-summary.ts';

const directory = mkdtempSync(join(tmpdir(), 'outcry-tests-'));
try {
  const path = join(directory, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const { code } = await runTool('vitest', ['run', ...reporters, ...process.argv.slice(2)], { live: true });
  const report: TestReport = JSON.parse(readFileSync(path, 'utf8'));
  const { line, skipped } = summarise(report);
  const skipsFail = process.env.OUTCRY_REQUIRE_ALL === '1' && skipped.length > 0;
  if (skipsFail) console.log(`\nSkipped, and OUTCRY_REQUIRE_ALL is set:\n  ${skipped.join('\n  ')}`);
  console.log(`\n${line}`);
  process.exitCode = code === 0 && skipsFail ? 1 : code;
} catch (error) {
  console.error(`test: vitest left no report: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
