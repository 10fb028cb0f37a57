import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { Flag } from './flag.tsx';
import type { ProcessRow } from './process-rows.ts';
import { roleText } from './process-text.ts';

/** Each service: whether it serves, and the process of it that answered. */
export function ProcessTable({ rows }: { rows: readonly ProcessRow[] }) {
  return (
    <ReadTable
      label="Services"
      rows={rows}
      keyOf={({ service }) => service}
      columns={[
        { name: 'Service', cell: ({ service }) => <b>{service}</b> },
        { name: 'State', cell: (row) => <State row={row} /> },
        { name: 'Process', cell: ({ process }) => process?.name ?? '–' },
        { name: 'Release', cell: ({ process }) => process?.release || '–' },
        { name: 'Since', cell: ({ process }) => <TimeCell time={process?.startTime} /> },
        { name: 'Contracts that are not served', kind: 'wide', cell: ({ missing }) => missing.join(', ') || 'none' },
      ]}
    />
  );
}

function State({ row: { isServing, failure, process } }: { row: ProcessRow }) {
  const role = process && roleText(process.role);
  return (
    <>
      {isServing ? <span>serves</span> : <Flag>DOWN</Flag>} {failure !== '' && <Flag>NO ANSWER: {failure}</Flag>}
      {role !== undefined && <span> {role}</span>}
    </>
  );
}
