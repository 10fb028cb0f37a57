/** The settings of compose on this machine: the file .env, and the environment before it, as compose itself reads them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { operatorEmail } from '../../supervisor/index.ts';

/** The tag of an image. */
export const versionPattern = /^[\w.-]{1,128}$/;

/** What scripts take from the settings. */
export type Settings = {
  /** The version that runs, OUTCRY_VERSION; undefined when none is named. */
  version: string | undefined;
  /** URL of the gateway as OUTCRY_PUBLISH publishes it. */
  url: string;
  operatorEmail: string;
};

/** Reads the settings. What is not set has the default of compose.yaml. */
export function readSettings(path: string, environment: NodeJS.ProcessEnv): Settings {
  const file = existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
  const setting = (name: string) => environment[name] || file[name] || undefined;
  const published = setting('OUTCRY_PUBLISH') ?? '8080';
  return {
    version: setting('OUTCRY_VERSION'),
    url: `http://${published.includes(':') ? published : `127.0.0.1:${published}`}`,
    operatorEmail: setting('OUTCRY_OPERATOR_EMAIL') ?? operatorEmail,
  };
}

/** Writes the version into the file, in the place of the one before, so that compose takes it whenever none is named; all else stays. */
export function writeVersion(path: string, version: string): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const others = text.split('\n').filter((line) => !/^\s*OUTCRY_VERSION\s*=/.test(line));
  const end = others.at(-1) === '' ? '' : '\n';
  writeFileSync(path, `${others.join('\n')}${end}OUTCRY_VERSION=${version}\n`);
}
