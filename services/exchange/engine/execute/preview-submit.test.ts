import { describe, expect, it } from 'vitest';
import { Reason, SelfTrade, Side, TimeInForce } from '../model/codes.ts';
import { createDriver, order } from '../testing/driver.ts';

describe('previewSubmit', () => {
  it('counts the own orders of an account that it knows, as they end a fill-or-kill order', () => {
    const { submit, engine } = createDriver();
    const sell = { side: Side.SELL, priceTicks: 100, selfTrade: SelfTrade.CANCEL_NEWEST };
    submit(1, { ...sell, accountId: 'a' });
    const fok = { timeInForce: TimeInForce.FOK, priceTicks: 100 };
    const preview = (accountId: string) => engine.preview(order(2, { ...fok, accountId }), 0).reason;
    expect([preview('a'), preview('stranger')]).toEqual([Reason.FILL_OR_KILL_UNFILLED, Reason.NONE]);
  });

  it('previews an order long after the last command of a shard as one of now', () => {
    const { submit, engine } = createDriver();
    submit(1);
    const later = 1_700_000_000_000 + 3_600_000;
    expect(engine.preview(order(2, { idTimeMs: later }), later).reason).toBe(Reason.NONE);
  });
});
