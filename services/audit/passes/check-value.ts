import { type FrozenTerms, valueMaxOf } from '../domain/expected-order.ts';
import type { OrderShadow } from '../domain/order-shadow.ts';
import type { PassContext } from './context.ts';

/** The exchange was given the value that an order's amount pays for, and has traded no more than that. */
export function checkValue({ findings }: Pick<PassContext, 'findings'>, order: OrderShadow, terms: FrozenTerms): void {
  const { orderId, traded, valueMax = 0n } = order;
  const subject = `exchange order ${orderId}`;
  const expectedMax = valueMaxOf(terms);
  if (valueMax !== expectedMax) {
    const texts = { expected: `value_max ${expectedMax}`, found: `value_max ${valueMax}` };
    findings.add({ rule: 'value-follows-the-amount', subject, ...texts });
  }
  const tradedValue = traded.maker + traded.taker;
  if (expectedMax > 0n && tradedValue > expectedMax) {
    const texts = { expected: `trades of ${expectedMax} at most`, found: `trades of ${tradedValue}` };
    findings.add({ rule: 'order-trades-within-its-value', subject, ...texts });
  }
}
