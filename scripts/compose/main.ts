// `npm run compose -- COMMAND`: the system on one machine with Docker or podman. Exit code 0 when done, 1 when not, 2 for a wrong command line.
//
//   prepare              makes compose/secrets and .env, where they are missing
//   deploy --version V   pull (not with --no-pull), migrate, up, smoke; back to the release before when that fails
//   smoke                an operator logs in, and the audit is clean
//   generate             renews compose.yaml and what lies beside it
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory } from '../tool.ts';
import { deploy, smoke } from './deploy.ts';
import { findCompose } from './engine.ts';
import { composeFiles } from './files.ts';
import { makeSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';

const folder = join(projectDirectory, 'compose', 'secrets');
const settingsPath = join(projectDirectory, '.env');
const startTimeMs = performance.now();
const step = (what: string) =>
  console.log(`${((performance.now() - startTimeMs) / 1_000).toFixed(1).padStart(6)} s  ${what}`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { version: { type: 'string' }, url: { type: 'string' }, 'no-pull': { type: 'boolean' } },
  });
  const settings = readSettings(settingsPath, process.env);
  const target = { folder, url: values.url ?? settings.url, operatorEmail: settings.operatorEmail };
  switch (positionals.join(' ')) {
    case 'prepare':
      return prepare();
    case 'smoke':
      return smoke(target);
    case 'deploy':
      if (values.version === undefined) throw new TypeError('--version V is missing');
      prepare();
      return deploy({
        ...{ step, compose: findCompose(), version: values.version, before: settings.version },
        ...{ settings: settingsPath, pulls: !values['no-pull'] },
        smoke: () => smoke(target),
      });
    case 'generate':
      for (const [path, text] of Object.entries(composeFiles())) writeFileSync(join(projectDirectory, path), text);
      return;
    default:
      throw new TypeError('the commands are prepare, deploy, smoke and generate');
  }
}

function prepare(): void {
  makeSecrets(folder);
  if (!existsSync(settingsPath)) copyFileSync(join(projectDirectory, '.env.example'), settingsPath);
}

try {
  await main();
} catch (error) {
  console.error(`compose: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
