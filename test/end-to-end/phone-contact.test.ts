import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { isWithoutBrowser } from '../kit/browser.js';
import {
  aNumber,
  env,
  open,
  overflow,
  paleWords,
  replies,
  smallPhone,
  tabTo,
  usePhonePage,
  write,
} from './phone-page.js';
import { packed } from '../helpers/answerback-command.js';
import { eventually } from '../kit/eventually.js';

const strip = (page: Page) => page.locator('#contact').getByRole('status');
const says = (page: Page, words: RegExp) => strip(page).filter({ hasText: words }).waitFor();
const saysNothing = (page: Page) => eventually(async () => (await strip(page).textContent()) === '');
const resumeButton = (page: Page) => page.getByRole('button', { name: 'Resume' });

async function writeAndGet(page: Page, text: string, state: RegExp): Promise<void> {
  await write(page, text);
  await page.locator('.written').last().locator('.state', { hasText: state }).waitFor();
}

async function answerback(...args: string[]): Promise<void> {
  const { TEMPORAL_PORT, DATA_DIR } = env;
  const { exitCode, stderr } = await packed.answerback(args, {
    TEMPORAL_ADDRESS: `127.0.0.1:${TEMPORAL_PORT}`,
    DATA_DIR,
  });
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
}

describe.skipIf(isWithoutBrowser)('the strip of the phone, in a browser', { timeout: 90_000 }, () => {
  usePhonePage();

  it('says that the sender has opted out, until START', async () => {
    const page = await open();
    await writeAndGet(page, 'STOP', /Replied/);
    await says(page, /^Opted out since \d\d:\d\d\. Write START to get replies again\.$/);
    expect(await resumeButton(page).isVisible()).toBe(false);
    await writeAndGet(page, 'Yes, of course', /No reply.*has opted out/);
    const number = await page.getByLabel('You write as').inputValue();
    await page.getByLabel('You write as').fill(aNumber());
    await saysNothing(page);
    await page.getByLabel('You write as').fill(number);
    await says(page, /^Opted out/);

    await writeAndGet(page, 'START', /Replied/);
    await saysNothing(page);
    await writeAndGet(page, 'Yes, I agree', /Replied/);
    expect(await replies(page)).toEqual([
      expect.stringMatching(/no more texts/),
      expect.stringMatching(/on again/),
      expect.stringMatching(/saying yes/),
    ]);
  });

  it('says that a person takes over, and the button resumes the replies, by keyboard alone', async () => {
    const page = await open();
    await writeAndGet(page, 'I want to talk to a person', /Replied/);
    await says(page, /^Handed over to a person until \d\d:\d\d\. No automatic replies\.$/);
    await writeAndGet(page, 'Yes, of course', /No reply.*a person takes over/);
    await tabTo(page, '#contact button');
    await page.keyboard.press('Enter');
    await saysNothing(page);
    expect(await resumeButton(page).isVisible()).toBe(false);
    expect(await page.locator('#text:focus').count()).toBe(1);
    await writeAndGet(page, 'Yes, I agree', /Replied/);
    expect(await replies(page)).toEqual([
      expect.stringMatching(/A person will read it/),
      expect.stringMatching(/saying yes/),
    ]);
  });

  it.each(['light', 'dark'] as const)(
    'says what commands change, within seconds, at 360 px, %s',
    async (colorScheme) => {
      const number = aNumber();
      const page = await open({ viewport: smallPhone, colorScheme, reducedMotion: 'reduce' }, number);
      await answerback('contact', 'pause', number, '--for', '1h');
      await says(page, /^Paused until \d\d:\d\d \(by the operator\)\.$/);
      expect([await overflow(page), await paleWords(page)]).toEqual([0, []]);
      await answerback('contact', 'pause', '--all', '--for', '1h');
      await resumeButton(page).click();
      await says(page, /^All automatic replies are paused until \d\d:\d\d/);
      expect([await overflow(page), await paleWords(page)]).toEqual([0, []]);
      await answerback('contact', 'resume', '--all');
      await saysNothing(page);
    },
  );
});
