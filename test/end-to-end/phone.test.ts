import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isWithoutBrowser } from '../kit/browser.js';
import {
  desktop,
  open,
  overflow,
  paleWords,
  replies,
  setGateway,
  smallPhone,
  tabTo,
  usePhonePage,
  write,
} from './phone-page.js';

/** Set by `npm run docs:pictures`: then the first story leaves its pictures for the README. */
const takesPictures = Boolean(process.env['TAKE_PICTURES']);

describe.skipIf(isWithoutBrowser)('the phone, in a browser', () => {
  usePhonePage();

  /** The first test's, since a second number would show. */
  async function takePictures(page: Page): Promise<void> {
    if (!takesPictures) return;
    await page.locator(':focus').blur();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({
        path: fileURLToPath(new URL(`../../docs/images/phone-${colorScheme}.png`, import.meta.url)),
      });
    }
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  }

  it('a reply that may have arrived is parked as uncertain, stays so, and goes out once it is released', async () => {
    const page = await open(takesPictures ? { deviceScaleFactor: 1.5 } : {}, '+1 555 000 1234');
    await write(page, 'Yes, I agree');
    await page.locator('.reply .run').waitFor();
    await setGateway(page, /Resets/);
    await write(page, 'No, sorry, that is too early for me');
    await page.locator('[data-tone=uncertain]', { hasText: 'Parked as uncertain' }).waitFor();
    await takePictures(page);
    // The release fails: the reply is parked again, and can be released again.
    await page.getByRole('button', { name: 'Send the reply again' }).click();
    await page.locator('[data-tone=uncertain]', { hasText: '2 tries' }).waitFor();
    expect(await replies(page)).toEqual([expect.stringMatching(/saying yes/)]);
    await setGateway(page, /Works/);
    await page.getByRole('button', { name: 'Send the reply again' }).click();
    await page.locator('.reply .run').nth(1).waitFor();
    expect(await replies(page)).toEqual([
      expect.stringMatching(/saying yes/),
      expect.stringMatching(/your answer is no/),
    ]);
  });

  it('a text that is written by keyboard alone gets its label and its reply, each with a link to its run', async () => {
    const page = await open();
    await page.reload();
    await tabTo(page, '#number');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('+44 20 7946 0958');
    await tabTo(page, '#text');
    await page.keyboard.type('Yes, I agree');
    await page.keyboard.press('Enter');

    await page.locator('.written .label', { hasText: 'Agree' }).filter({ hasText: 'by rules' }).waitFor();
    await page.locator('.written [data-tone=good]', { hasText: 'Replied' }).waitFor();
    await page.locator('.reply .run').waitFor();
    expect(await replies(page)).toEqual([expect.stringMatching(/^Thank you for saying yes!/)]);
    const runs = page.locator('a.run');
    expect(await runs.count()).toBe(2);
    const url = await runs.first().getAttribute('href');
    expect(await runs.last().getAttribute('href')).toBe(url);
    expect([await runs.first().getAttribute('target'), await runs.first().getAttribute('rel')]).toEqual([
      '_blank',
      'noopener',
    ]);
    expect((await fetch(String(url).replace('localhost', '127.0.0.1'))).status).toBe(200);
    expect(
      await page
        .getByRole('status')
        .filter({ hasText: /Replied|Reply to/ })
        .count(),
    ).toBe(1);
  });

  it('a refused reply is parked as failed, and goes out once it is released, by keyboard alone', async () => {
    const page = await open();
    await tabTo(page, '[name=mode]:checked');
    for (const name of ['is busy', 'refuses']) {
      await page.keyboard.press('ArrowDown');
      await page.locator('#strip', { hasText: name }).waitFor();
    }
    await write(page, 'No, sorry');
    await page
      .locator('[data-tone=failed]', { hasText: 'Parked as failed' })
      .filter({ hasText: 'answered 400' })
      .waitFor();
    expect(await replies(page)).toEqual([]);

    await tabTo(page, '#work-again');
    await page.keyboard.press('Enter');
    await page.locator('#strip').waitFor({ state: 'hidden' });
    expect(await page.locator('[name=mode]:checked').getAttribute('value')).toBe('works');
    await tabTo(page, '.act');
    await page.keyboard.press('Enter');
    await page.locator('.reply .run').waitFor();
    expect(await replies(page)).toEqual([expect.stringMatching(/your answer is no/)]);
    expect(await page.locator('.act').count()).toBe(0);
  });

  it('a busy gateway gets the reply later, by itself', async () => {
    const page = await open();
    await setGateway(page, /busy/);
    await write(page, 'Yes');
    await page.locator('[data-tone=busy]', { hasText: /Retrying at \d\d:\d\d:\d\d/ }).waitFor();
    await setGateway(page, /Works/);
    await page.locator('.reply .run').waitFor();
    expect(await replies(page)).toHaveLength(1);
  });

  it('a gateway that breaks leaves the reply uncertain, and nothing goes out by itself', async () => {
    const page = await open();
    await setGateway(page, /Breaks/);
    await write(page, 'Yes');
    await page.locator('[data-tone=uncertain]', { hasText: 'answered 500' }).waitFor();
    await setGateway(page, /Works/);
    await page.getByRole('button', { name: 'Send the reply again' }).click();
    await page.locator('.reply .run').waitFor();
    expect(await replies(page)).toHaveLength(1);
  });

  it('a reply that the gateway accepts without a response arrives, and is still uncertain', async () => {
    const page = await open();
    await setGateway(page, /Hangs/);
    await write(page, 'Yes');
    await page.locator('.reply .bubble').waitFor();
    await page.locator('[data-tone=uncertain]', { hasText: 'timed out' }).waitFor();
    expect(await replies(page)).toHaveLength(1);
  });

  it('a gateway that posts each text twice shows both, and every page shows the switch', async () => {
    const page = await open();
    const other = await open();
    await page.getByRole('checkbox', { name: /twice/ }).check();
    await other.locator('[name=doubles]:checked').waitFor();
    await page.getByLabel('Text', { exact: true }).fill('Yes');
    await page.keyboard.press('Enter');
    await page.locator('.written .bubble').nth(1).waitFor();
    expect(await page.locator('.written .bubble p').allTextContents()).toEqual(['Yes', 'Yes']);
  });

  it('silence is shown with its reason, and text is never markup', async () => {
    const page = await open({}, 'MPESA');
    await write(page, '<img src=x onerror=alert(1)> & <b>bold</b>');
    await page.locator('[data-tone=quiet]', { hasText: "a name or a short code can't receive replies" }).waitFor();
    expect(await page.locator('.bubble p').allTextContents()).toEqual(['<img src=x onerror=alert(1)> & <b>bold</b>']);
    expect(await page.locator('.bubble img').count()).toBe(0);
  });

  it('each number has its conversation, another page sees them all, and a reload loses none', async () => {
    const page = await open();
    const number = await page.getByLabel('You write as').inputValue();
    await write(page, 'Yes');
    await page.locator('.reply .run').waitFor();
    await page.getByLabel('You write as').fill('+1 555 9');
    expect(await page.locator('.bubble').count()).toBe(0);
    const other = await open({}, number);
    expect(await other.locator('.bubble').count()).toBe(2);
    await page.reload();
    await page.getByRole('navigation', { name: 'Numbers' }).getByRole('button', { name: number }).click();
    expect(await page.locator('.bubble').count()).toBe(2);
  });

  it.each(['light', 'dark'] as const)(
    'at 360 px nothing is wider than the screen, and every word has enough contrast, %s',
    async (colorScheme) => {
      const page = await open({ viewport: smallPhone, colorScheme, reducedMotion: 'reduce' });
      await setGateway(page, /Refuses/);
      await write(page, `No ${'x'.repeat(300)}`);
      await page.locator('[data-tone=failed] .act').waitFor();
      await page.getByLabel('You write as').fill(`+${'1'.repeat(50)}${randomInt(1_000_000, 9_999_999)}`);
      await write(page, 'No');
      await page.locator('[data-tone=failed] .act').waitFor();
      expect(await overflow(page)).toBe(0);
      expect(await paleWords(page)).toEqual([]);
      await page.setViewportSize(desktop);
      expect(await overflow(page)).toBe(0);
    },
  );
});
