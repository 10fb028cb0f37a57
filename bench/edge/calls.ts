/** What the callers of the bench send. */
import type { OutgoingHttpHeaders } from 'node:http2';

const service = '/outcry.market.v1.MarketService';

/** A unary call, to which `{"symbol":"ACME"}` is the request. */
export const callHeaders: OutgoingHttpHeaders = {
  ':method': 'POST',
  ':path': `${service}/GetInstrument`,
  'content-type': 'application/json',
};

/** A stream that stays open; its request is one frame. */
export const streamHeaders: OutgoingHttpHeaders = {
  ':method': 'POST',
  ':path': `${service}/StreamQuotes`,
  'content-type': 'application/connect+json',
};
