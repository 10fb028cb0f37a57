/** A release on one machine: pull, migrate, up, smoke, and back to the release before when that fails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../supervisor/index.ts';
import { runAudit } from '../audit/index.ts';
import type { Compose } from './engine.ts';
import { versionPattern, writeVersion } from './settings.ts';

/** What to deploy, and by what. */
export type DeployOptions = {
  compose: Compose;
  version: string;
  /** The version that runs; undefined when it is not known. */
  before: string | undefined;
  /** The file of settings that gets the version once it is well. */
  settings: string;
  /** Whether images are pulled first. */
  pulls: boolean;
  /** Rejects when the system is not well. */
  smoke: () => Promise<void>;
  step: (what: string) => void;
};

const smokeTimeoutMs = 180_000;
const pauseMs = 2_000;
// Not before all are healthy: the audit reads neither the market nor the mailbox.
const up = ['up', '-d', '--wait', '--wait-timeout', '180'];
// There is no terminal, and the services that it calls stay as they are.
const migration = ['run', '--rm', '-T', '--no-deps', '-e', 'OUTCRY_MIGRATE_ONLY=true'];

/** Deploys a version. Rejects when it is not well; the version before runs again then, if there was one. */
export async function deploy(options: DeployOptions): Promise<void> {
  const { compose, version, before, pulls, step } = options;
  if (!versionPattern.test(version)) throw new TypeError('--version takes the tag of an image');
  if (pulls) {
    step('pull');
    await compose(['pull'], version);
  }
  try {
    await bringUp(options, version);
  } catch (error) {
    if (before === undefined || before === version) throw error;
    step(`not well, back to ${before}: ${error instanceof Error ? error.message : String(error)}`);
    await bringUp(options, before, { migrates: false });
    throw error;
  }
  writeVersion(options.settings, version);
}

async function bringUp(options: DeployOptions, version: string, { migrates = true } = {}): Promise<void> {
  const { compose, step } = options;
  if (migrates) {
    step('migrate');
    await compose([...up, 'postgres', 'rabbitmq'], version);
    for (const { name } of services.filter(({ migrations }) => migrations !== undefined))
      await compose([...migration, name], version);
  }
  step(`up ${version}`);
  await compose(up, version);
  step('smoke');
  await options.smoke();
}

/** Where the system answers, and the folder with the secrets of its operator. */
export type SmokeTarget = { url: string; folder: string; operatorEmail: string };

/** Waits until an operator can log in and the audit is clean. Rejects after three minutes. */
export async function smoke({ url, folder, operatorEmail }: SmokeTarget): Promise<void> {
  const password = readFileSync(join(folder, 'operator_password'), 'utf8').trim();
  const isWell = async () => {
    const { verdict } = await runAudit({ url, email: operatorEmail, password }, 10);
    if (!verdict.clean) throw new Error('the audit is not clean');
  };
  for (const deadlineMs = performance.now() + smokeTimeoutMs; ; await sleep(pauseMs)) {
    try {
      return await isWell();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
    }
  }
}
