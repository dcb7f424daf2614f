interface Bar {
  name: string;
  value: number;
  /** A second value, shown as a tick. */
  mark: number;
  label: string;
  /** Highlighted: the main bar of the group. */
  strong: boolean;
}

export interface BarChart {
  title: string;
  subtitle: string;
  groups: Array<{ title: string; bars: Bar[] }>;
}

/** The width of every chart, in pixels. */
export const width = 760;
const [left, right] = [190, 110];
const [rowHeight, barHeight] = [22, 14];

/** No background, and colours with enough contrast on white and on black; lighter ones for a dark theme. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #57606a }
  .title { font-size: 16px; font-weight: 600 } .group { font-weight: 600 }
  .bar { fill: #8c959f } .strong { fill: #0969da } .mark { stroke: #57606a; stroke-width: 2 }
  .line, .strong-line { fill: none; stroke: #8c959f; stroke-width: 1.5 } .strong-line { stroke: #0969da } .strong-name { fill: #0969da }
  .grid { stroke: #8c959f; stroke-opacity: 0.3 } .event { stroke: #bc4c00; stroke-opacity: 0.7 } .dashed { stroke-dasharray: 3 3 } .shade { fill: #bc4c00; fill-opacity: 0.15 }
  @media (prefers-color-scheme: dark) {
    text { fill: #adbac7 } .bar { fill: #768390 } .strong { fill: #4493f8 } .mark { stroke: #adbac7 }
    .strong-line { stroke: #4493f8 } .strong-name { fill: #4493f8 } .event { stroke: #f0883e } .shade { fill: #f0883e }
  }`;

/** Draws horizontal bars in groups. Each group has its own scale. */
export function bars({ title, subtitle, groups }: BarChart): string {
  const parts: string[] = [text(0, 18, title, 'title'), text(0, 40, subtitle)];
  let y = 52;
  for (const group of groups) {
    parts.push(text(0, y + 18, group.title, 'group'));
    y += 28;
    const longest = Math.max(...group.bars.map(({ value, mark }) => Math.max(value, mark)));
    const scale = (value: number) => (value / longest) * (width - left - right);
    for (const bar of group.bars) {
      parts.push(row(bar, y, scale));
      y += rowHeight;
    }
    y += 8;
  }
  return svg(title, y, parts);
}

/** Returns an SVG of these parts, with the styles of the charts. */
export function svg(title: string, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">\n<style>${style}\n</style>\n${parts.join('\n')}\n</svg>\n`;
}

function row(bar: Bar, y: number, scale: (value: number) => number): string {
  const end = left + Math.max(scale(bar.value), 2);
  const markAt = left + scale(bar.mark);
  const middle = y + rowHeight / 2;
  return [
    text(left - 8, middle + 4, bar.name, 'name', 'end'),
    `<rect class="${bar.strong ? 'strong' : 'bar'}" x="${left}" y="${middle - barHeight / 2}" ` +
      `width="${(end - left).toFixed(1)}" height="${barHeight}" rx="2"/>`,
    `<line class="mark" x1="${markAt.toFixed(1)}" x2="${markAt.toFixed(1)}" y1="${middle - barHeight / 2 - 2}" y2="${middle + barHeight / 2 + 2}"/>`,
    text(Math.max(end, markAt) + 8, middle + 4, bar.label),
  ].join('');
}

/** Returns a line of text; `y` is its baseline. */
export function text(
  x: number,
  y: number,
  content: string,
  kind = 'label',
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${Number(y.toFixed(1))}" text-anchor="${anchor}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
