import type { FoundSlowCall } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { announce } from '../../frame/announce.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { Empty } from '../../ui/status.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { durationMillis, rpcText, spanText } from './process-text.ts';
import { operations } from './staff-clients.ts';

const callsMax = 30;

/** The slowest calls of the last 15 minutes, of the gateway and the services. */
export function SlowCalls() {
  const reading = useReading((signal) => operations.findSlowCalls({ callsMax }, { signal }), {
    key: 'slow calls',
    everyMs: 5_000,
  });
  return (
    <section aria-label="Slowest calls">
      <h2>Slowest calls of the last 15 minutes</h2>
      <Shown reading={reading} rows={8}>
        {({ calls, silentServices }) => (
          <>
            {silentServices.length > 0 && <p class="hint">Without those of {silentServices.join(', ')}: no answer.</p>}
            {calls.length === 0 ? <Empty>No call was answered.</Empty> : <CallTable calls={calls} />}
          </>
        )}
      </Shown>
      <p class="hint">
        Calls with one answer; streams have no length of their own. The gateway’s are as callers saw them, the others as
        the process that answered now saw them.
      </p>
    </section>
  );
}

function CallTable({ calls }: { calls: readonly FoundSlowCall[] }) {
  return (
    <ReadTable
      label="Slowest calls"
      rows={calls}
      keyOf={({ process, call }) => `${process} ${call?.traceId} ${call?.method} ${durationMillis(call?.duration)}`}
      columns={[
        { name: 'Call', cell: ({ call }) => <b>{rpcText(call?.method ?? '')}</b> },
        { name: 'Took', kind: 'number', cell: ({ call }) => spanText(durationMillis(call?.duration)) },
        { name: 'Ended', cell: ({ call }) => <TimeCell time={call?.endTime} /> },
        { name: 'Code', cell: ({ call }) => call?.code ?? '' },
        { name: 'Process', cell: ({ process }) => process },
        { name: 'Trace', kind: 'wide', cell: ({ call }) => <span class="figure">{call?.traceId}</span> },
        { name: 'Acts', kind: 'acts', cell: ({ call }) => <CopyTrace id={call?.traceId ?? ''} /> },
      ]}
    />
  );
}

function CopyTrace({ id }: { id: string }) {
  const copy = async () => {
    await navigator.clipboard?.writeText(id);
    announce('The id of the trace is copied.');
  };
  return (
    <Button isSmall aria-label={`Copy trace ${id}`} onClick={() => void copy().catch(() => {})}>
      Copy
    </Button>
  );
}
