import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launched, opened } from './browser.ts';
import { conversationWith, server } from './server.ts';

let browser: Browser;
before(async () => void (browser = await launched()));
after(() => browser.close());

const unique = () => Date.now().toString(36);

test('search finds words of titles and messages, Chinese too', async () => {
  const mark = unique();
  await conversationWith(`Title ${mark}`, 'Hello', `The anglerfish${mark} glows.`);
  await conversationWith('中文', '你好', `深海的鮟鱇鱼会发光${mark}`);
  const { page } = await opened(browser);
  const search = page.getByRole('searchbox');
  await search.fill(`anglerfish${mark}`);
  await page.locator('.item mark').first().waitFor();
  assert.match(await page.locator('.item .snippet').first().innerText(), /anglerfish/);
  await search.fill('鮟鱇鱼');
  await page.locator('.item', { hasText: '中文' }).first().waitFor();
  await search.fill('nothing-has-this');
  await page.getByText('Nothing has “nothing-has-this” in it').waitFor();
  await search.fill('');
  await page.locator('.item').first().waitFor();
});

test('rename, pin, delete and undo', async () => {
  const mark = unique();
  await conversationWith(`Old ${mark}`, 'Hello', 'Hello.');
  const { page } = await opened(browser);
  const item = page.locator('.item', { hasText: mark });
  await item.hover();
  await item.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Rename' }).fill(`New ${mark}`);
  await page.keyboard.press('Enter');
  await page.locator('.item', { hasText: `New ${mark}` }).waitFor();
  await item.hover();
  await item.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Pin' }).click();
  await page.getByRole('region', { name: 'Pinned' }).locator('.item', { hasText: mark }).waitFor();
  await item.hover();
  await item.getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await item.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await item.waitFor();
  const { conversations } = await server.get<{ conversations: { title: string; pinned: boolean }[] }>('/conversations?query=' + mark);
  assert.deepEqual(conversations.map(({ title, pinned }) => [title, pinned]), [[`New ${mark}`, true]]);
});

for (const [format, name] of [['markdown', 'Export as Markdown'], ['json', 'Export as JSON']] as const) {
  test(`a conversation goes out and comes back as ${format}`, async () => {
    const mark = unique();
    const id = await conversationWith(`Round ${mark}`, 'Why?', 'Because `x`.\n\n## Not a turn\n\n```\nend\n```');
    const { page } = await opened(browser, {}, '/#/c/' + id);
    await page.locator('.message.assistant').waitFor();
    await page.locator('.bar').getByRole('button', { name: 'More' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name }).click();
    const file = await (await download).path();
    await page.locator('.sidebar input[type=file]').setInputFiles({ name: `round.${format === 'json' ? 'json' : 'md'}`, mimeType: 'text/plain', buffer: (await import('node:fs')).readFileSync(file) });
    await page.getByText('Imported: 1').waitFor();
    await page.locator('.message.assistant').waitFor();
    const copy = /#\/c\/(.+)$/.exec(page.url())![1]!;
    assert.notEqual(copy, id);
    type Whole = { title: string; messages: { role: string; content: string }[] };
    const [was, is] = await Promise.all([id, copy].map((one) => server.get<Whole>('/conversations/' + one)));
    assert.equal(is!.title, was!.title);
    assert.deepEqual(is!.messages.map(({ role, content }) => [role, content.trim()]), was!.messages.map(({ role, content }) => [role, content.trim()]));
  });
}
