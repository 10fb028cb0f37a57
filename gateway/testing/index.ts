/** What benches use of the gateway's tests. */
export {
  dataFrame,
  headersFrame,
  http2Preface,
  openWindows,
  pingAcks,
  resetFrame,
  settingsAck,
  settingsFrame,
} from './http2-bytes.ts';
export { openTestGateway, startTestGateway } from './start-test-gateway.ts';
export { startTestUpstream } from './start-test-upstream.ts';
