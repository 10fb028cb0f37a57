import { auditBench } from './audit/audit-bench.ts';
import { baselineBench } from './baseline/baseline-bench.ts';
import type { Bench } from './bench.ts';
import { busBench } from './bus/bus-bench.ts';
import { edgeBench } from './edge/edge-bench.ts';
import { exchangeBench } from './exchange/exchange-bench.ts';
import { failoverBench } from './failover/failover-bench.ts';
import { gatewayBench } from './gateway/gateway-bench.ts';
import { growthBench } from './growth/growth-bench.ts';
import { ledgerBench } from './ledger/ledger-bench.ts';
import { matchingBench } from './matching/matching-bench.ts';
import { notificationBench } from './notification/notification-bench.ts';
import { ordersBench } from './orders/orders-bench.ts';
import { recoveryBench } from './recovery/recovery-bench.ts';
import { startBench } from './start/start-bench.ts';
import { streamsBench } from './streams/streams-bench.ts';
import { tradingBench } from './trading/trading-bench.ts';
import { webBench } from './web/web-bench.ts';

/** Every bench, in the order in which they are listed. */
export const benches: readonly Bench[] = [
  startBench,
  ordersBench,
  baselineBench,
  matchingBench,
  exchangeBench,
  ledgerBench,
  auditBench,
  busBench,
  recoveryBench,
  failoverBench,
  growthBench,
  tradingBench,
  edgeBench,
  gatewayBench,
  streamsBench,
  notificationBench,
  webBench,
];
