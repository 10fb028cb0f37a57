/** Pages of every list while its rows change: what is there throughout is on one page, or, where a list is by change, on one at least. */
import { readFileSync } from 'node:fs';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { loadMethods, nameOf } from '../support/system-caller.ts';
import type { WalkedList, WalkScene } from '../support/walk-scene.ts';
import { walkedElsewhere, walkedLists } from '../support/walked-lists.ts';

const shared = inject('sharedSystem');
const methods = await loadMethods();
const pagesWanted = 6;
const changesMax = 5;

let scene: WalkScene;

beforeAll(async () => {
  const client = createTestClient('connect', shared.gatewayUrl);
  const admin = await logInAdmin(client, shared);
  const [owner, other] = [await registerInvestor(client), await registerInvestor(client)];
  const symbol = await openBook(admin);
  for (const person of [owner, other]) await issueShares(admin, person, symbol, '1000');
  scene = { client, admin, owner, other, symbol };
});

it('knows every RPC of the contracts that lists page by page', () => {
  const paged = [...methods.values()].filter(({ input }) => input.fields.some(({ name }) => name === 'page_token'));
  const known = [...Object.keys(walkedLists), ...Object.keys(walkedElsewhere)];
  expect(known.toSorted()).toEqual(paged.map(nameOf).toSorted());
  for (const [name, path] of Object.entries(walkedElsewhere)) {
    expect(readFileSync(path, 'utf8'), name).toContain(`pages of ${name.split('/')[1]}`);
  }
});

type Page = { ids: string[]; nextPageToken: string };

async function readPage(name: string, list: WalkedList, page: { pageSize: number; pageToken: string }): Promise<Page> {
  const caller = list.as === 'admin' ? scene.admin : scene.owner;
  const answer = await caller.call(name.split('.').at(-1) ?? '', { ...list.request?.(scene), ...page });
  const rows = (answer[list.rows] ?? []) as JsonObject[];
  return {
    ids: rows.map((row) =>
      list.id
        .split(' ')
        .map((field) => row[field])
        .join(' '),
    ),
    nextPageToken: (answer.nextPageToken ?? '') as string,
  };
}

/** Every row, from page to page; `between` runs after each page but the last. */
async function walk(
  name: string,
  list: WalkedList,
  pageSize: number,
  between: (step: number) => Promise<unknown> = async () => {},
): Promise<string[]> {
  const ids: string[] = [];
  for (let [pageToken, step] = ['', 0]; ; step += 1) {
    const page = await readPage(name, list, { pageSize, pageToken });
    ids.push(...page.ids);
    pageToken = page.nextPageToken;
    if (pageToken === '') return ids;
    await between(step);
  }
}

describe.each(Object.entries(walkedLists))('%s', { timeout: 120_000 }, (name, list) => {
  it(`has what is there throughout ${list.promise}`, async () => {
    await list.make(scene);
    const before = new Set(await walk(name, list, 100));
    expect(before.size).toBeGreaterThan(2);
    let changes = 0;
    const walked = await walk(name, list, Math.ceil(before.size / pagesWanted), async (step) => {
      if (step < changesMax) changes += 1;
      return step < changesMax && list.change(scene, step);
    });
    expect(changes).toBeGreaterThan(1);
    const after = new Set(await walk(name, list, 100));
    const throughout = [...before].filter((id) => after.has(id));
    expect(throughout.length).toBeGreaterThan(0);
    const counts = throughout.map((id) => walked.filter((one) => one === id).length);
    if (list.promise === 'once') expect(counts).toEqual(counts.map(() => 1));
    else expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
  });
});
