import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** The server under test; without HADAL_URL the stand-in of `npm run dev:fake`. */
export const BASE = process.env.HADAL_URL ?? 'http://localhost:8090';
export const FAKE = process.env.HADAL_URL === undefined;
/** A model that the server can pull, slowly; the stand-in takes any name. */
export const PULL = FAKE ? 'hf.co/org/some-model:Q8_0' : process.env.HADAL_PULL;

const PATHS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launched(): Promise<Browser> {
  const executablePath = PATHS.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or say where it is in CHROMIUM');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page that fails a test by anything it logs as an error, asks elsewhere for, or does against its content security policy. */
export async function opened(browser: Browser, options: BrowserContextOptions = {}, path = '/'): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => !/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(BASE).origin && complaints.push('asked for ' + request.url()));
  await page.goto(BASE + path);
  return { page, complaints };
}
