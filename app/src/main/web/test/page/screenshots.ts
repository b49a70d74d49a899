// Pictures for the documentation: npm run screenshots -- FOLDER [NAME]; with HADAL_URL of that server, which is given the
// stand-in's conversations first.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { BASE, FAKE, launched } from './browser.ts';
import { server } from './server.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../../../../../../docs/pictures');
const only = process.argv[3];
mkdirSync(folder, { recursive: true });

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

async function openConversation(page: Page, title: string): Promise<void> {
  await page.goto(BASE);
  await page.locator('.sidebar .item a', { hasText: title }).first().evaluate((link: HTMLElement) => link.click());
  await page.locator('.message.assistant .markdown').first().waitFor();
  await page.waitForTimeout(900);
}

/** What needs a model that thinks, or a hub, is taken of the stand-in. */
const shots: { name: string; options: BrowserContextOptions; fake?: boolean; go: (page: Page) => Promise<void> }[] = [
  { name: 'welcome', options: { viewport: DESKTOP }, go: async (page) => void (await page.goto(BASE)) },
  { name: 'chat', options: { viewport: DESKTOP }, go: (page) => openConversation(page, 'Why is the sea blue?') },
  { name: 'chat-dark', options: { viewport: DESKTOP, colorScheme: 'dark' }, go: (page) => openConversation(page, 'Why is the sea blue?') },
  { name: 'chat-chinese', options: { viewport: DESKTOP, locale: 'zh-CN' }, go: (page) => openConversation(page, '海水为什么是蓝色的') },
  { name: 'phone', options: PHONE, go: (page) => openConversation(page, 'Why is the sea blue?') },
  {
    name: 'phone-list', options: { ...PHONE, colorScheme: 'dark' },
    go: async (page) => {
      await page.goto(BASE);
      await page.getByRole('button', { name: 'Open the list' }).click();
    },
  },
  {
    name: 'settings', options: { viewport: DESKTOP },
    go: async (page) => {
      await page.goto(BASE);
      await page.getByRole('button', { name: 'Settings of this conversation' }).click();
    },
  },
  {
    name: 'streaming', fake: true, options: { viewport: DESKTOP },
    go: async (page) => {
      await page.goto(BASE);
      await page.locator('.composer textarea').fill('Why is the sea blue? Tell me more.');
      await page.keyboard.press('Enter');
      await page.locator('.thinking.live').waitFor();
      await page.waitForTimeout(700);
    },
  },
  { name: 'models', fake: true, options: { viewport: DESKTOP }, go: async (page) => {
    await page.goto(BASE + '/#/models');
    const name = page.getByLabel('Name of a model');
    await name.fill('hf.co/Qwen/Qwen3-1.7B-GGUF:Q8_0');
    await name.press('Enter');
    await page.locator('.pull.downloading progress').waitFor();
    await page.waitForTimeout(900);
  } },
  { name: 'compare', options: { viewport: DESKTOP }, go: async (page) => {
    await page.goto(BASE + '/#/compare');
    await page.getByLabel('Ask both').fill('Why is the sea blue?');
    await page.keyboard.press('Enter');
    await page.locator('.side').nth(1).waitFor();
    await page.getByRole('button', { name: 'A is better' }).and(page.locator('[aria-disabled=false]')).waitFor({ timeout: 60_000 });
  } },
  { name: 'server', options: { viewport: DESKTOP }, go: async (page) => {
    await page.goto(BASE + '/#/server');
    await page.locator('.u-over').first().waitFor();
  } },
  { name: 'server-dark', options: { viewport: DESKTOP, colorScheme: 'dark' }, go: async (page) => {
    await page.goto(BASE + '/#/server');
    await page.locator('.u-over').first().waitFor();
  } },
];

/** The conversations of the stand-in, as an export gives them. */
async function conversations(): Promise<unknown> {
  const port = '8191';
  const fake = spawn(process.execPath, [join(import.meta.dirname, '../../fake/serve.mjs'), port], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise((resolve) => fake.stdout.once('data', resolve));
    return await (await fetch(`http://localhost:${port}/hadal/v1/export`)).json();
  } finally {
    fake.kill();
  }
}

if (!FAKE && (await server.get<{ conversations: unknown[] }>('/conversations')).conversations.length === 0) {
  await server.post('/import', await conversations());
}
const browser = await launched();
for (const { name, options, fake, go } of shots) {
  if ((only && !name.startsWith(only)) || (fake && !FAKE)) continue;
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.log(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => console.log(`${name}: ${error}`));
  await go(page);
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, name + '.png') });
  await context.close();
  console.log(name);
}
await browser.close();
