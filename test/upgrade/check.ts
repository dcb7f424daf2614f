import { expect } from 'vitest';
import { expectKept } from './expect-kept.js';
import type { Installation } from './installation.js';
import { upgradeAndGoBack } from './journey.js';
import { hasNewColumn, wentTheNewWay } from './planned-change.js';
import { quarantined } from './quarantined.js';
import type { Release } from './release.js';

/** Upgrades an installation to the next release and goes back, and checks what is promised. Prints what it has met. */
export async function checkUpgradeAndRollback(
  kind: string,
  installation: Installation,
  older: Release,
  newer: Release,
): Promise<void> {
  const { texts, before, between, underWay } = await upgradeAndGoBack(installation, older, newer);
  const uncertain = await expectKept(installation, texts);

  const { client, dataDirs } = installation;
  // One under each release.
  expect(quarantined(installation)).toBe(2);
  // Else the test would pass without the change that it is about.
  expect(dataDirs.map(hasNewColumn)).toEqual(dataDirs.map(() => true));
  expect(await wentTheNewWay(client, before.failed[0].guid)).toBe(false);
  expect(await wentTheNewWay(client, between.failed[0].guid)).toBe(newer.name === 'after-next');
  console.log(
    `${kind}, ${older.name} to ${newer.name} and back: ${texts.all.size} texts, ` +
      `${texts.failedPosts()} posts repeated, ${uncertain} replies uncertain and settled; at the changes: ${underWay.join('; ')}`,
  );
}
