/** What benches use of the gateway's tests. */
export { startTestGateway } from './start-test-gateway.ts';
