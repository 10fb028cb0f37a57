/** Who calls, follows and hears whom, read from the code of the services. */
import { isTestFile, type SourceFile } from '../source-files.ts';
import { formatTable } from './table.ts';

/** One arrow of the picture. `feeds`: a service's log, followed; `events`: facts, heard on the bus. */
export type Edge = { from: string; to: string; kind: 'calls' | 'follows' | 'hears' };

/** What a service declares; see platform/lifecycle/service-needs.ts. */
type Declared = { name: string; calls: readonly string[] };

/** Every arrow, by service and kind. */
export function findEdges(files: readonly SourceFile[], declared: readonly Declared[]): Edge[] {
  return declared.flatMap(({ name, calls }) => {
    const folder = name === 'gateway' ? 'gateway/' : `services/${name}/`;
    const sources = files.filter(({ path }) => path.startsWith(folder) && path.endsWith('.ts') && !isTestFile(path));
    const follows = new Set(sources.flatMap(({ text }) => feedOwners(text)));
    const hears = new Set(sources.filter(({ path }) => path.endsWith('/events/consumed.ts')).flatMap(eventOwners));
    const edge = (kind: Edge['kind']) => (to: string) => ({ from: name, to, kind });
    return [
      ...calls.toSorted().map(edge('calls')),
      ...[...follows].toSorted().map(edge('follows')),
      ...[...hears].toSorted().map(edge('hears')),
    ];
  });
}

/** The arrows as a table of Markdown, a row a service. */
export function edgeTable(edges: readonly Edge[]): string {
  const rows = [...Map.groupBy(edges, ({ from }) => from)].map(([from, ofService]) => {
    const cell = (kind: Edge['kind']) =>
      ofService
        .filter((edge) => edge.kind === kind)
        .map(({ to }) => to)
        .join(', ');
    return [from, cell('calls'), cell('follows'), cell('hears')];
  });
  return formatTable([['service', 'calls', 'follows the feed of', 'hears events of'], ...rows]);
}

function feedOwners(text: string): string[] {
  return [...text.matchAll(/clientOf\((\w+)FeedService\)/g)].map(([, owner = '']) => owner.toLowerCase());
}

function eventOwners({ text }: SourceFile): string[] {
  return [...text.matchAll(/from '#gen\/outcry\/([^/]+)\/v1\/events_pb\.ts'/g)].map(([, owner = '']) => owner);
}
