import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { LagTable } from './lag-table.tsx';
import { LeaseTable } from './lease-table.tsx';
import { processRows } from './process-rows.ts';
import { ProcessTable } from './process-table.tsx';
import { serviceRows } from './service-rows.ts';
import { Shards } from './shards.tsx';
import { SlowCalls } from './slow-calls.tsx';
import { health, operations } from './staff-clients.ts';

/** Which services serve, who holds what, how far followers are, and the slowest calls. */
export function Services() {
  const reading = useReading(readServices, { key: 'services', everyMs: 3_000 });
  return (
    <>
      <section aria-label="Services">
        <h2>Services, as the gateway reaches them</h2>
        <Shown reading={reading} rows={12}>
          {({ rows }) => <ProcessTable rows={rows} />}
        </Shown>
        <p class="hint">The simulator serves no RPC, so it has no row here and no lease below.</p>
      </section>
      <div class="columns even">
        <section aria-label="Lags">
          <h2>Feeds, queues and outboxes of these processes</h2>
          <Shown reading={reading} rows={12}>
            {({ services }) => <LagTable services={services} />}
          </Shown>
        </section>
        <section aria-label="Leases">
          <h2>Leases</h2>
          <Shown reading={reading} rows={12}>
            {({ services }) => <LeaseTable services={services} />}
          </Shown>
        </section>
      </div>
      <section aria-label="Shards">
        <h2>Shards of the exchange, and lag of its standbys</h2>
        <Shards />
      </section>
      <SlowCalls />
    </>
  );
}

async function readServices(signal: AbortSignal) {
  const [known, { services }] = await Promise.all([
    health.list({}, { signal }),
    operations.describeServices({}, { signal }),
  ]);
  return { services, rows: processRows(serviceRows(known), services) };
}
