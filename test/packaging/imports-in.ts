import ts from 'typescript';

/** One import of a file. */
export interface Import {
  /** What it names, such as `node:fs` or `../domain/message.js`; its source text when it isn't a plain string. */
  from: string;
  onlyTypes: boolean;
}

/** Lists the imports of a TypeScript source: `import`, `export … from`, `import()`, and types by `import('…')`. */
export function importsIn(source: string): Import[] {
  const imports: Import[] = [];
  function visit(node: ts.Node): void {
    const found = importOf(node);
    if (found) imports.push({ from: pathOf(found.from), onlyTypes: found.onlyTypes });
    ts.forEachChild(node, visit);
  }
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return imports;
}

function importOf(node: ts.Node): { from: ts.Node | undefined; onlyTypes: boolean } | undefined {
  if (ts.isImportDeclaration(node)) return { from: node.moduleSpecifier, onlyTypes: isOnlyTypes(node.importClause) };
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return { from: node.moduleSpecifier, onlyTypes: node.isTypeOnly };
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return { from: node.arguments[0], onlyTypes: false };
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return { from: node.argument.literal, onlyTypes: true };
  return undefined;
}

function isOnlyTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  const { isTypeOnly, name, namedBindings } = clause;
  if (isTypeOnly) return true;
  return !name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every(isType);
}

const isType = ({ isTypeOnly }: ts.ImportSpecifier) => isTypeOnly;

const pathOf = (node: ts.Node | undefined) =>
  node && ts.isStringLiteralLike(node) ? node.text : (node?.getText() ?? '');
