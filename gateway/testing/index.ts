/** What benches use of the gateway's tests. */
export { openTestGateway, startTestGateway } from './start-test-gateway.ts';
export { startTestUpstream } from './start-test-upstream.ts';
