import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { BASE, launched, opened } from './browser.ts';
import { conversationWith } from './server.ts';

let browser: Browser;
before(async () => void (browser = await launched()));
after(() => browser.close());

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The content security policy forbids a script tag: axe runs in a world of its own. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.waitForTimeout(400);
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  await session.send('Runtime.evaluate', { expression: AXE, contextId: executionContextId });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')).join('; '))))`,
    contextId: executionContextId, awaitPromise: true,
  });
  return JSON.parse(String(result.value)) as string[];
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious (${colorScheme})`, async () => {
    const id = await conversationWith('Axe', 'Hello', '# A\n\n**b** [c](https://c.example) `d`\n\n```js\nlet x = 1 // y\n```\n\n| a |\n|---|\n| b |\n\n$x^2$');
    const { page } = await opened(browser, { colorScheme });
    await page.locator('.composer').waitFor();
    const faults: Record<string, string[]> = {};
    for (const address of ['#/', '#/c/' + id, '#/compare', '#/models', '#/server']) {
      await page.goto(BASE + '/' + address);
      await page.locator('main .composer, main h2').first().waitFor();
      faults[address] = await seriousFaults(page);
    }
    await page.goto(BASE + '/#/');
    await page.getByRole('button', { name: 'Settings of this conversation' }).click();
    faults.settings = await seriousFaults(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Preferences' }).click();
    faults.menu = await seriousFaults(page);
    assert.deepEqual(Object.entries(faults).filter(([, all]) => all.length > 0), []);
  });
}

test('the keyboard reaches everything', async () => {
  const id = await conversationWith('Keys', 'Hello', 'Hello.');
  const { page } = await opened(browser, {}, '/#/c/' + id);
  await page.locator('.message.assistant').waitFor();
  await page.locator('.thread').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.locator('#search:focus').waitFor();
  await page.locator('.thread').focus();
  await page.keyboard.press('/');
  await page.locator('.composer textarea:focus').waitFor();
  await page.keyboard.press('Control+Shift+O');
  await page.locator('.welcome').waitFor();
  await page.keyboard.press('Alt+3');
  await page.getByRole('heading', { name: 'Get a model' }).waitFor();
  await page.keyboard.press('Alt+1');
  await page.locator('.welcome').waitFor();
  const seen = new Set<string>();
  // Backwards to the very first, then forwards: how many there are depends on the model.
  for (const key of ['Shift+Tab', 'Tab']) {
    await page.locator('.composer textarea').focus();
    for (let i = 0; i < (key === 'Tab' ? 6 : 200) && (key === 'Tab' || !seen.has('Skip to the content')); i++) {
      seen.add(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''));
      await page.keyboard.press(key);
    }
  }
  for (const name of ['New chat', 'Search', 'Compare', 'Models', 'Server', 'Preferences', 'Settings of this conversation', 'Ask anything', 'Attach text files', 'Send']) {
    assert.ok(seen.has(name), `Tab comes to "${name}"; it came to ${[...seen].join(', ')}`);
  }
});

test('Chinese by the browser, and by the switch', async () => {
  const { page } = await opened(browser, { locale: 'zh-CN' });
  await page.getByRole('button', { name: '新对话' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  await page.getByRole('button', { name: '偏好设置' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.getByRole('button', { name: 'New chat' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'New chat' }).waitFor();
});

test('light and dark follow the system, and the switch', async () => {
  const { page } = await opened(browser, { colorScheme: 'dark' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.getByRole('button', { name: 'Preferences' }).click();
  await page.getByRole('menuitemradio', { name: 'Light' }).click();
  const light = await paper();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await paper(), light);
});

test('on a phone the list is a drawer and nothing is wider than the screen', async () => {
  const id = await conversationWith('Phone', 'Hello', '```\n' + 'wide '.repeat(80) + '\n```\n\n| ' + 'column | '.repeat(20) + '\n|' + '---|'.repeat(20) + '\n\n' + 'x'.repeat(300));
  const { page } = await opened(browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }, '/#/c/' + id);
  await page.locator('.message.assistant').waitFor();
  const wider = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok((await wider()) <= 0);
  await page.getByRole('button', { name: 'Open the list' }).click();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'Get a model' }).waitFor();
  assert.ok((await wider()) <= 0);
});
