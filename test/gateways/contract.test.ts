import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gateways } from '../../src/gateways/registry.js';
import { caseNames } from './contract.js';
import { loaded, source } from './contract/load.js';
import { describeLookUp } from './contract/look-up.js';
import { describeParsing } from './contract/parsing.js';
import { describeReceipts } from './contract/receipts.js';
import { describeSending } from './contract/sending.js';
import { describeSettings } from './contract/settings.js';
import { describeVerification } from './contract/verification.js';

it('every gateway of the registry has a folder, and every folder is in the registry', () => {
  expect(loaded).toHaveLength(gateways.length);
});

describe.each(loaded)('the gateway in $folder', ({ folder, cases }) => {
  it(`has every case, in test/gateways/${folder}/contract-cases.ts`, () => {
    expect(cases, `${folder}/contract-cases.ts is missing`).toBeDefined();
    expect(Object.keys(cases ?? {}).sort()).toEqual([...caseNames.cases].sort());
    expect(Object.keys(cases?.signature ?? {}).sort()).toEqual([...caseNames.signature].sort());
    expect(Object.keys(cases?.bodies ?? {}).sort()).toEqual([...caseNames.bodies].sort());
    expect(gateways).toContain(cases?.gateway);
  });
  if (!cases) return;

  it('has a case for each optional part that it implements, and none for another', () => {
    const outbound = cases.gateway.createOutbound(cases.settings);
    expect(cases.lookUp !== 'none').toBe('lookUp' in outbound);
    expect(cases.gateway.isRepeatable ?? false).toBe(cases.isRepeatable);
    expect(cases.receipts !== 'none').toBe(existsSync(new URL(`${folder}/receipts.ts`, source)));
  });

  describeVerification(cases);
  describeParsing(cases);
  describeSending(cases);
  if (cases.receipts !== 'none') describeReceipts(cases, cases.receipts);
  if (cases.lookUp !== 'none') describeLookUp(cases, cases.lookUp);
  describeSettings(cases);
});
