/** Orders by amount in a random history. Written apart from the audit. */

/** The most ticks of a lot that an amount pays for, fee included; the amount is given in what one costs. */
export function payFor(
  amount: bigint,
  { makerBps, takerBps }: { makerBps: bigint; takerBps: bigint },
  { tickLotMicros: worth }: { tickLotMicros: bigint },
): { amountMicros: bigint; valueMax: bigint } {
  const amountMicros = amount * worth;
  const unit = worth < 10_000n ? worth : 10_000n;
  const bps = makerBps > takerBps ? makerBps : takerBps;
  let valueMax = amount;
  for (; valueMax > 0n; valueMax -= 1n) {
    const weighted = valueMax * worth * bps;
    const fee = ((weighted + unit * 10_000n - 1n) / (unit * 10_000n)) * unit;
    if (valueMax * worth + fee <= amountMicros) break;
  }
  return { amountMicros, valueMax };
}

/** The lots that an order trades with the best of those that rest; `valueLeft`: of one by amount, the lots times ticks that are left. */
export function mostLots(
  best: { left: bigint; priceTicks: bigint },
  left: bigint,
  valueLeft: bigint | undefined,
): bigint {
  let lots = valueLeft === undefined ? left : valueLeft / best.priceTicks;
  for (const bound of [best.left, left]) if (bound < lots) lots = bound;
  return lots;
}
