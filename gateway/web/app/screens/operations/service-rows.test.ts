import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { HealthListResponseSchema, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import { serviceRows } from './service-rows.ts';

describe('serviceRows', () => {
  it('has a row for each service, which serves when all of it does', () => {
    const rows = serviceRows(
      create(HealthListResponseSchema, {
        statuses: {
          '': { status: Status.SERVING },
          'outcry.user.v1.UserService': { status: Status.SERVING },
          'outcry.user.v1.SessionService': { status: Status.NOT_SERVING },
          'outcry.audit.v1.AuditService': { status: Status.SERVING },
        },
      }),
    );
    expect(rows.map(({ name, isServing }) => [name, isServing])).toEqual([
      ['audit', true],
      ['user', false],
    ]);
    expect(rows[1]?.contracts).toHaveLength(2);
  });
});
