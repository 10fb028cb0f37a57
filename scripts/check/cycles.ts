import { findImports } from './imports.ts';
import { isTestFile, type SourceFile } from './source-files.ts';

const code = /\.(ts|tsx|mjs)$/;

/** Has only types, of what every room gets and of what the rooms make: it is no arrow between rooms. */
const dependencyBag = /^services\/[^/]+\/deps\.ts$/;

/**
 * Finds circles of imports, types included: between files, and between the rooms of a service or the folders of platform/. One line for
 * each circle, with its members in the order of the imports.
 */
export function findCycles(files: readonly SourceFile[]): string[] {
  const sources = files.filter(({ path }) => code.test(path));
  const imports = sources.map((file) => ({ file, targets: findTargets(file, sources) }));
  const ofFiles = new Map(imports.map(({ file, targets }) => [file.path, targets]));
  const ofRooms = new Map<string, Set<string>>();
  for (const { file, targets } of imports) {
    if (isTestFile(file.path) || dependencyBag.test(file.path)) continue;
    const room = roomOf(file.path);
    const others = ofRooms.get(room) ?? new Set();
    for (const target of targets) if (!isTestFile(target) && roomOf(target) !== room) others.add(roomOf(target));
    ofRooms.set(room, others);
  }
  return [...describeCircles('files', ofFiles), ...describeCircles('folders', ofRooms)];
}

/**
 * Where a file stands: the room of its service, `rpc/messages` apart from `rpc`; the folder of platform/, scripts/ and so on. The files
 * in the root of a service are each a place of their own, as they compose the rooms.
 */
export function roomOf(path: string): string {
  const parts = path.split('/');
  const depth = parts[0] === 'services' ? 3 : 2;
  const folders = parts.slice(0, -1);
  if (folders.length < depth) return path;
  const room = folders.slice(0, depth).join('/');
  return folders[depth] === 'messages' && room.endsWith('/rpc') ? `${room}/messages` : room;
}

function findTargets(file: SourceFile, sources: readonly SourceFile[]): Set<string> {
  const known = new Set(sources.map(({ path }) => path));
  const targets = findImports(file).flatMap(({ target }) =>
    target !== undefined && known.has(target) ? [target] : [],
  );
  return new Set(targets.filter((target) => target !== file.path));
}

type Graph = ReadonlyMap<string, Iterable<string>>;

function describeCircles(kind: string, graph: Graph): string[] {
  return findComponents(graph)
    .map((component) => shortestCircle(graph, component))
    .map((circle) => `${kind} import each other in a circle: ${[...circle, circle[0]].join(' -> ')}`)
    .toSorted();
}

/** The strongly connected components with more than one member. */
function findComponents(graph: Graph): Set<string>[] {
  const reachable = new Map([...graph.keys()].map((node) => [node, reach(graph, node)]));
  const components: Set<string>[] = [];
  const placed = new Set<string>();
  for (const [node, others] of reachable) {
    if (placed.has(node) || !others.has(node)) continue;
    const component = new Set([...others].filter((other) => reachable.get(other)?.has(node)));
    for (const member of component) placed.add(member);
    components.push(component);
  }
  return components;
}

function reach(graph: Graph, start: string): Set<string> {
  const seen = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    waiting.push(...(graph.get(node) ?? []));
  }
  return seen;
}

function shortestCircle(graph: Graph, component: ReadonlySet<string>): string[] {
  const circles = [...component].flatMap((start) => circleFrom(graph, component, start) ?? []);
  return circles.toSorted((one, other) => one.length - other.length || (one.join() < other.join() ? -1 : 1))[0] ?? [];
}

/** A shortest path from `start` back to itself within the component, as a list of one path. */
function circleFrom(graph: Graph, component: ReadonlySet<string>, start: string): string[][] {
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of graph.get(path.at(-1) ?? '') ?? []) {
      if (next === start) return [path];
      if (!component.has(next) || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return [];
}
