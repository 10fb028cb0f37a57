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
  /** Whether it owns a database and uses the bus. */
  database: boolean;
  /** Stops in this order: 1 what brings load in, 2 what reacts, 3 what the others need to finish. */
  stopStage: 1 | 2 | 3;
  /** The most replicas it may have. */
  replicasMax: number;
  /** Bound of its JavaScript heap. */
  heapMaxMib: number;
  /** Bound of one half of the heap's young generation: larger costs memory, smaller costs throughput. */
  semiSpaceMaxMib: number;
};

const LEAN = { database: true, settingPrefixes: [], replicasMax: 5, heapMaxMib: 192, semiSpaceMaxMib: 2 } as const;
const HOT = { database: true, settingPrefixes: [], replicasMax: 5, heapMaxMib: 384, semiSpaceMaxMib: 8 } as const;

/** Every process of the system. All start at once: each waits for what it calls, saying NOT_SERVING until then. */
export const SERVICES: readonly ServiceDefinition[] = [
  {
    ...HOT,
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
      'simulator',
    ],
    database: false,
    stopStage: 1,
  },
  {
    ...LEAN,
    name: 'user',
    main: 'services/user/main.ts',
    portBlock: 1,
    settingPrefixes: ['DEFAULT_', 'PASSWORD_HASH_', 'SIGNING_KEY_'],
    calls: [],
    stopStage: 3,
  },
  {
    ...HOT,
    name: 'ledger',
    main: 'services/ledger/main.ts',
    portBlock: 2,
    calls: ['user', 'exchange', 'order', 'portfolio', 'market'],
    stopStage: 3,
  },
  { ...LEAN, name: 'market', main: 'services/market/main.ts', portBlock: 3, calls: ['user', 'exchange'], stopStage: 3 },
  {
    ...HOT,
    name: 'exchange',
    main: 'services/exchange/main.ts',
    portBlock: 4,
    calls: ['user', 'market'],
    stopStage: 3,
  },
  {
    ...HOT,
    name: 'order',
    main: 'services/order/main.ts',
    portBlock: 5,
    calls: ['user', 'ledger', 'exchange', 'market'],
    stopStage: 2,
  },
  {
    ...LEAN,
    name: 'portfolio',
    settingPrefixes: ['VALUATION_'],
    main: 'services/portfolio/main.ts',
    portBlock: 6,
    calls: ['user', 'ledger', 'market'],
    stopStage: 2,
  },
  {
    ...LEAN,
    name: 'analytics',
    main: 'services/analytics/main.ts',
    portBlock: 7,
    calls: ['user', 'market'],
    stopStage: 2,
  },
  {
    ...LEAN,
    name: 'auto',
    main: 'services/auto/main.ts',
    portBlock: 8,
    calls: ['user', 'order', 'market'],
    stopStage: 2,
  },
  { ...LEAN, name: 'notification', main: 'services/notification/main.ts', portBlock: 9, calls: ['user'], stopStage: 2 },
  // One SMTP port, so one replica.
  {
    ...LEAN,
    name: 'mailbox',
    main: 'services/mailbox/main.ts',
    portBlock: 10,
    calls: ['user'],
    stopStage: 3,
    replicasMax: 1,
  },
  {
    ...LEAN,
    name: 'simulator',
    main: 'services/simulator/main.ts',
    portBlock: 11,
    calls: ['user', 'ledger', 'market', 'order', 'exchange'],
    stopStage: 1,
  },
];
