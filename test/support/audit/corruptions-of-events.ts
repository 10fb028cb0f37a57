/** What events are changed to that wait in an outbox or on the bus, or that they are lost. */
import { type Corruption, change, newId, proved, remove } from './corruption.ts';

/** Amount and price of the events that wait for the bus. */
export const waitingAmount = '123.45';
export const waitingPrice = '100.07';
/** Amount of the deposit whose event waits on the bus. */
export const unreadAmount = '7.77';
/** Name of the automation whose events wait. */
export const waitingName = 'waits for a trade';
/** Begin of the address of the person whose events wait and of whom no other service has heard. */
export const unheardOf = 'waiting-';

const deposited = `type LIKE '%DepositCompleted'`;
const filled = `type LIKE '%OrderFilled'`;
const runFinished = `type LIKE '%RunFinished'`;
const alertRaised = `type LIKE '%AlertRaised'`;
// Texts of the same length, so that the message stays one.
const replaced = (text: string, other: string) =>
  `decode(replace(encode(payload, 'hex'), encode('${text}', 'hex'), encode('${other}', 'hex')), 'hex')`;
/** Events with the text; others of their type may wait too. */
const having = (text: string) => `encode(payload, 'hex') LIKE '%' || encode('${text}', 'hex') || '%'`;
const unread = `${deposited} AND ${having(unreadAmount)}`;
const anotherAmount = replaced(waitingAmount, '900.55');
const anotherPrice = replaced(waitingPrice, '100.09');

/** All of them. */
export const corruptionsOfEvents: readonly Corruption[] = [
  // Events that wait for the bus.
  change(
    'ledger platform.outbox',
    `${deposited} AND ${having(waitingAmount)}`,
    `payload = ${anotherAmount}`,
    'sequence',
  ),
  change('ledger platform.outbox', deposited, `key = ${newId}`, 'sequence'),
  change('ledger platform.outbox', deposited, `type = 'outcry.ledger.v1.WithdrawalCompleted'`, 'sequence'),
  change('ledger platform.outbox', deposited, `id = ${newId}`, 'sequence', proved),
  change('order platform.outbox', filled, `payload = set_byte(payload, length(payload) - 1, 255)`, 'sequence'),
  change('order platform.outbox', `${filled} AND ${having(waitingPrice)}`, `payload = ${anotherPrice}`, 'sequence'),
  change('order platform.outbox', filled, `type = 'outcry.order.v1.OrderMoved'`, 'sequence'),
  change('order platform.outbox', filled, `create_time = create_time + interval '1 second'`, 'sequence', proved),
  {
    ...change('order platform.outbox', filled, '', 'sequence'),
    change: { copyWith: { sequence: '999999', key: newId } },
    key: `'999999'`,
  },
  change('auto platform.outbox', runFinished, `payload = ${replaced('waits for', 'waits not')}`, 'sequence'),
  change('auto platform.outbox', alertRaised, `payload = ${replaced('a trade', 'a price')}`, 'sequence'),
  change('auto platform.outbox', alertRaised, `key = ${newId}`, 'sequence'),
  change('auto platform.outbox', runFinished, `create_time = create_time + interval '1 second'`, 'sequence', proved),
  // Events that are lost: what happened has its message no more.
  remove('ledger platform.outbox', deposited, 'id'),
  remove('order platform.outbox', filled, 'id'),
  remove('order platform.outbox', `type LIKE '%OrderOpened' AND ${having('90.01')}`, 'id'),
  remove('order platform.outbox', `type LIKE '%OrderEnded'`, 'id'),
  remove('auto platform.outbox', runFinished, 'id'),
  remove('auto platform.outbox', alertRaised, 'id'),
  remove('user platform.outbox', `type LIKE '%AccountConditionsChanged'`, 'id'),
  remove('user platform.outbox', `type LIKE '%UserRegistered'`, 'id'),
  remove('bus bus.log', unread, 'id', { namedAs: 'ledger outbox' }),
  change('bus bus.log', unread, `id = ${newId}`, 'id', { namedAs: 'ledger outbox' }),
];
