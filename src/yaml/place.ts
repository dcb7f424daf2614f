import { type Document, isMap, isNode, isScalar, type Node, type Scalar } from 'yaml';

export type Path = ReadonlyArray<PropertyKey>;

/**
 * Where a value starts in the file. Where the value is missing or is no scalar: where its key starts. Where the key is
 * missing too: where the map starts that has no such key.
 */
export function offsetOf(document: Document, path: Path, of: 'key' | 'value' = 'value'): number {
  const [...parents] = path;
  const key = parents.pop();
  if (key === undefined) return document.contents?.range?.[0] ?? 0;
  const parent = parents.length === 0 ? document.contents : (document.getIn(parents, true) as Node | undefined);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key: name }) => isScalar(name) && name.value === key);
    const place = pair && (of === 'value' && isScalar(pair.value) && pair.value.value !== '' ? pair.value : pair.key);
    if (isNode(place) && place.range) return place.range[0];
  }
  const found = document.getIn(path, true);
  if (isNode(found) && found.range) return found.range[0];
  return offsetOf(document, parents);
}

/**
 * Where a character of a text value stands in the file.
 *
 * @param index of the character, in the value
 */
export function offsetWithin(source: string, document: Document, path: Path, index: number): number {
  const scalar = document.getIn(path, true);
  const start = offsetOf(document, path);
  if (!isScalar<string>(scalar) || !scalar.range) return start;
  if (scalar.type === 'BLOCK_LITERAL') return offsetInBlock(source, scalar, start, index);
  const quotes = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE' ? 1 : 0;
  return source.slice(start, scalar.range[1]).includes('\n') ? start : start + quotes + index;
}

/** The lines of a block (`|`) stand in the file below its header, each behind the indentation. */
function offsetInBlock(source: string, { value }: Scalar<string>, header: number, index: number): number {
  const before = value.slice(0, index).split('\n');
  let lineStart = source.indexOf('\n', header) + 1;
  for (let line = 1; line < before.length; line++) lineStart = source.indexOf('\n', lineStart) + 1;
  const written = /[^\r\n]*/.exec(source.slice(lineStart))?.[0] ?? '';
  const read = value.split('\n')[before.length - 1] ?? '';
  return lineStart + written.length - read.length + (before.at(-1)?.length ?? 0);
}
