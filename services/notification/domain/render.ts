/** Facts as plain text. */
import type { Composed } from './composed.ts';
import type { Fact } from './fact.ts';
import type { MessageKind } from './kinds.ts';
import { composeFill, composeFills, composeOrder } from './render-order.ts';

/** A message before it is addressed. */
export type Rendered = { kind: MessageKind; subject: string; text: string };

const subjectLengthMax = 200;

/** The message about a fact. The subject is one line of at most 200 characters; a fill's has the word "filled". */
export function render(fact: Fact): Rendered {
  return finish(compose(fact));
}

/** The e-mail about a fact, as `render`; that of a fill is about all fills of its order so far. */
export function renderMail(fact: Fact): Rendered {
  return finish(fact.type === 'order-filled' ? composeFills(fact) : compose(fact));
}

function finish({ kind, subject, lines }: Composed): Rendered {
  return { kind, subject: oneLine(subject), text: lines.filter((line) => line !== '').join('\n') };
}

function compose(fact: Fact): Composed {
  switch (fact.type) {
    case 'registered':
      return {
        kind: 'welcome',
        subject: 'Welcome to Outcry',
        lines: [
          'Your account is open.',
          'Deposit cash, watch prices, and place your first order.',
          'You may choose which messages reach you in your preferences.',
        ],
      };
    case 'log-ins-failed':
      return composeFailedLogIns(fact);
    case 'api-key-made':
      return composeApiKey(fact);
    case 'order-opened':
    case 'order-ended':
      return composeOrder(fact);
    case 'order-filled':
      return composeFill(fact);
    case 'deposited':
    case 'withdrawn':
      return composeTransfer(fact);
    case 'adjusted':
      return composeAdjustment(fact);
    case 'alert':
      return composeAlert(fact);
    case 'run':
      return composeRun(fact);
    default:
      return fact satisfies never;
  }
}

function composeFailedLogIns(fact: Extract<Fact, { type: 'log-ins-failed' }>): Composed {
  const { failedCount, firstTimeMs, lastTimeMs } = fact;
  return {
    kind: 'security',
    subject: `Wrong passwords for your account: ${failedCount} log-ins failed`,
    lines: [
      `A wrong password was entered for your account ${failedCount} times between ${utc(firstTimeMs)} and ${utc(lastTimeMs)}.`,
      'Your account is not locked: your own password works as before.',
      'If this was not you, make sure that you use this password nowhere else, or change it.',
    ],
  };
}

function composeApiKey(fact: Extract<Fact, { type: 'api-key-made' }>): Composed {
  const { name, prefix, scopes, allowedNetworks, expireTimeMs } = fact;
  const end = expireTimeMs === undefined ? 'It has no end.' : `It ends at ${utc(expireTimeMs)}.`;
  const networks = allowedNetworks.length === 0 ? 'any address' : allowedNetworks.join(', ');
  return {
    kind: 'security',
    subject: `An API key was made for your account: ${name}`,
    lines: [
      `The API key "${name}", which begins with ${prefix}, may act for you: ${scopes.join(', ')}.`,
      `It may be used from ${networks}. ${end}`,
      'If this was not you, revoke the key, change your password and log out everywhere.',
    ],
  };
}

function composeTransfer(fact: Extract<Fact, { type: 'deposited' | 'withdrawn' }>): Composed {
  const { amount, currency, transferId } = fact;
  const isDeposit = fact.type === 'deposited';
  return {
    kind: 'transfer',
    subject: `${isDeposit ? 'Deposit' : 'Withdrawal'} booked: ${amount} ${currency}`,
    lines: [
      `${amount} ${currency} ${isDeposit ? 'came into' : 'left'} your account.`,
      `${isDeposit ? 'Deposit' : 'Withdrawal'}: ${transferId}`,
    ],
  };
}

function composeAdjustment({ asset, amount, reason, adjustmentId }: Extract<Fact, { type: 'adjusted' }>): Composed {
  const isTaken = amount.startsWith('-');
  const quantity = `${isTaken ? amount.slice(1) : amount} ${asset}`;
  return {
    kind: 'transfer',
    subject: `Account corrected: ${quantity} ${isTaken ? 'taken' : 'added'}`,
    lines: [
      `An administrator corrected your account: ${quantity} ${isTaken ? 'left' : 'came into'} it.`,
      sentence(reason),
      `Adjustment: ${adjustmentId}`,
    ],
  };
}

function composeAlert(fact: Extract<Fact, { type: 'alert' }>): Composed {
  const { name, symbol, direction, threshold, price, note } = fact;
  return {
    kind: 'alert',
    subject: `Alert: ${symbol} is at ${price}`,
    lines: [note, `${symbol} traded at ${price}, which is ${direction} ${threshold}.`, `Alert: ${name}`],
  };
}

function composeRun(fact: Extract<Fact, { type: 'run' }>): Composed {
  const { name, outcome, orderId, reason, worked } = fact;
  switch (outcome) {
    case 'done':
      if (worked !== undefined) return composeWorked(name, worked, reason);
      return {
        kind: 'automation',
        subject: `Automation ran: ${name}`,
        lines: [`"${name}" placed an order for you.`, orderId && `Order: ${orderId}`],
      };
    case 'refused':
      return {
        kind: 'automation',
        subject: `Automation refused: ${name}`,
        lines: [`"${name}" ran, but its order was refused.`, sentence(reason)],
      };
    case 'missed':
      return {
        kind: 'automation',
        subject: `Automation missed: ${name}`,
        lines: [`"${name}" was due while it could not run, and was left out.`],
      };
    default:
      return outcome satisfies never;
  }
}

function composeWorked(
  name: string,
  { quantity, filledQuantity, placedCount }: NonNullable<Extract<Fact, { type: 'run' }>['worked']>,
  refusal: string,
): Composed {
  return {
    kind: 'automation',
    subject: `Automation ran: ${name}`,
    lines: [
      `"${name}" worked your order in slices: ${filledQuantity} of ${quantity} shares traded.`,
      `Orders placed: ${placedCount}`,
      refusal && `Others were refused. Last reason: ${refusal}`,
    ],
  };
}

function sentence(reason: string): string {
  return reason === '' ? '' : `Reason: ${reason}`;
}

// To the minute: 2026-11-28 14:05 UTC.
function utc(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

// A name that people have chosen must not begin another header, nor be of any length.
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > subjectLengthMax ? `${line.slice(0, subjectLengthMax - 1)}…`.toWellFormed() : line;
}
