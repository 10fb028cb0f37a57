/** The audit as a running service: its passes and its RPCs. */
import { AutoAuditService } from '#gen/outcry/auto/v1/audit_pb.ts';
import { ExchangeAuditService } from '#gen/outcry/exchange/v1/audit_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { LedgerAuditService } from '#gen/outcry/ledger/v1/audit_pb.ts';
import { NotificationAuditService } from '#gen/outcry/notification/v1/audit_pb.ts';
import { OrderAuditService } from '#gen/outcry/order/v1/audit_pb.ts';
import { PortfolioAuditService } from '#gen/outcry/portfolio/v1/audit_pb.ts';
import { UserAuditService } from '#gen/outcry/user/v1/audit_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { inRole } from '#platform/lifecycle/in-role.ts';
import { joinOnShutdown } from '#platform/lifecycle/join-on-shutdown.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { serveRpc } from '#platform/lifecycle/serve-rpc.ts';
import { createStores } from './clients/stores.ts';
import type { AuditConfig } from './config.ts';
import type { AuditDeps } from './deps.ts';
import { auditPeriodically } from './jobs/audit-periodically.ts';
import type { needs } from './needs.ts';
import { createAuditor } from './passes/auditor.ts';
import { auditBindings } from './rpc/bindings.ts';

/** Parts that tests replace. */
export type AuditOverrides = { nowMs?: () => number };

/** The running audit; it ends with its app. */
export type RunningAudit = { port: number; deps: AuditDeps };

/** Starts the audit inside the app and reports it ready. The services that it reads may start later and stop at any time. */
export async function createAuditService(
  app: AppOf<typeof needs>,
  { shards, everyMs }: AuditConfig,
  { nowMs: machineMs }: AuditOverrides = {},
): Promise<RunningAudit> {
  const { db, bus, logger, metrics, name } = app;
  const nowMs = machineMs ?? Date.now;
  const clock = machineMs === undefined ? app.clock : undefined;
  const stores = createStores(
    {
      ledger: app.clientOf(LedgerAuditService),
      order: app.clientOf(OrderAuditService),
      portfolio: app.clientOf(PortfolioAuditService),
      exchange: app.clientOf(ExchangeAuditService),
      user: app.clientOf(UserAuditService),
      notification: app.clientOf(NotificationAuditService),
      auto: app.clientOf(AutoAuditService),
    },
    logger,
  );
  const feed = app.clientOf(ExchangeFeedService);
  const auditor = createAuditor({ db, bus, stores, feed, shards, logger, metrics, nowMs, clock });
  const deps: AuditDeps = { db, auditor, nowMs };
  const server = await serveRpc(app, { bindings: auditBindings(deps), authenticator: app.authenticator });
  const holder = `${name} ${uuidV7()}`;
  joinOnShutdown(
    app,
    inRole(app, (signal) => [auditPeriodically({ ...deps, holder, everyMs, logger, signal })]),
  );
  app.ready();
  return { port: server.port, deps };
}
