import { readFile, writeFile } from 'node:fs/promises';

/** Puts a report between its markers, `<!-- name -->` and `<!-- /name -->`, in a document of the project. */
export async function writeDocs(document: 'docs/performance.md' | 'docs/soak.md' | 'README.md', name: string, report: string): Promise<void> {
  const page = new URL(`../../${document}`, import.meta.url);
  const text = await readFile(page, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${document} lacks ${open} … ${close}`);
  await writeFile(page, `${text.slice(0, from + open.length)}\n\n${report}\n\n${text.slice(to)}`);
}
