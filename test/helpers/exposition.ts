/** One sample of a scrape. */
interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** What one scrape brought. */
export interface Scrape {
  samples: Sample[];
  /** The names that are declared, as often as they are, with their help. */
  families: Array<{ name: string; help: string }>;
  text: string;
  /** The sum over the samples of that name with these labels; fails where there is none. */
  value: (name: string, labels?: Record<string, string>) => number;
}

/** Reads Prometheus' text format; fails on a line that is none of it. */
export function readExposition(text: string): Scrape {
  const samples: Sample[] = [];
  const families: Scrape['families'] = [];
  for (const line of text.split('\n')) {
    const help = /^# HELP (\S+) (.+)$/.exec(line);
    if (help) families.push({ name: help[1] as string, help: help[2] as string });
    if (line === '' || line.startsWith('#')) continue;
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample) throw new Error(`no sample: ${line}`);
    const [, name = '', pairs = '', value] = sample;
    const labels = Object.fromEntries(
      [...pairs.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, content]) => [
        label as string,
        content as string,
      ]),
    );
    samples.push({ name, labels, value: Number(value?.replace('Inf', 'Infinity')) });
  }
  return {
    samples,
    families,
    text,
    value(name, labels = {}) {
      const found = samples.filter(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      );
      if (found.length === 0) throw new Error(`no ${name} with ${JSON.stringify(labels)}`);
      return found.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

/** Scrapes what listens on a port of this machine. */
export async function scrape(port: string | number): Promise<Scrape> {
  return readExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
}
