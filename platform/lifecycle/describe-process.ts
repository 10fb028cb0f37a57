/** The description of a process that those who run the market see: its leases, its lags and its slowest calls. */
import { hostname } from 'node:os';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type LeaseSchema,
  type Process,
  ProcessRole,
  ProcessSchema,
  ProcessService,
  type SlowCallSchema,
} from '#gen/outcry/process/v1/process_pb.ts';
import { codeName } from '#platform/errors/code.ts';
import { type LeaseState, readLeases } from '#platform/postgres/read-leases.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { implement, type ServiceBinding } from '#platform/rpc/implementation.ts';
import { type SlowCall, slowCalls } from '#platform/rpc/slow-calls.ts';
import { within } from '#platform/time/within.ts';
import { durationOf } from './duration-of.ts';
import { readFeedLags, readOutbox, readQueueLags } from './read-lags.ts';
import type { Role } from './role.ts';
import type { ServiceApp } from './service-app.ts';

/** A process that is described; without `db` it has no leases. */
export type DescribedApp = Pick<ServiceApp, 'name' | 'config' | 'metrics' | 'role' | 'logger'> & { db?: Sql };

const leasesMax = 200;
const feedsMax = 200;
const queuesMax = 200;
// A database that is away must not take the rest of the description with it.
const leasesTimeoutMs = 1_000;
const textLengthMax = 200;

/** Serves the description of the process to the gateway. */
export function processBinding(app: DescribedApp): ServiceBinding {
  return implement(ProcessService, { describe: async () => ({ process: await describeProcess(app) }) });
}

/** Describes the process. Resolves within a second also when its database does not answer. */
export async function describeProcess(app: DescribedApp): Promise<Process> {
  const { name: service, config, metrics, role } = app;
  const [leases, feeds, outbox, queues] = await Promise.all([
    leasesOf(app),
    readFeedLags(metrics, feedsMax),
    readOutbox(metrics),
    readQueueLags(metrics, queuesMax),
  ]);
  return create(ProcessSchema, {
    service,
    name: config.replica === '' ? hostname() : config.replica,
    release: config.release,
    role: roleOf(role),
    startTime: timestampFromMs(Math.round(performance.timeOrigin)),
    leases: leases?.map(toLease) ?? [],
    leasesMissing: leases === undefined,
    feeds,
    queues,
    ...(outbox && { outbox }),
    slowCalls: slowCalls.slowest().map(toSlowCall),
  });
}

async function leasesOf({ db, logger }: DescribedApp): Promise<LeaseState[] | undefined> {
  if (db === undefined) return [];
  try {
    return await within(leasesTimeoutMs, readLeases(db, leasesMax));
  } catch (error) {
    logger.debug({ error }, 'the leases could not be read');
    return undefined;
  }
}

function roleOf({ isMirror, isPromoted }: Role): ProcessRole {
  if (isMirror) return ProcessRole.MIRROR;
  return isPromoted() ? ProcessRole.STABLE : ProcessRole.CANARY;
}

function toLease({ name, holder, token, remainingMs }: LeaseState): MessageInitShape<typeof LeaseSchema> {
  const text = (value: string) => value.slice(0, textLengthMax);
  return { name: text(name), holder: text(holder), token, remaining: durationOf(remainingMs) };
}

function toSlowCall(call: SlowCall): MessageInitShape<typeof SlowCallSchema> {
  const { method, durationMs, code, endTimeMs, traceId, requestId } = call;
  return {
    method: `${method.parent.typeName}/${method.name}`,
    duration: durationOf(durationMs),
    code: codeName(code),
    endTime: timestampFromMs(endTimeMs),
    traceId,
    requestId,
  };
}
