/** What a mesh that runs is like. */
export type MeshStatus = {
  namespace: string;
  workloads: WorkloadStatus[];
  /** The share of the canary by service, in percent; only of those above 0 and those with pods. */
  canaries: { service: string; weight: number; pods: number }[];
  /** Consumers of feeds, each at the pod that holds its lease. */
  consumers: ConsumerStatus[];
  /** Leases by the service that has them; undefined where its database is outside. */
  leases: LeaseStatus[] | undefined;
  audit: { kind: string; findings: number; completedTime: Date }[];
  /** Proxies whose configuration is that of istiod, and those whose is not; undefined without istioctl. */
  proxies: { synced: number; stale: string[] } | undefined;
};

/** A Deployment or StatefulSet. */
export type WorkloadStatus = {
  name: string;
  version: string;
  ready: number;
  wanted: number;
  restarts: number;
};

/** How far a consumer has come. */
export type ConsumerStatus = { pod: string; feed: string; position: number; lag: number; isHalted: boolean };

/** A lease in the database of a service. */
export type LeaseStatus = { service: string; name: string; holder: string; isHeld: boolean };

/** What is wrong, one line each; empty when all is well. */
export function findTroubles(status: MeshStatus, now: Date): string[] {
  const { workloads, consumers, audit, proxies } = status;
  const lightPass = audit.find(({ kind }) => kind === 'light');
  return [
    ...workloads
      .filter(({ ready, wanted }) => ready < wanted)
      .map(({ name, ready, wanted }) => `${name} has ${ready} of ${wanted} pods ready`),
    ...consumers
      .filter(({ isHalted }) => isHalted)
      .map(({ pod, feed }) => `the consumer of ${feed} in ${pod} is halted`),
    ...consumers
      .filter(({ lag }) => lag > lagMax)
      .map(({ pod, feed, lag }) => `the consumer of ${feed} in ${pod} is ${lag} entries behind`),
    ...audit
      .filter(({ findings }) => findings > 0)
      .map(({ kind, findings }) => `the ${kind} audit has ${findings} findings`),
    ...(lightPass !== undefined && now.getTime() - lightPass.completedTime.getTime() > auditAgeMsMax
      ? [`no light audit was completed since ${lightPass.completedTime.toISOString()}`]
      : []),
    ...(proxies?.stale ?? []).map((name) => `the proxy ${name} has an old configuration`),
  ];
}

const lagMax = 10_000;
const auditAgeMsMax = 10 * 60_000;

/** The status as lines of text. */
export function formatStatus(status: MeshStatus, now: Date): string[] {
  const { workloads, canaries, consumers, leases, audit, proxies } = status;
  const troubles = findTroubles(status, now);
  return [
    ...table(
      ['workload', 'version', 'ready', 'restarts'],
      workloads.map(({ name, version, ready, wanted, restarts }) => [
        name,
        version,
        `${ready}/${wanted}`,
        `${restarts}`,
      ]),
    ),
    '',
    ...(canaries.length === 0 ? ['no canary'] : canaries.map(canaryLine)),
    '',
    ...table(
      ['feed', 'followed by', 'position', 'behind'],
      consumers.map(({ pod, feed, position, lag, isHalted }) => [
        feed,
        pod,
        `${position}`,
        isHalted ? 'halted' : `${lag}`,
      ]),
    ),
    '',
    ...leaseLines(leases),
    '',
    ...(audit.length === 0 ? ['audit: no pass was completed yet'] : audit.map(auditLine)),
    proxies === undefined
      ? 'proxies: istioctl is not installed'
      : `proxies: ${proxies.synced} of ${proxies.synced + proxies.stale.length} in sync`,
    '',
    ...(troubles.length === 0 ? ['all is well'] : troubles.map((trouble) => `TROUBLE: ${trouble}`)),
  ];
}

function canaryLine({ service, weight, pods }: MeshStatus['canaries'][number]): string {
  return `canary of ${service}: ${weight} % of its calls, ${pods} pods`;
}

function auditLine({ kind, findings, completedTime }: MeshStatus['audit'][number]): string {
  return `audit, ${kind}: ${findings} findings at ${completedTime.toISOString()}`;
}

function leaseLines(leases: readonly LeaseStatus[] | undefined): string[] {
  if (leases === undefined) return ['leases: in the table platform.lease of each service, whose databases are outside'];
  return table(
    ['lease of', 'name', 'holder'],
    leases.map(({ service, name, holder, isHeld }) => [service, name, isHeld ? holder : 'free']),
  );
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
