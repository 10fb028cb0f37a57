/** The processes of the system: what each needs is declared by itself (its needs.ts), how it runs on one machine here. */
import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';
import { needs as gateway } from '../../gateway/needs.ts';
import { needs as analytics } from '../../services/analytics/needs.ts';
import { needs as audit } from '../../services/audit/needs.ts';
import { needs as auto } from '../../services/auto/needs.ts';
import { needs as exchange } from '../../services/exchange/needs.ts';
import { needs as ledger } from '../../services/ledger/needs.ts';
import { needs as mailbox } from '../../services/mailbox/needs.ts';
import { needs as market } from '../../services/market/needs.ts';
import { needs as notification } from '../../services/notification/needs.ts';
import { needs as order } from '../../services/order/needs.ts';
import { needs as portfolio } from '../../services/portfolio/needs.ts';
import { needs as simulator } from '../../services/simulator/needs.ts';
import { needs as user } from '../../services/user/needs.ts';

/** A process of the system, as `npm start` runs it. */
export type ServiceDefinition = {
  /** Name of the service; also its folder, its database and the prefix of its environment variables. */
  name: string;
  /** Entry point, relative to the project's folder. */
  main: string;
  /** Its place in the port scheme (see ports.ts); 0 is the gateway. */
  portBlock: number;
  /** Services that it calls; it gets their addresses. */
  calls: readonly string[];
  /** How the names of its settings begin, beside its own name. */
  settingPrefixes: readonly string[];
  /** Whether it has a database of its own. */
  database: boolean;
  /** The folder of its migrations; without one it has the tables of the platform only, or no database. */
  migrations: URL | undefined;
  /** Whether it derives secrets from one of its own. */
  secret: boolean;
  /** Whether it publishes events on the bus or reacts to them. */
  bus: boolean;
  /** Stops in this order: 1 what brings load in, 2 what reacts, 3 what the others need to finish. */
  stopStage: 1 | 2 | 3;
  /** The most replicas it may have. */
  replicasMax: number;
  /** Bound of its JavaScript heap. */
  heapMaxMib: number;
  /** Bound of one half of the heap's young generation: larger costs memory, smaller costs throughput. */
  semiSpaceMaxMib: number;
  /** Priority once it is ready, as nice counts it, 0 to 19: what no one waits for gives way to what people wait for. */
  niceness: number;
  /** Threads of the garbage collector and the compiler beside the main one. */
  engineThreads: number;
};

/** Name of the database of the bus. */
export const busDatabase = 'bus';

/** How a service runs on one machine. */
type Deployment = Omit<ServiceDefinition, 'name' | 'main' | 'calls' | 'database' | 'migrations' | 'secret' | 'bus'>;

const common = { settingPrefixes: [], replicasMax: 5, niceness: 0 } as const;
const yielding = { niceness: 10 } as const;
/** With 1 MiB, collections took 11 and 18 % of the time of market and notification while people traded. */
const manyShortLived = { semiSpaceMaxMib: 8 } as const;
const lean = { ...common, heapMaxMib: 192, semiSpaceMaxMib: 1, engineThreads: 1 } as const;
const hot = { ...common, heapMaxMib: 384, semiSpaceMaxMib: 16, engineThreads: 4 } as const;

/** Every process of the system. All start at once: each is NOT_SERVING until the services that it calls answer. */
export const services: readonly ServiceDefinition[] = [
  define(gateway, { ...hot, portBlock: 0, stopStage: 1 }),
  define(user, {
    ...lean,
    portBlock: 1,
    stopStage: 3,
    settingPrefixes: ['DEFAULT_', 'PASSWORD_HASH_', 'SIGNING_KEY_'],
  }),
  define(ledger, { ...hot, portBlock: 2, stopStage: 3 }),
  define(market, { ...lean, ...manyShortLived, portBlock: 3, stopStage: 3 }),
  define(exchange, { ...hot, portBlock: 4, stopStage: 3 }),
  define(order, { ...hot, portBlock: 5, stopStage: 2 }),
  define(portfolio, { ...lean, portBlock: 6, stopStage: 2, settingPrefixes: ['VALUATION_'] }),
  define(analytics, { ...lean, ...yielding, portBlock: 7, stopStage: 2 }),
  define(auto, { ...lean, portBlock: 8, stopStage: 2 }),
  define(notification, { ...lean, ...yielding, ...manyShortLived, portBlock: 9, stopStage: 2 }),
  // One SMTP port, so one replica.
  define(mailbox, { ...lean, ...yielding, portBlock: 10, stopStage: 3, replicasMax: 1 }),
  define(simulator, { ...lean, portBlock: 11, stopStage: 1 }),
  // It lets those that trade go first.
  // A pass has all that is open at once: 100 MB of heap with 23,000 open orders.
  define(audit, { ...lean, ...yielding, heapMaxMib: 384, portBlock: 13, stopStage: 1 }),
];

function define({ name, database, bus, secret, calls }: ServiceNeeds, deployment: Deployment): ServiceDefinition {
  const main = name === 'gateway' ? 'gateway/main.ts' : `services/${name}/main.ts`;
  const stores = { database: database !== undefined, migrations: database?.migrations, bus: bus !== undefined };
  return { name, main, calls, secret: secret ?? false, ...stores, ...deployment };
}
