// `npm run mesh -- rotate-keys SERVICE...`: lets the next key of each service sign, and makes another for after it. No call fails.
//   --overlay FOLDER   whose namespace it is (default: k8s/overlays/laptop)
//   --forget           makes new keys and forgets all others, as when somebody has seen them; calls of the service fail for up to two minutes
import { parseArgs } from 'node:util';
import { CommandError } from '../command.ts';
import { defaultOverlay, renderOverlay } from '../overlay.ts';
import { readClusterKeys, writeOwnKeys, writePublicKeys } from './cluster-keys.ts';
import { forgetKeys, rotateKeys } from './plan-keys.ts';

// A token lives for five minutes, the list of keys reaches every pod within two, and a service may be four minutes from its next token.
const pauseMinutesMin = 15;

/** Rotates the keys of the services that the arguments name. Rejects with CommandError when it is too early for one of them. */
export async function rotateCommand(args: readonly string[]): Promise<void> {
  const { values, positionals: services } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      overlay: { type: 'string', default: defaultOverlay },
      forget: { type: 'boolean', default: false },
    },
  });
  if (services.length === 0) throw new CommandError('name the services whose keys are to be rotated');
  const { namespace } = await renderOverlay(values.overlay);
  for (const service of services) await rotateOne(namespace, service, values.forget);
}

async function rotateOne(namespace: string, service: string, isForgotten: boolean): Promise<void> {
  const keys = await readClusterKeys(namespace);
  if (!keys.own.has(service)) throw new CommandError(`the namespace ${namespace} has no keys of ${service}`);
  const time = keys.rotated.get(service) ?? undefined;
  const minutes = time === undefined ? Number.POSITIVE_INFINITY : (Date.now() - time.getTime()) / 60_000;
  if (!isForgotten && minutes < pauseMinutesMin) {
    throw new CommandError(
      `the keys of ${service} are ${minutes.toFixed(0)} minutes old; from ${pauseMinutesMin} on all pods have the next one`,
    );
  }
  const rotated = isForgotten ? forgetKeys(keys, service) : rotateKeys(keys, service);
  await writePublicKeys(namespace, rotated);
  await writeOwnKeys(namespace, rotated, service);
  console.log(`${service} signs with ${rotated.own.get(service)?.[0]?.kid} within six minutes`);
}
