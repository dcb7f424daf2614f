import { z } from 'zod';

/** The types of variables: each parses the text of an environment variable. */
export const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().min(1).max(65_535));

export const boolean = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

export const days = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .pipe(z.number().min(1));

/** An http(s) URL without user and password, since logs show URLs. */
export const httpUrl = z.url({ protocol: /^https?$/ }).refine((url) => !/^https?:\/\/[^/]*@/i.test(url));

/** A secret that can be part of a URL. */
export const token = z.string().regex(/^[A-Za-z0-9._~-]{16,200}$/);

/** Splits comma-separated values. */
export const listOf = (separated: string) => separated.split(',').map((one) => one.trim());

/** The maximum number of events per time unit, up to `max`; 0.5 is one event in two time units. */
export const rate = (max: number) =>
  z
    .string()
    .regex(/^\d{1,4}(\.\d{1,3})?$/)
    .transform(Number)
    .pipe(z.number().min(0.01).max(max));

/** A time with its zone that has come. A time in the future is usually a mistake in the zone. */
export const pastTimeMs = z.iso
  .datetime({ offset: true })
  .transform((time) => Date.parse(time))
  .refine((timeMs) => timeMs <= Date.now());

export const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `90s`, `10m`, `24h` or `7d` into milliseconds. */
export const durationMs = z
  .string()
  .regex(/^\d{1,6}[smhd]$/)
  .transform((value) => Number(value.slice(0, -1)) * unitMs[value.slice(-1) as keyof typeof unitMs]);
