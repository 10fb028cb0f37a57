import type { DescribedService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { Empty } from '../../ui/status.tsx';
import { leaseRows, withoutLeases } from './process-rows.ts';
import { leftText } from './process-text.ts';

/** Who holds what exists once, in each service. */
export function LeaseTable({ services }: { services: readonly DescribedService[] }) {
  const rows = leaseRows(services);
  const unknown = withoutLeases(services);
  return (
    <>
      {unknown.length > 0 && <p class="hint">Not known at the moment: {unknown.join(', ')}.</p>}
      {rows.length === 0 ? (
        <Empty>No service holds a lease.</Empty>
      ) : (
        <ReadTable
          label="Leases"
          rows={rows}
          keyOf={({ service, lease }) => `${service} ${lease.name}`}
          columns={[
            { name: 'Service', cell: ({ service }) => <b>{service}</b> },
            { name: 'Lease', cell: ({ lease }) => lease.name },
            { name: 'Held by', kind: 'wide', cell: ({ lease }) => lease.holder },
            { name: 'Token', kind: 'number', cell: ({ lease }) => lease.token.toLocaleString('en') },
            { name: 'Left', kind: 'number', cell: ({ lease }) => leftText(lease.remaining) },
          ]}
        />
      )}
    </>
  );
}
