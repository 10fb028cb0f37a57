import { resolve } from 'node:path';
import { readRunFile } from '../data/run-file.ts';
import { loadSecrets } from '../data/secrets.ts';
import { operatorEmail } from '../plan/environment.ts';
import { isRunning } from '../processes/process-identity.ts';
import { projectDirectory } from '../project-directory.ts';

/** A gateway, and who logs in there. */
export type OperatorTarget = { url: string; email: string; password: string };

/**
 * Where a script works as an operator: the gateway of `url` as OUTCRY_EMAIL with OUTCRY_PASSWORD, else the system that runs on the
 * data folder, as its own operator. Throws an error for people when nothing runs there.
 */
export function findOperatorTarget(options: { url?: string; data?: string }): OperatorTarget {
  const { url, data = '.outcry' } = options;
  if (url !== undefined) {
    return { url, email: process.env.OUTCRY_EMAIL ?? '', password: process.env.OUTCRY_PASSWORD ?? '' };
  }
  const dataDirectory = resolve(projectDirectory, data);
  const run = readRunFile(dataDirectory);
  if (run?.state !== 'ready' || !isRunning(run.supervisor)) {
    throw new Error(`nothing runs on ${dataDirectory}; start it with \`npm start\`, or name a gateway with --url`);
  }
  return { url: run.gatewayUrl, email: operatorEmail, password: loadSecrets(dataDirectory).operatorPassword };
}
