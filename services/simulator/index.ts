/** What the simulated day uses of the simulator; nothing else of it is imported from outside. */
export type { SimulatorClients } from './traders/clients.ts';
export type { Clock } from './traders/clock.ts';
export { runSession } from './traders/session.ts';
