import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launched, opened } from './browser.ts';
import { line } from './line.ts';
import { conversationWith, server } from './server.ts';

let browser: Browser;
before(async () => void (browser = await launched()));
after(() => browser.close());

const box = (page: Page) => page.locator('.composer textarea');
const answers = (page: Page) => page.locator('.message.assistant');

async function ask(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press('Enter');
  await page.locator('.bubble', { hasText: text }).last().waitFor();
}

const conversationOf = (page: Page) => /#\/c\/(.+)$/.exec(page.url())![1]!;
const ended = (page: Page) => page.locator('.message.assistant:not(.running) .counts').last().waitFor({ timeout: 120_000 });

/** The answer has ended; if it has not, it is told to. */
async function stopped(page: Page): Promise<void> {
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  if (await stop.isVisible()) await stop.click().catch(() => {}); // it ended by itself meanwhile
  await page.locator('.message.assistant:not(.running)').waitFor();
}

/** What is shown has all the words of what the server keeps. */
async function isWhole(page: Page): Promise<void> {
  const { messages } = await server.get<{ messages: { role: string; content: string }[] }>('/conversations/' + conversationOf(page));
  const words = messages.at(-1)!.content.split(/\s+/).filter((word) => /^[a-z]{4,}$/.test(word));
  const shown = await page.locator('.message.assistant .markdown').last().innerText();
  assert.deepEqual(words.filter((word) => !shown.includes(word)), []);
}

