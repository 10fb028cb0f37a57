import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../gateway/index.ts';
import { services } from '../../supervisor/index.ts';
import { loadMeshRpcs } from '../mesh/contracts.ts';
import { findEffectProblems } from '../mesh/effects/find-problems.ts';
import { readPolicies } from '../mesh/effects/policy-file.ts';
import { findStaleMigrationJobs } from '../mesh/migration-jobs.ts';
import { findStalePolicies } from '../mesh/policies.ts';
import { listSourceFiles } from '../source-files.ts';
import { projectDirectory, runTool } from '../tool.ts';
import { findBoundaryProblems } from './boundaries.ts';
import { findContractProblems, readImage } from './contracts.ts';
import { findStaleGeneratedFiles } from './generated.ts';
import { findLengthProblems } from './lengths.ts';
import { findMissingPlatforms } from './lockfile.ts';
import type { CheckStep } from './step.ts';
import { structureSteps } from './structure.ts';
import { findTimers } from './timers.ts';
import { findForbiddenWords } from './words.ts';

/** Image of the last released contracts, relative to the project's folder; absent before the first release. */
export const releasedImage = 'proto/released.binpb';

/** All checks, in the order in which they run. */
export const checkSteps: readonly CheckStep[] = [
  { name: 'types', findProblems: () => runQuietly('tsc', ['--noEmit']) },
  { name: 'types of the page', findProblems: () => runQuietly('tsc', ['--noEmit', '--project', 'gateway/web']) },
  { name: 'build of the web app', findProblems: buildWebApp },
  { name: 'format and lint', findProblems: () => runQuietly('biome', ['check', '--error-on-warnings']) },
  { name: 'contracts: lint', findProblems: () => runQuietly('buf', ['lint', 'proto']) },
  { name: 'contracts: breaking changes', findProblems: findBreakingChanges },
  { name: 'contracts: access, keys, paging', findProblems: checkContracts },
  { name: 'generated files', findProblems: findStaleGeneratedFiles },
  { name: 'mesh policies', findProblems: findStaleMesh },
  { name: 'locked platforms', findProblems: checkLockfile },
  { name: 'import boundaries', findProblems: async () => findBoundaryProblems(listSourceFiles(projectDirectory)) },
  ...structureSteps,
  { name: 'timers', findProblems: async () => findTimers(listSourceFiles(projectDirectory)) },
  { name: 'file and function lengths', findProblems: () => findLengthProblems(listSourceFiles(projectDirectory)) },
  { name: 'dead exports and dependencies', findProblems: () => runQuietly('knip', ['--no-progress']) },
  { name: 'forbidden words', findProblems: async () => findForbiddenWords(listSourceFiles(projectDirectory)) },
];

async function runQuietly(tool: string, args: readonly string[]): Promise<string[]> {
  const { code, output } = await runTool(tool, args);
  return code === 0 ? [] : output.split('\n');
}

async function buildWebApp(): Promise<string[]> {
  try {
    await buildApp();
    return [];
  } catch (error) {
    return String(error).split('\n');
  }
}

async function findBreakingChanges(): Promise<string[]> {
  if (!existsSync(join(projectDirectory, releasedImage))) return [];
  return runQuietly('buf', ['breaking', 'proto', '--against', releasedImage]);
}

async function findStaleMesh(): Promise<string[]> {
  const effects = findEffectProblems([...(await readPolicies()).values()], await loadMeshRpcs());
  return [...(await findStalePolicies()), ...(await findStaleMigrationJobs()), ...effects];
}

async function checkLockfile(): Promise<string[]> {
  const text = await readFile(join(projectDirectory, 'package-lock.json'), 'utf8');
  return findMissingPlatforms(JSON.parse(text).packages);
}

async function checkContracts(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'outcry-image-'));
  try {
    const path = join(directory, 'image.binpb');
    const problems = await runQuietly('buf', ['build', 'proto', '-o', path]);
    if (problems.length > 0) return problems;
    const names = services.map((service) => service.name);
    return findContractProblems(readImage(await readFile(path)), names);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
