import { figureText } from '../../figures/figure-text.ts';
import { profile } from '../../frame/roles.ts';
import { Loading } from '../../ui/status.tsx';
import { bpsText, feeExample, limitRows } from './fee-text.ts';

/** The fee plan and the limits of the account. */
export function Fees() {
  const conditions = profile.value?.conditions;
  if (conditions === undefined) return <Loading />;
  const { feePlan } = conditions;
  const example = '10000';
  return (
    <div class="settings">
      <section>
        <h2>Fees: plan {feePlan?.name || 'without a name'}</h2>
        <dl class="pairs">
          <div>
            <dt>An order that rested</dt>
            <dd>
              {bpsText(feePlan?.makerBps ?? 0)}; of {figureText(example, { places: 2 })} that is{' '}
              {figureText(feeExample(example, feePlan?.makerBps ?? 0), { places: 2 })}
            </dd>
          </div>
          <div>
            <dt>An order that took</dt>
            <dd>
              {bpsText(feePlan?.takerBps ?? 0)}; of {figureText(example, { places: 2 })} that is{' '}
              {figureText(feeExample(example, feePlan?.takerBps ?? 0), { places: 2 })}
            </dd>
          </div>
          <div>
            <dt>Rounding</dt>
            <dd>Up to the cent, on all that an order has filled together.</dd>
          </div>
          <div>
            <dt>Deposits, withdrawals</dt>
            <dd>No fee.</dd>
          </div>
        </dl>
      </section>
      <section>
        <h2>Limits</h2>
        <dl class="pairs">
          {limitRows(conditions).map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
