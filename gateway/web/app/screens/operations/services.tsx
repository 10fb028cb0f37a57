import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { serviceRows } from './service-rows.ts';
import { Shards } from './shards.tsx';
import { health } from './staff-clients.ts';

/** Which services serve, and who holds the exchange's shards. */
export function Services() {
  const reading = useReading(async (signal) => serviceRows(await health.list({}, { signal })), {
    key: 'health',
    everyMs: 2_000,
  });
  return (
    <div class="columns even">
      <section aria-label="Services">
        <h2>Services, as the gateway reaches them</h2>
        <Shown reading={reading} rows={10}>
          {(rows) => (
            <ReadTable
              label="Services"
              rows={rows}
              keyOf={({ name }) => name}
              columns={[
                { name: 'Service', cell: ({ name }) => <b>{name}</b> },
                { name: 'State', cell: ({ isServing }) => <Serving isServing={isServing} /> },
                {
                  name: 'Contracts that are not served',
                  kind: 'wide',
                  cell: ({ contracts }) =>
                    contracts
                      .filter(({ isServing }) => !isServing)
                      .map(({ name }) => name)
                      .join(', ') || 'none',
                },
              ]}
            />
          )}
        </Shown>
      </section>
      <section aria-label="Shards">
        <h2>Leases of the exchange, and lag of its standbys</h2>
        <Shards />
        <p class="hint">
          Leases and lags of the other services, and the slowest calls, are in the metrics and traces of each process:
          no call of the API answers them.
        </p>
      </section>
    </div>
  );
}

function Serving({ isServing }: { isServing: boolean }) {
  return isServing ? <span>serves</span> : <b class="inverted flag">DOWN</b>;
}
