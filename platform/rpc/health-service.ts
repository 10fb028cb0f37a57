/** The standard health service (grpc.health.v1) over a HealthState. */
import { create } from '@bufbuild/protobuf';
import type { HealthCheckResponse_ServingStatus } from '#gen/health/v1/health_pb.ts';
import {
  Health,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '#gen/health/v1/health_pb.ts';
import type { HealthState, Serving } from './health.ts';
import type { ServiceBinding } from './implementation.ts';
import { implement } from './implementation.ts';

const statuses: Record<Serving, HealthCheckResponse_ServingStatus> = {
  serving: Status.SERVING,
  not_serving: Status.NOT_SERVING,
  unknown: Status.SERVICE_UNKNOWN,
};

/** Check, List and Watch of `health`. */
export function healthService(health: HealthState): ServiceBinding {
  return implement(Health, {
    check: async ({ service }) => ({ status: statuses[health.check(service)] }),
    list: async () => ({
      statuses: Object.fromEntries(
        [...health.list()].map(([name, serving]) => [
          name,
          create(HealthCheckResponseSchema, { status: statuses[serving] }),
        ]),
      ),
    }),
    async *watch({ service }, { signal }) {
      for await (const serving of health.watch(service, signal)) yield { status: statuses[serving] };
    },
  });
}
