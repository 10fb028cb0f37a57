/** Secrets that lie in files, as containers get them: in the place of a setting, the path of a file with its value. */
import { readFileSync } from 'node:fs';
import { ConfigError, type Environment, optionalText } from './env.ts';

/** Settings that may be named by a file instead: NAME_FILE in the place of NAME. */
export const secretSettings = [
  'DATABASE_URL',
  'BUS_DATABASE_URL',
  'AMQP_URL',
  'SMTP_URL',
  'SERVICE_SECRET',
  'BOOTSTRAP_ADMIN_PASSWORD',
  'BOOTSTRAP_OPERATOR_PASSWORD',
  'LEDGER_PAYMENT_SECRETS',
] as const;

const bytesMax = 65_536;

/** The environment with the contents of these files. Throws ConfigError when a file cannot be read, is empty, or NAME is set as well. */
export function withSecretFiles(env: Environment): Environment {
  const problems: string[] = [];
  const read = secretSettings.flatMap((name) => {
    const path = optionalText(env, `${name}_FILE`);
    if (path === undefined) return [];
    if (optionalText(env, name) !== undefined) problems.push(`${name} and ${name}_FILE are both set`);
    const value = readSecret(path);
    if (value === undefined) problems.push(`${name}_FILE names no file with a text of at most ${bytesMax} bytes`);
    return [[name, value] as const];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return read.length === 0 ? env : { ...env, ...Object.fromEntries(read) };
}

function readSecret(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' || text.length > bytesMax ? undefined : text;
  } catch {
    return undefined;
  }
}
