import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { PULL, launched, opened } from './browser.ts';
import { server } from './server.ts';

let browser: Browser;
before(async () => void (browser = await launched()));
after(() => browser.close());

interface Model { name: string; label: string; state: string }
const models = async () => (await server.get<{ models: Model[] }>('/models')).models;

test('the picker shows models with their state', async () => {
  const { page } = await opened(browser);
  await page.getByRole('button', { name: /^Model: / }).click();
  const items = page.getByRole('menuitemradio');
  assert.equal(await items.count(), (await models()).length);
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  await items.first().waitFor({ state: 'detached' });
});

test('models load, unload, and say what they take', async () => {
  const { page, complaints } = await opened(browser, {}, '/#/models');
  const [model] = await models();
  const row = page.getByRole('listitem', { name: model!.label, exact: true }).first();
  await row.waitFor();
  if (model!.state === 'loaded') await row.getByRole('button', { name: /^Unload/ }).click();
  await row.getByRole('button', { name: /^Load/ }).click();
  await row.getByText(/in memory/).waitFor({ timeout: 60_000 });
  await row.getByRole('button', { name: /^Unload/ }).click();
  await row.getByText('on disk').waitFor({ timeout: 20_000 });
  assert.deepEqual(complaints, []);
});

test('a pull shows its progress and can be cancelled', { skip: !PULL && 'needs a hub to pull from' }, async () => {
  const { page } = await opened(browser, {}, '/#/models');
  await page.getByLabel('Name of a model').fill(PULL!);
  await page.getByRole('button', { name: 'Get', exact: true }).click();
  const pull = page.locator('.pull', { hasText: PULL!.slice(6, -5) });
  await pull.getByText('fetching').waitFor();
  await pull.getByText(/[1-9][\d.,]* [MG]B \//).waitFor(); // so much of it
  await pull.getByRole('button', { name: 'Cancel' }).click();
  await pull.getByText('cancelled').waitFor();
  await pull.getByRole('button', { name: 'Dismiss' }).click();
  await pull.waitFor({ state: 'detached' });
});

test('a pull of what is not there says what to do', async () => {
  const { page } = await opened(browser, {}, '/#/models');
  await page.getByLabel('Name of a model').fill('hf.co/nothing/is-here:Q8_0');
  await page.getByRole('button', { name: 'Get', exact: true }).click();
  await page.locator('.pull-box .problem').waitFor({ timeout: 60_000 });
});

test('two models answer one prompt blind, and a vote names them', async () => {
  const all = await models();
  if (all.length < 2) return;
  const { page, complaints } = await opened(browser, {}, '/#/compare');
  await page.getByLabel('Ask both').fill('A short fact about the sea.');
  await page.getByLabel('Ask both').press('Enter');
  await page.locator('.side').nth(1).waitFor();
  assert.equal(await page.getByText('Who is it?').count(), 2);
  await page.locator('.vote .button:not([aria-disabled=true])').first().waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'A is better' }).click();
  await page.locator('.verdict').waitFor();
  assert.equal(await page.getByText('Who is it?').count(), 0);
  const id = /compare\/(.+)$/.exec(page.url())![1]!;
  const made = await server.get<{ prompt: string; vote: { winner: string }; sides: { model: string; answer: { content: string } }[] }>('/comparisons/' + id);
  assert.equal(made.vote.winner, 'a');
  assert.ok(made.sides.every((side) => side.model && side.answer.content));
  assert.deepEqual(complaints, []);
});

test('the server view draws its curves and shows requests and snippets', async () => {
  const { page, complaints } = await opened(browser, {}, '/#/server');
  await page.locator('.u-over').nth(3).waitFor();
  for (const name of ['curl', 'Python', 'JavaScript', 'Java']) {
    await page.getByRole('tab', { name, exact: true }).click();
    await page.locator('#snippet', { hasText: '/v1' }).waitFor();
  }
  assert.deepEqual(complaints, []);
});
