/** The checks of the structure: rooms, circles, documents, declarations, words. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';
import { services } from '../../supervisor/index.ts';
import { findStaleArchitecture } from '../docs/architecture.ts';
import { findStaleLogEvents } from '../docs/log-events.ts';
import { findParityProblems } from '../docs/parity/parity.ts';
import { edgesOf } from '../mesh/allow-policies.ts';
import { meshCommands } from '../mesh/commands.ts';
import { loadMeshRpcs } from '../mesh/contracts.ts';
import { migrationJobName } from '../mesh/migration-jobs.ts';
import { listSourceFiles } from '../source-files.ts';
import { projectDirectory } from '../tool.ts';
import { findCycles } from './cycles.ts';
import { findDeadPaths } from './doc-paths.ts';
import { findNeedsProblems, findUnusedEdges } from './needs.ts';
import { findPrivateWords } from './plain-words.ts';
import { findRunbookProblems } from './runbooks.ts';
import { findReadmeProblems } from './service-readmes.ts';
import { findSkeletonProblems } from './skeleton.ts';
import type { CheckStep } from './step.ts';

/** In the order in which they run. */
export const structureSteps: readonly CheckStep[] = [
  { name: 'skeleton of services', findProblems: async () => findSkeletonProblems(sources()) },
  { name: 'import circles', findProblems: async () => findCycles(sources()) },
  { name: 'declared needs', findProblems: checkNeeds },
  { name: 'arrows and log messages in documents', findProblems: checkGeneratedParts },
  { name: 'rows of docs/parity.md', findProblems: findParityProblems },
  { name: 'paths in documents', findProblems: async () => findDeadPaths(sources(), trackedPaths()) },
  { name: 'runbooks', findProblems: checkRunbooks },
  { name: 'service READMEs', findProblems: async () => findReadmeProblems(sources(), trackedPaths()) },
  { name: 'plain words', findProblems: async () => findPrivateWords(sources()) },
];

const sources = () => listSourceFiles(projectDirectory);

function trackedPaths(): string[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectDirectory,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return listing.split('\0').filter((path) => path !== '');
}

async function checkGeneratedParts(): Promise<string[]> {
  return [...(await findStaleArchitecture()), ...(await findStaleLogEvents())];
}

async function checkRunbooks(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(projectDirectory, 'package.json'), 'utf8')) as { scripts: object };
  const names = services.map(({ name }) => name);
  const workloads = names.flatMap((name) => [`deployment/${name}`, `job/${migrationJobName(name)}`]);
  return findRunbookProblems(sources(), {
    scripts: new Set(Object.keys(scripts)),
    meshCommands: new Set(Object.keys(meshCommands)),
    workloads: new Set([...workloads, 'statefulset/exchange', 'statefulset/postgres', 'statefulset/rabbitmq']),
  });
}

async function checkNeeds(): Promise<string[]> {
  const declared = await Promise.all(services.map(({ main }) => loadNeeds(main.replace('main.ts', 'needs.ts'))));
  const allowed = edgesOf(await loadMeshRpcs());
  return [...findNeedsProblems(sources(), declared), ...findUnusedEdges(allowed, declared)];
}

async function loadNeeds(path: string): Promise<ServiceNeeds> {
  const module: { needs: ServiceNeeds } = await import(new URL(path, `file://${projectDirectory}/`).href);
  return module.needs;
}
