/** The health of services as the gateway reports it, a row for each process family. */
import { type HealthListResponse, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';

/** A service with what of it is served. */
export type ServiceRow = { name: string; isServing: boolean; contracts: { name: string; isServing: boolean }[] };

/** Rows by service in alphabetical order; one whose contracts are not all served is not serving. */
export function serviceRows({ statuses }: Pick<HealthListResponse, 'statuses'>): ServiceRow[] {
  const known = Object.entries(statuses).flatMap(([contract, { status }]) => {
    const [, name, short] = /^outcry\.(\w+)\.v\d+\.(\w+)$/.exec(contract) ?? [];
    return name === undefined || short === undefined
      ? []
      : [{ name, contract: short, isServing: status === Status.SERVING }];
  });
  return [...Map.groupBy(known, ({ name }) => name)]
    .map(([name, rows]) => ({
      name,
      isServing: rows.every(({ isServing }) => isServing),
      contracts: rows.map(({ contract, isServing }) => ({ name: contract, isServing })),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
