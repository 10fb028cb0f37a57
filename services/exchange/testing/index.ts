/** What benches use to run exchanges in processes of their own: the second entrance of the exchange. */
export { type ExchangeProcess, startProcess, untilBuilt, untilServing } from './exchange-process.ts';
export { emptyReport, type LoadReport, sendOrders } from './load.ts';
export { createOperator, type Operator } from './operator.ts';
export { acme, readFeed } from './requests.ts';
export { connectExchange, type ExchangeClients } from './running-exchange.ts';
