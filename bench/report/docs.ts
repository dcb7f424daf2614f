import { readFile, writeFile } from 'node:fs/promises';

/** Writes a report between its markers, `<!-- name -->` and `<!-- /name -->`, in a page of the docs. */
export async function writeDocs(
  document: 'docs/performance.md' | 'docs/soak.md' | 'README.md',
  name: string,
  report: string,
): Promise<void> {
  const page = new URL(`../../${document}`, import.meta.url);
  const text = await readFile(page, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${document} lacks ${open} … ${close}`);
  await writeFile(page, `${text.slice(0, from + open.length)}\n\n${report}\n\n${text.slice(to)}`);
}

/** Writes a file of `bench/results/`: text as it is, anything else as JSON. */
export async function writeResult(file: string, content: unknown): Promise<void> {
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
  await writeFile(new URL(`../results/${file}`, import.meta.url), text);
}
