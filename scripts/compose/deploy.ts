/** A release on one machine: pull, migrate, up, smoke, and back to the release before when that fails. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { services } from '../../supervisor/index.ts';
import { runAudit } from '../audit/index.ts';
import type { Compose } from './engine.ts';

/** What to deploy, and by what. */
export type DeployOptions = {
  compose: Compose;
  version: string;
  /** The folder of compose.yaml's secrets, and of the file that has the version that runs. */
  folder: string;
  /** Whether images are pulled first. */
  pulls: boolean;
  /** URL of the gateway as it is published. */
  url: string;
  operatorEmail: string;
  step: (what: string) => void;
};

const smokeTimeoutMs = 180_000;
const pauseMs = 2_000;
const versionPattern = /^[\w.-]{1,128}$/;

/** Deploys a version. Rejects when it is not well; the version before runs again then, if there was one. */
export async function deploy(options: DeployOptions): Promise<void> {
  const { compose, version, pulls, step } = options;
  if (!versionPattern.test(version)) throw new TypeError('--version takes the tag of an image');
  const before = readVersion(options.folder);
  if (pulls) {
    step('pull');
    await compose(['pull'], version);
  }
  try {
    await bringUp(options, version);
  } catch (error) {
    if (before === undefined || before === version) throw error;
    step(`not well, back to ${before}: ${error instanceof Error ? error.message : String(error)}`);
    await bringUp({ ...options, version: before }, before, { migrates: false });
    throw error;
  }
  writeFileSync(versionFile(options.folder), `${version}\n`);
}

async function bringUp(options: DeployOptions, version: string, { migrates = true } = {}): Promise<void> {
  const { compose, step } = options;
  if (migrates) {
    step('migrate');
    await compose(['up', '-d', 'postgres', 'rabbitmq'], version);
    for (const { name } of services.filter(({ migrations }) => migrations !== undefined))
      await compose(['run', '--rm', '-e', 'OUTCRY_MIGRATE_ONLY=true', name], version);
  }
  step(`up ${version}`);
  await compose(['up', '-d'], version);
  step('smoke');
  await smoke(options);
}

/** Waits until an operator can log in and the audit is clean. Rejects after three minutes. */
export async function smoke({ url, folder, operatorEmail }: Pick<DeployOptions, 'url' | 'folder' | 'operatorEmail'>) {
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

function versionFile(folder: string): string {
  return join(folder, 'version');
}

function readVersion(folder: string): string | undefined {
  const path = versionFile(folder);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}