test('an answer streams, ends, and tells its tokens and their speed', async () => {
  const { page, complaints } = await opened(browser);
  await ask(page, 'Say something short.');
  await ended(page);
  assert.match(await answers(page).last().locator('.counts').innerText(), /\d+ tokens\s+[\d.,]+ tokens\/s/);
  assert.match(page.url(), /#\/c\//);
  assert.equal(await box(page).inputValue(), '');
  assert.match(await page.title(), /Say something short/);
  assert.deepEqual(complaints, []);
});

test('stop keeps what came', async () => {
  const { page } = await opened(browser);
  await ask(page, 'Tell me a long story.');
  await page.locator('.message.running .markdown').first().waitFor({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  await page.getByText('Stopped.').waitFor();
  const { messages } = await server.get<{ messages: { state: string; content: string; thinking: string }[] }>('/conversations/' + conversationOf(page));
  assert.equal(messages.at(-1)!.state, 'stopped');
  assert.notEqual(messages.at(-1)!.content + messages.at(-1)!.thinking, '');
});

test('answering again makes a branch, and arrows lead between branches', async () => {
  const { page } = await opened(browser);
  await ask(page, 'A short word, please.');
  await ended(page);
  await page.getByRole('button', { name: 'Answer again' }).click();
  await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor();
  await ended(page);
  await page.getByRole('button', { name: 'Version before' }).click();
  await page.getByRole('group', { name: 'Version 1 of 2' }).waitFor();
  await page.reload();
  await page.getByRole('group', { name: 'Version 1 of 2' }).waitFor();
});

test('editing a message makes a branch beside it', async () => {
  const { page } = await opened(browser);
  await ask(page, 'A short question.');
  await ended(page);
  await page.locator('.message.user').hover();
  await page.getByRole('button', { name: 'Edit message' }).click();
  const edit = page.locator('.message.editing textarea');
  assert.equal(await edit.inputValue(), 'A short question.');
  await edit.fill('Another short question.');
  await edit.press('Enter');
  await page.locator('.bubble', { hasText: 'Another short question.' }).waitFor();
  await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor();
  await ended(page);
});

test('a reload in the middle of an answer loses nothing', async () => {
  const { page } = await opened(browser);
  await ask(page, 'Tell me a long story about whales.');
  await page.locator('.message.running .markdown').first().waitFor({ timeout: 60_000 });
  const before = await page.locator('.message.assistant .markdown').last().innerText();
  await page.reload();
  await page.waitForFunction((length) => (document.querySelector<HTMLElement>('.message.assistant')?.innerText.length ?? 0) >= length, before.length, { timeout: 20_000 });
  await stopped(page);
  await isWhole(page);
});

test('a line that drops is taken up again, and the text is whole', async () => {
  const { url, cut, mend } = await line();
  const { page } = await opened(browser);
  await page.goto(url);
  await ask(page, 'Tell me a long story about rivers.');
  await page.locator('.message.running .markdown').first().waitFor({ timeout: 60_000 });
  await cut();
  await page.getByText('The server is not answering').waitFor({ timeout: 15_000 });
  await mend();
  await page.getByText('The server is not answering').waitFor({ state: 'hidden', timeout: 15_000 });
  await page.waitForTimeout(500);
  await stopped(page);
  await isWhole(page);
});

test('two tabs agree', async () => {
  const { page } = await opened(browser);
  const other = await page.context().newPage();
  await ask(page, 'A short word for two tabs.');
  await other.goto(page.url());
  await other.locator('.bubble', { hasText: 'for two tabs' }).waitFor();
  await ended(page);
  await ended(other);
  assert.equal(await answers(other).last().locator('.markdown').last().innerText(), await answers(page).last().locator('.markdown').last().innerText());
  await ask(other, 'One more short word.');
  await page.locator('.bubble', { hasText: 'One more short word.' }).waitFor();
});

test('what is typed is never lost', async () => {
  const id = await conversationWith('Drafts', 'Hello', 'Hello.');
  const { page } = await opened(browser, {}, '/#/c/' + id);
  await box(page).fill('half a thou');
  await page.goto(page.url().replace(/#.*/, '#/'));
  await page.locator('.welcome').waitFor();
  assert.equal(await box(page).inputValue(), '');
  await page.goBack();
  await page.locator('.message.assistant').waitFor();
  await page.reload();
  await page.locator('.message.assistant').waitFor();
  assert.equal(await box(page).inputValue(), 'half a thou');
  await page.route('**/answers', (route) => route.abort());
  await box(page).press('Enter');
  await page.getByText('The server cannot be reached').waitFor();
  assert.equal(await box(page).inputValue(), 'half a thou');
});

test('text files are attached, others are refused with a reason', async () => {
  const { page } = await opened(browser);
  await page.locator('.composer input[type=file]').setInputFiles([
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('深海 notes') },
    { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0, 0xff]) },
  ]);
  await page.getByText('photo.png is not text').waitFor();
  await ask(page, 'Read it, in short.');
  await page.locator('.message.user .attachment', { hasText: 'notes.txt' }).getByRole('button').click();
  await page.getByText('深海 notes').waitFor();
  await page.keyboard.press('Escape');
});

test('who scrolls up stays there, and comes back with a button', async () => {
  const id = await conversationWith('Scrolling', 'Hello', 'Line.\n\n'.repeat(200));
  const { page } = await opened(browser, {}, '/#/c/' + id);
  await page.locator('.message.assistant').waitFor();
  await page.waitForTimeout(300);
  await page.locator('.thread').hover();
  await page.mouse.wheel(0, -1500);
  const button = page.getByRole('button', { name: 'To the end' });
  await button.waitFor();
  await button.click();
  await button.waitFor({ state: 'hidden' });
});

test('a preset sets system prompt and sampling', async () => {
  const { page } = await opened(browser);
  const name = 'Pirate ' + Date.now();
  await page.getByRole('button', { name: 'Settings of this conversation' }).click();
  await page.getByLabel('System prompt').fill('Answer as a pirate, in short.');
  await page.getByRole('spinbutton', { name: 'Temperature' }).fill('0.3');
  await page.getByRole('button', { name: 'Save as a preset' }).click();
  await page.getByLabel('Name of the preset').fill(name);
  await page.keyboard.press('Enter');
  await page.getByText(`Saved “${name}”`).waitFor();
  await page.keyboard.press('Escape');
  await ask(page, 'A short greeting.');
  const made = await server.get<{ system: string; sampling: { temperature: number } }>('/conversations/' + conversationOf(page));
  assert.equal(made.system, 'Answer as a pirate, in short.');
  assert.equal(made.sampling.temperature, 0.3);
});
