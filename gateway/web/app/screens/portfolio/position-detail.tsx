import type { Position } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { readAll } from '../../reading/read-all.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { orders, portfolio } from '../../rpc/clients.ts';
import { account } from '../../store/account.ts';
import { placesFor } from '../../store/instruments.ts';
import { quoteOf } from '../../store/quotes.ts';
import { Button } from '../../ui/button.tsx';
import { Lots } from './lots.tsx';
import { positionSum } from './position-sum.ts';

const pageSize = 200;
const tooMany = 'there are more than 10,000 fills: the statement has them all as CSV';

/** The gain of a position as a sum that can be checked: what was bought, fees, cost of what was sold, value now; and its lots. */
export function PositionDetail({ symbol, onClose }: { symbol: string; onClose: () => void }) {
  const position = account.value?.portfolio?.positions.find((one) => one.symbol === symbol);
  // Read again once it was bought or sold.
  const reading = useReading((signal) => readHistory(symbol, signal), { key: `${symbol} ${position?.cost}` });
  if (position === undefined) return null;
  return (
    <>
      <section aria-label={`Sum of ${symbol}`} class="position-sum">
        <div class="equity-head">
          <h3>{symbol}: how the gain is made up, by average cost</h3>
          <Button isSmall onClick={onClose}>
            Close the sum
          </Button>
        </div>
        <Shown reading={reading} rows={6}>
          {(history) => <Lines position={position} history={history} />}
        </Shown>
      </section>
      <Lots position={position} />
    </>
  );
}

type History = Awaited<ReturnType<typeof readHistory>>;

function Lines({ position, history }: { position: Position; history: History }) {
  const { symbol } = position;
  const last = quoteOf(symbol).value?.lastPrice || position.lastPrice;
  const sum = positionSum(position, history, last);
  const places = placesFor(symbol).average;
  return (
    <dl class="pairs sum">
      <Line name={`Bought, ${sum.boughtQuantity} shares`} value={sum.bought} />
      <Line name="Fees of these" value={sum.fees} />
      <Line name="Cost of what was sold" value={sum.soldCost} />
      {Number(sum.other) !== 0 && <Line name="Issued, corrected, or otherwise" value={sum.other} />}
      <Line name={`Cost of ${position.quantity} shares`} value={sum.cost} isSum />
      <Line name="Average cost" value={position.averageCost} places={places} />
      <Line name="Last price" value={last} places={placesFor(symbol).price} />
      <Line name="Value" value={sum.value} />
      <Line name="Gain: value less cost" value={sum.gain} isSum />
    </dl>
  );
}

type LineProps = { name: string; value: string | undefined; places?: number; isSum?: boolean };

function Line({ name, value, places, isSum }: LineProps) {
  return (
    <div class={isSum ? 'total' : undefined}>
      <dt>{name}</dt>
      <dd class="number">
        <Figure
          value={value}
          {...(places === undefined ? exactAmount : { places })}
          isChange={isSum && name.startsWith('Gain')}
        />
      </dd>
    </div>
  );
}

async function readHistory(symbol: string, signal: AbortSignal) {
  const fills = await readAll(async (pageToken) => {
    const answer = await orders.listFills({ symbol, pageSize, pageToken }, { signal });
    return { rows: answer.fills, nextPageToken: answer.nextPageToken };
  }, tooMany);
  const gains = await readAll(async (pageToken) => {
    const answer = await portfolio.listRealizedGains({ pageSize, pageToken }, { signal });
    return { rows: answer.gains, nextPageToken: answer.nextPageToken };
  }, tooMany);
  return { fills, sales: gains.filter((gain) => gain.symbol === symbol) };
}
