// `npm run check`: every check of the project, one after the other; all run, also after one that failed. Names on the command
// line pick some: `npm run check -- types lengths`.
import type { CheckStep } from './step.ts';
import { checkSteps } from './steps.ts';

const problemsShownMax = 200;

async function runStep({ name, findProblems }: CheckStep): Promise<boolean> {
  const startTimeMs = performance.now();
  const problems = await findProblems();
  const elapsed = `${((performance.now() - startTimeMs) / 1000).toFixed(1)} s`;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(34)}${elapsed}`);
  for (const problem of problems.slice(0, problemsShownMax)) console.log(`         ${problem}`);
  if (problems.length > problemsShownMax) console.log(`         and ${problems.length - problemsShownMax} more`);
  return problems.length === 0;
}

const wanted = process.argv.slice(2);
const steps = checkSteps.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
let failed = 0;
for (const step of steps) if (!(await runStep(step))) failed += 1;
console.log(failed === 0 ? `All ${steps.length} checks hold.` : `${failed} of ${steps.length} checks failed.`);
process.exitCode = failed === 0 && steps.length > 0 ? 0 : 1;
