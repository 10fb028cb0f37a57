/** Lists of orders as JSON. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { limitTerms } from './investor.ts';

/** The terms of a bracket that rests: a buy of one share at 90.00, to be sold at 110.00 or, from 80.00 on, at 76.00 or better. */
export function bracketTerms(symbol: string): JsonObject[] {
  const stop = { type: 'ORDER_TYPE_STOP', stopPrice: '80.00' };
  const { limitPrice: _, ...sale } = limitTerms('SELL', symbol, '1', '76.00');
  return [limitTerms('BUY', symbol, '1', '90.00'), limitTerms('SELL', symbol, '1', '110.00'), { ...sale, ...stop }];
}

/** A list of a type under keys of its own. */
export function listOf(symbol: string, type = 'LIST_TYPE_BRACKET', terms = bracketTerms(symbol)): JsonObject {
  const orders = terms.map((each) => ({ clientOrderId: randomUUID(), terms: each }));
  return { clientListId: randomUUID(), type, orders };
}
