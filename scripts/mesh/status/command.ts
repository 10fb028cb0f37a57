// `npm run mesh -- status`: workloads, canaries, feeds, leases, the audit and the proxies of a mesh that runs. Exit code 1 when something is wrong.
//   --overlay FOLDER   whose namespace it is (default: k8s/overlays/laptop)
import { parseArgs } from 'node:util';
import { defaultOverlay, renderOverlay } from '../overlay.ts';
import { readStatus } from './read-status.ts';
import { findTroubles, formatStatus } from './status.ts';

/** Prints the status of the namespace of an overlay. */
export async function statusCommand(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { overlay: { type: 'string', default: defaultOverlay } },
  });
  const { namespace } = await renderOverlay(values.overlay);
  const status = await readStatus(namespace);
  const now = new Date();
  for (const line of formatStatus(status, now)) console.log(line);
  if (findTroubles(status, now).length > 0) process.exitCode = 1;
}
