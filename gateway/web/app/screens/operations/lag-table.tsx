import type { DescribedService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { Empty } from '../../ui/status.tsx';
import { Flag } from './flag.tsx';
import { lagRows } from './process-rows.ts';

/** How far processes are behind what they follow, and what they have not published yet. */
export function LagTable({ services }: { services: readonly DescribedService[] }) {
  const rows = lagRows(services);
  if (rows.length === 0) return <Empty>No process that answered follows or publishes anything.</Empty>;
  return (
    <ReadTable
      label="Lags"
      rows={rows}
      keyOf={({ service, what }) => `${service} ${what}`}
      columns={[
        { name: 'Process', cell: ({ process }) => <b>{process}</b> },
        { name: 'What', cell: ({ what }) => what },
        {
          name: 'How far',
          kind: 'wide',
          cell: ({ text, isLate }) => (isLate ? <Flag>LATE: {text}</Flag> : text),
        },
      ]}
    />
  );
}
