/**
 * A Connect client in Node: watches a price, buys at market, and follows the position as it is revalued.
 * `npx node examples/connect-client.ts http://localhost:8080 EMAIL PASSWORD SYMBOL`
 */
import { randomUUID } from 'node:crypto';
import { createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';

const [baseUrl = 'http://localhost:8080', email = '', password = '', symbol = 'ACME'] = process.argv.slice(2);
let token = '';
const authorize: Interceptor = (next) => (request) => {
  if (token !== '') request.header.set('authorization', `Bearer ${token}`);
  return next(request);
};
const transport = createConnectTransport({ baseUrl, httpVersion: '1.1', interceptors: [authorize] });

const { tokens } = await createClient(SessionService, transport).logIn({ email, password });
token = tokens?.accessToken ?? '';

let prices = 0;
for await (const { message } of createClient(MarketService, transport).streamQuotes({ symbols: [symbol] })) {
  const quote =
    message.case === 'snapshot' ? message.value.quotes[0] : message.case === 'quote' ? message.value : undefined;
  if (quote === undefined) continue;
  console.log(`${quote.symbol}  bid ${quote.bidPrice}  ask ${quote.askPrice}  last ${quote.lastPrice}`);
  prices += 1;
  if (prices >= 3 && quote.askPrice !== '') break;
}

const { order } = await createClient(OrderService, transport).placeOrder({
  clientOrderId: randomUUID(),
  terms: { symbol, side: Side.BUY, type: OrderType.MARKET, size: { case: 'quantity', value: '5' } },
});
console.log(
  `order ${order?.orderId}: ${order?.filledQuantity} of ${order?.quantity} filled at ${order?.averageFillPrice}`,
);

let valuations = 0;
for await (const { message } of createClient(PortfolioService, transport).streamValuation({})) {
  if (message.case !== 'portfolio') continue;
  const position = message.value.positions.find((one) => one.symbol === symbol);
  console.log(`equity ${message.value.equity}  ${symbol} ${position?.quantity} worth ${position?.marketValue}`);
  valuations += 1;
  if (valuations >= 3) break;
}
process.exit();
