import { describeAudit, runAudit } from '../scripts/audit/index.ts';
import type { LoadFlags } from './flags.ts';
import { brokenThresholds, describeOutcome } from './outcome.ts';
import { makeScene } from './scene.ts';
import { connectAdministrator, findTarget } from './target.ts';
import { cancelsOf } from './tools/ghz.ts';
import { toolOf } from './tools/tool-of.ts';

const findingsMax = 10;

/**
 * Makes users and books, loads the system, audits it, and prints one table. Resolves to 0 when every threshold held and the audit is
 * clean, else to 1.
 */
export async function runLoad(flags: LoadFlags): Promise<number> {
  const load = toolOf(flags.tool);
  const target = findTarget(flags);
  const administrator = await connectAdministrator(target);
  console.error(`making ${flags.users} users and ${flags.symbols} books on ${target.url}`);
  const restingCount = flags.tool === 'ghz' ? cancelsOf(flags) : 0;
  await using scene = await makeScene(flags, { url: target.url, administrator, restingCount });
  console.error(`${flags.scenario} by ${flags.tool}`);
  const outcome = await load(scene);
  const audit = await runAudit(target, findingsMax);
  const { clean } = audit.verdict;
  console.log(describeOutcome(outcome, clean ? 'clean' : 'NOT CLEAN'));
  if (!clean) console.log(describeAudit(audit));
  const problems = brokenThresholds(outcome, flags);
  for (const problem of problems) console.log(`threshold: ${problem}`);
  return clean && problems.length === 0 ? 0 : 1;
}
