import { OrderType, SelfTrade, Side, TimeInForce } from '../model/codes.ts';

/** The terms of a new order as whole numbers. Instances are reused, so that a command allocates nothing. */
export class NewOrder {
  /** The order's key outside of matching: small and dense from 0, because it is an index. */
  key = 0;
  /** Number of the book. */
  book = 0;
  account = 0;
  group = 0;
  side: number = Side.BUY;
  type: number = OrderType.LIMIT;
  timeInForce: number = TimeInForce.GTC;
  selfTrade: number = SelfTrade.CANCEL_NEWEST;
  price = 0;
  quantity = 0;
  postOnly = false;
  slide = false;
  stopPrice = 0;
  trailTicks = 0;
  trailBps = 0;
  display = 0;
  minimum = 0;
  expireTimeMs = 0;
  /** Name of a session; empty: none. */
  session = '';
  /** Whether a price beyond the band counts as the band's edge. */
  withinBand = false;
  /** Greatest sum of lots x ticks of its trades; 0: none. */
  valueMax = 0;

  /** Resets the fields that a plain limit order does not use. */
  setPlain(): void {
    this.type = OrderType.LIMIT;
    this.postOnly = false;
    this.slide = false;
    this.stopPrice = 0;
    this.trailTicks = 0;
    this.trailBps = 0;
    this.display = 0;
    this.minimum = 0;
    this.expireTimeMs = 0;
    this.session = '';
    this.withinBand = false;
    this.valueMax = 0;
  }
}
