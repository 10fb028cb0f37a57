/** The RPCs that the gateway answers itself: what those who run the market see of its processes. */

import { create } from '@bufbuild/protobuf';
import { type FoundSlowCall, FoundSlowCallSchema, OperationsService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import { readCount } from '#platform/validation/request-fields.ts';
import type { GatheredService, GatherProcesses } from './gather-processes.ts';

const callsDefault = 50;
const callsMax = 200;

/** Serves both RPCs from what `gather` finds. */
export function operationsBinding(gather: GatherProcesses): ServiceBinding {
  return bindHandlers(OperationsService, gather, {
    async describeServices(gatherNow) {
      const gathered = await gatherNow();
      return { services: gathered.map(withoutCalls) };
    },
    async findSlowCalls(gatherNow, request) {
      const limit = readCount('calls_max', request.callsMax, { fallback: callsDefault, max: callsMax });
      const gathered = await gatherNow();
      return {
        calls: slowestOf(gathered, limit),
        silentServices: gathered.flatMap(({ service, process }) => (process === undefined ? [service] : [])),
      };
    },
  });
}

function withoutCalls({ service, failure, process }: GatheredService) {
  return { service, failure: failure ?? '', ...(process && { process: { ...process, slowCalls: [] } }) };
}

function slowestOf(gathered: readonly GatheredService[], limit: number): FoundSlowCall[] {
  const found = gathered.flatMap(({ service, process }) =>
    (process?.slowCalls ?? []).map((call) =>
      create(FoundSlowCallSchema, { service, process: process?.name ?? '', call }),
    ),
  );
  return found.toSorted((one, other) => nanosOf(other) - nanosOf(one)).slice(0, limit);
}

function nanosOf({ call }: FoundSlowCall): number {
  const { seconds = 0n, nanos = 0 } = call?.duration ?? {};
  return Number(seconds) * 1e9 + nanos;
}
