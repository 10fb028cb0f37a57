/** Rows of the tables about processes, from what the gateway has gathered. */
import type { DescribedService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import type { Lease, Process } from '#gen/outcry/process/v1/process_pb.ts';
import { feedText, isFeedLate, isOutboxLate, outboxText, queueText } from './process-text.ts';
import type { ServiceRow } from './service-rows.ts';

/** A service: whether it serves, by its health, and the process that answered. */
export type ProcessRow = {
  service: string;
  isServing: boolean;
  /** Contracts that are not served. */
  missing: string[];
  failure: string;
  process: Process | undefined;
};

/** A lease with its service. */
export type LeaseRow = { service: string; lease: Lease };

/** Something that a process follows or publishes. */
export type LagRow = { service: string; process: string; what: string; text: string; isLate: boolean };

/** A row for each service of the health or the description, by name. */
export function processRows(health: readonly ServiceRow[], described: readonly DescribedService[]): ProcessRow[] {
  const names = new Set([...health.map(({ name }) => name), ...described.map(({ service }) => service)]);
  return [...names].sort().map((service) => {
    const known = health.find(({ name }) => name === service);
    const found = described.find((one) => one.service === service);
    return {
      service,
      isServing: known?.isServing ?? found?.process !== undefined,
      missing: (known?.contracts ?? []).filter(({ isServing }) => !isServing).map(({ name }) => name),
      failure: found?.failure ?? '',
      process: found?.process,
    };
  });
}

/** The leases of all services. */
export function leaseRows(described: readonly DescribedService[]): LeaseRow[] {
  return described.flatMap(({ service, process }) => (process?.leases ?? []).map((lease) => ({ service, lease })));
}

/** Services of which the leases are not known. */
export function withoutLeases(described: readonly DescribedService[]): string[] {
  return described.filter(({ process }) => process?.leasesMissing ?? true).map(({ service }) => service);
}

/** What all processes follow and publish, what is late first. */
export function lagRows(described: readonly DescribedService[]): LagRow[] {
  const rows = described.flatMap(({ service, process }) => (process === undefined ? [] : lagsOf(service, process)));
  return rows.toSorted((one, other) => Number(other.isLate) - Number(one.isLate));
}

function lagsOf(service: string, { name: process, feeds, queues, outbox }: Process): LagRow[] {
  return [
    ...feeds.map((lag) => ({
      ...{ service, process },
      what: `feed ${lag.feed}`,
      text: feedText(lag),
      isLate: isFeedLate(lag),
    })),
    ...queues.map((lag) => ({
      ...{ service, process },
      what: `queue ${lag.queue}`,
      text: queueText(lag),
      isLate: false,
    })),
    ...(outbox === undefined
      ? []
      : [{ service, process, what: 'outbox', text: outboxText(outbox), isLate: isOutboxLate(outbox) }]),
  ];
}
