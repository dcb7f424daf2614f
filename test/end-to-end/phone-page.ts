import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startBrowser } from '../kit/browser.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltProduct } from '../kit/product.js';

/** The words of a page that have too little contrast. */
const findPaleWords = readFileSync(new URL('./pale-words.js', import.meta.url), 'utf8');

export const desktop = { width: 1080, height: 880 };
export const smallPhone = { width: 360, height: 740 };

let browser: Browser;
let product: Product;
/** The variables of the product. */
export let env: Awaited<ReturnType<typeof freePorts>> & { DATA_DIR: string };
/** What the pages asked for, and what they complained of. */
const requested: string[] = [];
const complaints: string[] = [];

/** Gives the tests of a file the product and a browser, whose pages close after each test. */
export function usePhonePage(): void {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  beforeAll(async () => {
    data = await dataFolder();
    browser = await startBrowser();
    env = { ...(await freePorts()), DATA_DIR: data.path };
    product = await startBuiltProduct(env);
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await data?.remove();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await postJson(`${product.gatewayUrl}/phone/mode`, { mode: 'works' });
    await postJson(`${product.gatewayUrl}/phone/doubles`, { doublesTexts: false });
    expect(complaints.splice(0)).toEqual([]);
    expect(requested.splice(0).filter((url) => !url.startsWith(`${product.gatewayUrl}/`))).toEqual([]);
  });
}

export const aNumber = () => `+1 555 ${randomInt(1_000_000, 9_999_999)}`;

export async function open(options: BrowserContextOptions = {}, number = aNumber()): Promise<Page> {
  const context = await browser.newContext({ viewport: desktop, locale: 'en-GB', ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on('request', (request) => requested.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(product.gatewayUrl);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByLabel('You write as').fill(number);
  return page;
}

export async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Text', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
  await page.locator('.written .bubble').filter({ hasText: text }).waitFor();
}

export async function setGateway(page: Page, mode: RegExp): Promise<void> {
  const asked = page.waitForResponse((response) => response.url().endsWith('/phone/mode'));
  await page.getByRole('radio', { name: mode }).check();
  expect((await asked).status()).toBe(200);
}

export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let steps = 0; steps < 60; steps++) {
    if ((await page.locator(`:is(${selector}):focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${selector}`);
}

export const replies = async (page: Page): Promise<string[]> => page.locator('.reply .bubble p').allTextContents();
export const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
export const paleWords = (page: Page) => page.evaluate<string[]>(findPaleWords);
