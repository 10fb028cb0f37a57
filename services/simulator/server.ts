/** House traders that quote and trade through the public contract; one process holds the lease and trades. */
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { holdLease, type Lease } from '#platform/postgres/lease.ts';
import { logRetry } from '#platform/telemetry/log-retry.ts';
import type { SimulatorConfig } from './config.ts';
import type { needs } from './needs.ts';
import type { SimulatorClients } from './traders/clients.ts';
import { systemClock } from './traders/clock.ts';
import { runSession } from './traders/session.ts';

const retryMs = 1_000;

/** Starts the simulator inside `app`; it is ready at once and trades as soon as the others are. */
export async function createSimulator(app: AppOf<typeof needs>, config: SimulatorConfig): Promise<void> {
  const { db, logger, metrics, clock } = app;
  const clients = openClients(app);
  const whileHeld = ({ signal }: Lease) =>
    tradeWhileHeld({
      ...{ clients, ...config, clock: systemClock, marketSpeed: clock.speed, metrics, logger, signal },
    });
  const holder = uuidV7();
  const held = inRole(app, (signal) => [holdLease({ db, name: 'simulator', holder, logger, signal, whileHeld })]);
  app.onDrain(() => held);
  app.ready();
}

async function tradeWhileHeld(options: Parameters<typeof runSession>[0]): Promise<void> {
  while (!options.signal.aborted) {
    try {
      await runSession(options);
    } catch (error) {
      if (options.signal.aborted) return;
      logRetry(options.logger, {}, error, 'the house cannot trade at the moment; it tries again');
      await systemClock.sleep(retryMs, options.signal).catch(() => {});
    }
  }
}

function openClients({ clientOf }: AppOf<typeof needs>): SimulatorClients {
  return {
    users: clientOf(UserInternalService),
    ledger: clientOf(LedgerInternalService),
    balances: clientOf(LedgerService),
    market: clientOf(MarketService),
    orders: clientOf(OrderService),
  };
}
