// `npm run deploy`: applies an overlay to the cluster that KUBECONFIG names, waits, tries the system, and rolls back by itself when it is not well.
//   --overlay FOLDER     what is applied (default: k8s/overlays/laptop); its images are in the registry
//   --watch SECONDS      how long the new release must stay well (default: 60)
//   --roll-back          rolls back to the release before the last, and applies nothing
import { parseArgs } from 'node:util';
import { applyOverlay, CommandError, describeFailure, findOverlayProblems, renderOverlay } from '../mesh/index.ts';
import { readRevisions, rollBack } from './revisions.ts';
import { smoke } from './smoke.ts';

const startTimeMs = performance.now();

try {
  await deploy();
} catch (error) {
  console.error(`deploy: ${describeFailure(error)}`);
  process.exitCode = 1;
}

async function deploy(): Promise<void> {
  const { values } = parseArgs({
    options: {
      overlay: { type: 'string', default: 'k8s/overlays/laptop' },
      watch: { type: 'string', default: '60' },
      'roll-back': { type: 'boolean', default: false },
    },
  });
  const overlay = await renderOverlay(values.overlay);
  const { namespace } = overlay;
  if (values['roll-back']) return rollBack(namespace, 'previous', step);
  const problems = await findOverlayProblems(overlay);
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  const before = await readRevisions(namespace);
  try {
    await applyOverlay(overlay, step);
    await smoke(namespace, { watchSeconds: Number(values.watch), step });
  } catch (error) {
    if (!(error instanceof CommandError) || before.size === 0) throw error;
    step(`not well, and is rolled back: ${error.message.split('\n')[0]}`);
    await rollBack(namespace, before, step);
    throw error;
  }
}

function step(what: string): void {
  console.log(`${((performance.now() - startTimeMs) / 1000).toFixed(1).padStart(6)} s  ${what}`);
}
