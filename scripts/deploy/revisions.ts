import { kubectl, serviceLabel } from '../mesh/index.ts';

/** The revision of each workload of the services, by `KIND/NAME`: the number that `kubectl rollout undo` takes. */
export type Revisions = ReadonlyMap<string, number>;

const rolloutSeconds = 600;

type Revision = {
  metadata: { ownerReferences?: { kind: string; name: string }[]; annotations?: Record<string, string> };
  revision?: number;
};

/** Reads the revisions of a namespace, those in use; empty before the first release. */
export async function readRevisions(namespace: string): Promise<Revisions> {
  const workloads = await listItems<Revision & { kind: string; metadata: { name: string } }>(
    namespace,
    'deployments,statefulsets',
  );
  const ofStatefulSets = await listItems<Revision>(namespace, 'controllerrevisions');
  return new Map(
    workloads.map(({ kind, metadata }) => {
      const noted = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
      const own = ofStatefulSets.filter((one) =>
        one.metadata.ownerReferences?.some(({ name }) => name === metadata.name),
      );
      const revision = kind === 'Deployment' ? noted : Math.max(0, ...own.map((one) => one.revision ?? 0));
      return [`${kind.toLowerCase()}/${metadata.name}`, revision];
    }),
  );
}

/**
 * Rolls the workloads back that have another revision than `to`, or all to the one before, and waits for them. Policies, settings and schemas stay: the release before runs
 * with them.
 */
export async function rollBack(
  namespace: string,
  to: Revisions | 'previous',
  step: (what: string) => void,
): Promise<void> {
  const now = await readRevisions(namespace);
  const changed = planRollBack(now, to);
  for (const { name, revision } of changed) {
    const target = revision === undefined ? [] : [`--to-revision=${revision}`];
    await kubectl(['-n', namespace, 'rollout', 'undo', name, ...target]);
  }
  for (const { name } of changed) {
    await kubectl(['-n', namespace, 'rollout', 'status', name, `--timeout=${rolloutSeconds}s`]);
  }
  step(`rolled back: ${changed.map(({ name }) => name).join(', ') || 'nothing had changed'}`);
}

/** What has to be rolled back, and to which revision; undefined: the one before. */
export function planRollBack(
  now: Revisions,
  to: Revisions | 'previous',
): { name: string; revision: number | undefined }[] {
  if (to === 'previous') return [...now.keys()].map((name) => ({ name, revision: undefined }));
  return [...now].flatMap(([name, revision]) => {
    const before = to.get(name);
    // What this release has brought has nothing to go back to.
    return before === undefined || before === revision ? [] : [{ name, revision: before }];
  });
}

async function listItems<T>(namespace: string, kinds: string): Promise<T[]> {
  const text = await kubectl(['-n', namespace, 'get', kinds, '-l', serviceLabel, '-o', 'json']);
  return (JSON.parse(text) as { items: T[] }).items;
}
