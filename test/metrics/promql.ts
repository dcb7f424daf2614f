import { parser } from '@prometheus-io/lezer-promql';

/** One metric as an expression names it. */
export interface Selector {
  name: string;
  matchers: Array<{ label: string; operator: string; value: string }>;
  /** The labels that are grouped by around it. */
  groupedBy: string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** The metrics of an expression; fails where it is no PromQL. */
export function selectorsOf(expression: string): Selector[] {
  const text = (node: Node) => expression.slice(node.from, node.to);
  const childrenOf = (node: Node) => {
    const children: Node[] = [];
    for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
    return children;
  };
  const below = (node: Node, name: string): Node[] =>
    childrenOf(node).flatMap((child) => [...(child.name === name ? [child] : []), ...below(child, name)]);

  function find(node: Node, groupedBy: string[]): Selector[] {
    if (node.type.isError) throw new Error(`no PromQL at ${node.from}: ${expression}`);
    if (node.name === 'VectorSelector') {
      const matchers = below(node, 'UnquotedLabelMatcher').map((matcher) => {
        const [label, operator, value] = childrenOf(matcher).map(text) as [string, string, string];
        return { label, operator, value: value.slice(1, -1) };
      });
      const [identifier] = below(node, 'Identifier');
      if (!identifier) throw new Error(`a selector without a name: ${expression}`);
      // What is wrong within it is found too.
      childrenOf(node).forEach((child) => find(child, []));
      return [{ name: text(identifier), matchers, groupedBy }];
    }
    const modifiers = childrenOf(node).filter(({ name }) => name === 'AggregateModifier');
    const own = modifiers.flatMap((modifier) => below(modifier, 'LabelName')).map(text);
    return childrenOf(node).flatMap((child) => find(child, [...groupedBy, ...own]));
  }

  return find(parser.parse(expression).topNode, []);
}

/** The metrics of an expression, each as an expression that has data when a target exports it. */
export const metricsOf = (expression: string): string[] => selectorsOf(expression).map(textOf);

const textOf = ({ name, matchers }: Selector) =>
  `${name}{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join()}}`;
