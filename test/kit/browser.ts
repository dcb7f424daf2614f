import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts it. */
const executablePath = '/usr/bin/chromium';

/** Without a browser its tests are left out, except in CI, where they fail. */
export const isWithoutBrowser = !existsSync(executablePath) && !process.env['CI'];

if (isWithoutBrowser)
  console.warn(`Skipped for want of ${executablePath}: the tests in a browser. Install Debian's package chromium.`);

export async function startBrowser(): Promise<Browser> {
  // Chromium refuses its sandbox to root.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
