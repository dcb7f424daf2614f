import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Label } from '../../src/domain/decision.js';

const textsByKind = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/** Texts as people send them back to a question or a proposal, each with what it says. */
export const labelledTexts: ReadonlyArray<readonly [text: string, label: Label]> = Object.values(
  textsByKind.parse(parse(readFileSync(new URL('labelled-texts.yaml', import.meta.url), 'utf8'))),
)
  .flatMap((kind) => Object.entries(kind))
  .flatMap(([label, texts]) => texts.map((text) => [text, label] as const));
