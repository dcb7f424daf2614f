import { readFile, writeFile } from 'node:fs/promises';

const page = new URL('../../docs/performance.md', import.meta.url);

/** Puts a report between its markers, `<!-- name -->` and `<!-- /name -->`, in docs/performance.md. */
export async function writeDocs(name: string, report: string): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks ${open} … ${close}`);
  await writeFile(page, `${text.slice(0, from + open.length)}\n\n${report}\n\n${text.slice(to)}`);
}
