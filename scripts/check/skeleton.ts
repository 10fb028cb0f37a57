import { isTestFile, type SourceFile } from '../source-files.ts';
import { roomOf } from './cycles.ts';
import { findImports } from './imports.ts';

// The mould of docs/adr/0008-one-mould-for-services.md.
// An index.ts is the entrance of tests, benches and scripts; see boundaries.ts.
const rootFiles = new Set(['main.ts', 'needs.ts', 'config.ts', 'deps.ts', 'server.ts', 'index.ts', 'README.md']);
const rootFilesOf: Readonly<Record<string, readonly string[]>> = {
  exchange: ['index.ts', 'rulebook.md', 'biome.json'],
};

/** From the lowest to the highest: a room imports those below it. */
const ladder = ['domain', 'rpc/messages', 'store', 'events', 'clients', 'view', 'own', 'feed', 'jobs', 'rpc'];

/** Rooms that only one service has, from the lowest to the highest. */
const ownRooms: Readonly<Record<string, readonly string[]>> = {
  exchange: ['engine', 'journal', 'snapshot', 'replication', 'verification', 'tools'],
  audit: ['passes'],
  ledger: ['transfers', 'holds'],
  mailbox: ['smtp'],
  order: ['saga'],
  simulator: ['traders'],
  user: ['accounts'],
};
/** The engine and the codecs of the journal are below SQL in the exchange: a row of the journal is a group of commands. */
const ladderOf: Readonly<Record<string, readonly string[]>> = {
  exchange: ['engine', 'journal', 'snapshot', 'rpc/messages', 'store', 'replication', 'rpc', 'verification', 'tools'],
};

/** Equipment of tests that also runs by itself: it may use `testing`, and scripts/check/boundaries.ts bars the service from it. */
const testRooms = new Set(['verification']);

/** What may stand in rpc/ beside the handlers: their list, and what several of them read or decide alike. */
const besideHandlers = new Set(['bindings', 'request-fields', 'access']);

const servicePath = /^services\/([^/]+)\/(.+)$/;

/** Finds files of services that stand in no room of the mould, imports against its direction, and RPCs without a file. */
export function findSkeletonProblems(files: readonly SourceFile[]): string[] {
  const ofServices = files.filter(({ path }) => servicePath.test(path));
  return [
    ...ofServices.flatMap(({ path }) => roomProblem(path)),
    ...ofServices.flatMap((file) => directionProblems(file)),
    ...handlerProblems(files),
  ];
}

function roomProblem(path: string): string[] {
  const [, service = '', rest = ''] = servicePath.exec(path) ?? [];
  const [room = '', ...below] = rest.split('/');
  if (below.length === 0) {
    const isKnown =
      rootFiles.has(rest) || rootFilesOf[service]?.includes(rest) || /^(config|server)\.test\.ts$/.test(rest);
    return isKnown ? [] : [`${path}: the mould knows no file of this name in the root of a service`];
  }
  if (room === 'testing' || laddersOf(service).includes(room) || room === 'rpc') return [];
  return [`${path}: the mould knows no room '${room}' in ${service}`];
}

function directionProblems(file: SourceFile): string[] {
  const service = servicePath.exec(file.path)?.[1] ?? '';
  const from = placeOf(file.path, service);
  if (from === undefined || isTestFile(file.path)) return [];
  return findImports(file).flatMap(({ target }) => {
    if (target === undefined || !target.startsWith(`services/${service}/`)) return [];
    if (/\/testing\//.test(target)) {
      return testRooms.has(from) ? [] : [`${file.path} imports ${target}: only tests import 'testing'`];
    }
    const to = placeOf(target, service);
    const steps = laddersOf(service);
    if (to === undefined) return rootImportProblem(file.path, target);
    if (steps.indexOf(to) <= steps.indexOf(from)) return [];
    return [`${file.path} imports ${target}: '${from}' stands below '${to}'`];
  });
}

/** A room may know what the service is made of and its settings, but not its composition. */
function rootImportProblem(path: string, target: string): string[] {
  return /\/(deps|needs|config)\.ts$/.test(target) ? [] : [`${path} imports ${target}: a room imports no composition`];
}

/** The room of a file; undefined for the service's root and for `testing`. */
function placeOf(path: string, service: string): string | undefined {
  const room = roomOf(path).replace(`services/${service}/`, '');
  return laddersOf(service).includes(room) ? room : undefined;
}

function laddersOf(service: string): readonly string[] {
  return ladderOf[service] ?? ladder.flatMap((room) => (room === 'own' ? (ownRooms[service] ?? []) : [room]));
}

/** Every RPC of a service's contract has a file named by its verb, and no other file stands beside them. */
function handlerProblems(files: readonly SourceFile[]): string[] {
  const rpcFile = /^services\/([^/]+)\/rpc\/([^/]+?)(\.test)?\.ts$/;
  const handlers = files.flatMap(({ path }) => {
    const [, service = '', name = '', test] = rpcFile.exec(path) ?? [];
    return service === '' || test !== undefined ? [] : [{ path, service, name }];
  });
  const rpcs = files.flatMap(({ path, text }) => {
    const service = /^proto\/outcry\/([^/]+)\//.exec(path)?.[1] ?? '';
    return [...text.matchAll(/^\s*rpc (\w+)\(/gm)].map(([, name = '']) => ({
      service,
      name: kebab(name),
      contract: path,
    }));
  });
  const served = new Set(files.flatMap(({ path }) => servicePath.exec(path)?.[1] ?? []));
  const missing = rpcs
    .filter(
      ({ service, name }) =>
        served.has(service) && !handlers.some((one) => one.service === service && one.name === name),
    )
    .map(({ service, name, contract }) => `services/${service}/rpc/${name}.ts is missing: an RPC of ${contract}`);
  const contracts = new Set(rpcs.map(({ service }) => service));
  const others = handlers
    .filter(({ service, name }) => contracts.has(service) && !besideHandlers.has(name))
    .filter(({ service, name }) => !rpcs.some((rpc) => rpc.service === service && rpc.name === name))
    .map(({ path }) => `${path} is named like no RPC; what handlers share stands in rpc/messages or a room below`);
  return [...missing, ...others];
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
