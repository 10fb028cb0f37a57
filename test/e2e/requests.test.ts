import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { publicServices } from '../../gateway/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type CollectionAnswer, readCollection, runCollection } from '../support/http-collection.ts';
import { audit } from '../support/investors-day.ts';
import { type PostmanCollection, runPostmanCollection } from '../support/postman-collection.ts';

const { gatewayUrl, admin } = inject('sharedSystem');
// Some eighty calls, one after the other; passwords take their time.
const timeoutMs = 240_000;
const changes = { adminPassword: admin.password };

const fetchText = async (path: string) => (await fetch(`${gatewayUrl}${path}`)).text();

function expectEveryRpc(titles: readonly string[]): void {
  const methods = publicServices.flatMap((service) => service.methods);
  const unary = methods.filter(({ methodKind }) => methodKind === 'unary');
  const names = unary.map(({ parent, name }) => `${parent.typeName}/${name}`);
  expect([...new Set(titles)].toSorted()).toEqual(names.toSorted());
}

function expectAccepted(answers: readonly CollectionAnswer[]): void {
  const refused = answers.filter(({ status }) => status !== 200);
  // A system of one exchange has no standby, and the collection opens no stream.
  expect(refused).toMatchObject([
    {
      title: 'outcry.exchange.v1.ExchangeAdminService/Handover',
      body: { details: [{ debug: { reason: 'HANDOVER_NOT_POSSIBLE' } }, {}] },
    },
    {
      title: 'outcry.market.v1.MarketService/ChangeStream',
      body: { details: [{ debug: { reason: 'STREAM_NOT_FOUND' } }] },
    },
  ]);
}

// One of the requests reads the newest verdict of the audit, which a system has a minute after its start.
beforeAll(() => audit(createTestClient('connect', gatewayUrl), admin), 120_000);

describe('the request collection has each public unary RPC, and each request is accepted as it stands', () => {
  it('in the format of editors', { timeout: timeoutMs }, async () => {
    const collection = readCollection(await fetchText('/requests.http'));
    expect(collection.variables.get('address')).toBe(gatewayUrl);
    expectEveryRpc(collection.requests.map(({ title }) => title));
    // The welcome of the demo user comes by an event.
    expectAccepted(await eventually(() => runCollection(collection, changes)));
  });

  it('in the format of Postman', { timeout: timeoutMs }, async () => {
    const collection = JSON.parse(await fetchText('/requests.postman_collection.json')) as PostmanCollection;
    expect(collection.variable.find(({ key }) => key === 'address')?.value).toBe(gatewayUrl);
    expectEveryRpc(collection.item.map(({ request }) => request.url.path.join('/')));
    expectAccepted(await eventually(() => runPostmanCollection(collection, changes)));
  });
});
