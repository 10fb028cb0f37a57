import { expect, inject, it } from 'vitest';
import { publicServices } from '../../gateway/contracts.ts';
import { readCollection, runCollection } from '../support/http-collection.ts';
import { eventually } from '../support/wait.ts';

const { gatewayUrl, admin } = inject('sharedSystem');

it('the request collection has each public unary RPC, and each request is accepted as it stands', async () => {
  const collection = readCollection(await (await fetch(`${gatewayUrl}/requests.http`)).text());
  expect(collection.variables.get('address')).toBe(gatewayUrl);
  const methods = publicServices.flatMap((service) => service.methods);
  const unary = methods.filter(({ methodKind }) => methodKind === 'unary');
  const names = unary.map(({ parent, name }) => `${parent.typeName}/${name}`);
  expect([...new Set(collection.requests.map(({ title }) => title))].toSorted()).toEqual(names.toSorted());

  // The welcome of the demo user comes by an event.
  const answers = await eventually('the demo user has a message', () =>
    runCollection(collection, { adminPassword: admin.password }).catch(() => undefined),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  // A system of one exchange has no standby.
  expect(refused).toMatchObject([
    {
      title: 'outcry.exchange.v1.ExchangeAdminService/Handover',
      body: { details: [{ debug: { reason: 'HANDOVER_NOT_POSSIBLE' } }, {}] },
    },
  ]);
});
