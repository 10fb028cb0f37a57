/** What benches and the tests of the whole system use of the exchange: its only entrance from outside, beside `testing/index.ts`. */
export { Engine, ruleVersion } from './engine/engine.ts';
export { readEvents } from './engine/event-reader.ts';
export { MatchingEngine } from './engine/matching/matching-engine.ts';
export { NewOrder } from './engine/matching/new-order.ts';
export { openOffset, orderWords, priceOffset, quantityOffset, revisionOffset } from './engine/matching/order-table.ts';
export {
  CancelReason,
  ListType,
  none,
  OrderType,
  Reason,
  SelfTrade,
  Side,
  TimeInForce,
  TradingState,
} from './engine/model/codes.ts';
export {
  type Command,
  noBreaker,
  type Outcome,
  plainChange,
  plainTerms,
  type ReplaceCommand,
  type SubmitCommand,
  type SubmitListCommand,
} from './engine/model/commands.ts';
export { EventFlag, EventKind, eventWords } from './engine/model/event-buffer.ts';
export type { EngineEvent } from './engine/model/events.ts';
export { captureState } from './engine/state-image.ts';
export { needs } from './needs.ts';
export { Matcher } from './replication/matcher.ts';
export { recover } from './replication/recover.ts';
export { readSubmit } from './rpc/messages/read-submit.ts';
export { encodeImage } from './snapshot/encode-image.ts';
export { appendGroup } from './store/append-group.ts';
export { takeOver } from './store/take-over.ts';
