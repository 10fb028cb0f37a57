/** What tests and benches use to run the system: the second entrance of the supervisor. */
export { type RunningSystem, type StartSystemOptions, startSystem } from './start-system.ts';
