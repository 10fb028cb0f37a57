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
};

/** Name of the database of the bus. */
export const busDatabase = 'bus';

const common = { database: true, bus: false, settingPrefixes: [], replicasMax: 5 } as const;
const lean = { ...common, heapMaxMib: 192, semiSpaceMaxMib: 2 } as const;
const hot = { ...common, heapMaxMib: 384, semiSpaceMaxMib: 8 } as const;

/** Every process of the system. All start at once: each waits for what it calls, saying NOT_SERVING until then. */
export const services: readonly ServiceDefinition[] = [
  {
    ...hot,
    name: 'gateway',
    main: 'gateway/main.ts',
    portBlock: 0,
    calls: [
      'user',
      'ledger',
      'market',
      'exchange',
      'order',
      'portfolio',
      'analytics',
      'auto',
      'notification',
      'mailbox',
    ],
    database: false,
    stopStage: 1,
  },
  {
    ...lean,
    name: 'user',
    main: 'services/user/main.ts',
    portBlock: 1,
    bus: true,
    settingPrefixes: ['DEFAULT_', 'PASSWORD_HASH_', 'SIGNING_KEY_'],
    calls: [],
    stopStage: 3,
  },
  {
    ...hot,
    name: 'ledger',
    main: 'services/ledger/main.ts',
    portBlock: 2,
    bus: true,
    calls: ['user', 'exchange', 'order', 'portfolio'],
    stopStage: 3,
  },
  { ...lean, name: 'market', main: 'services/market/main.ts', portBlock: 3, calls: ['user', 'exchange'], stopStage: 3 },
  {
    ...hot,
    name: 'exchange',
    main: 'services/exchange/main.ts',
    portBlock: 4,
    calls: ['user'],
    stopStage: 3,
  },
  {
    ...hot,
    name: 'order',
    main: 'services/order/main.ts',
    portBlock: 5,
    bus: true,
    calls: ['user', 'ledger', 'exchange', 'market'],
    stopStage: 2,
  },
  {
    ...lean,
    name: 'portfolio',
    settingPrefixes: ['VALUATION_'],
    main: 'services/portfolio/main.ts',
    portBlock: 6,
    calls: ['user', 'ledger', 'market'],
    stopStage: 2,
  },
  {
    ...lean,
    name: 'analytics',
    main: 'services/analytics/main.ts',
    portBlock: 7,
    database: false,
    calls: ['user', 'market'],
    stopStage: 2,
  },
  {
    ...lean,
    name: 'auto',
    main: 'services/auto/main.ts',
    portBlock: 8,
    bus: true,
    calls: ['user', 'order', 'market'],
    stopStage: 2,
  },
  {
    ...lean,
    name: 'notification',
    main: 'services/notification/main.ts',
    portBlock: 9,
    bus: true,
    calls: ['user'],
    stopStage: 2,
  },
  // One SMTP port, so one replica.
  {
    ...lean,
    name: 'mailbox',
    main: 'services/mailbox/main.ts',
    portBlock: 10,
    calls: ['user'],
    stopStage: 3,
    replicasMax: 1,
  },
  {
    ...lean,
    name: 'simulator',
    main: 'services/simulator/main.ts',
    portBlock: 11,
    calls: ['user', 'ledger', 'market', 'order'],
    stopStage: 1,
  },
];
