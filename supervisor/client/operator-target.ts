import { resolve } from 'node:path';
import { readRunFile } from '../data/run-file.ts';
import { loadSecrets, type Secrets } from '../data/secrets.ts';
import { adminEmail, operatorEmail } from '../plan/environment.ts';
import { isRunning } from '../processes/process-identity.ts';
import { projectDirectory } from '../project-directory.ts';

/** A gateway, and the credentials of one of its staff there. */
export type OperatorTarget = { url: string; email: string; password: string };

type TargetOptions = { url?: string; data?: string };

/**
 * The gateway for a script of an operator: the gateway of `url` as OUTCRY_EMAIL with OUTCRY_PASSWORD, else the system that runs on the
 * data folder, as its own operator. Throws an error with a clear line when nothing runs there.
 */
export function findOperatorTarget(options: TargetOptions): OperatorTarget {
  return findTarget(options, ({ operatorPassword }) => ({ email: operatorEmail, password: operatorPassword }));
}

/** The same for a script of an administrator. */
export function findAdminTarget(options: TargetOptions): OperatorTarget {
  return findTarget(options, ({ adminPassword }) => ({ email: adminEmail, password: adminPassword }));
}

function findTarget(
  { url, data = '.outcry' }: TargetOptions,
  credentials: (secrets: Secrets) => Omit<OperatorTarget, 'url'>,
): OperatorTarget {
  if (url !== undefined) {
    return { url, email: process.env.OUTCRY_EMAIL ?? '', password: process.env.OUTCRY_PASSWORD ?? '' };
  }
  const dataDirectory = resolve(projectDirectory, data);
  const run = readRunFile(dataDirectory);
  if (run?.state !== 'ready' || !isRunning(run.supervisor)) {
    throw new Error(`nothing runs on ${dataDirectory}; start it with \`npm start\`, or name a gateway with --url`);
  }
  return { url: run.gatewayUrl, ...credentials(loadSecrets(dataDirectory)) };
}
