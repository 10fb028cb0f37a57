/** What benches use of the gateway's tests. */
export { type Fakes, startTestGateway, type TestGateway } from './start-test-gateway.ts';
