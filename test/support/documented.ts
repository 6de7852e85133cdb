/** What is public and has no doc comment, by the types of the package's entries. */
import ts from 'typescript';

/** A declaration that needs a comment, and where it stands. */
export interface Undocumented {
  readonly name: string;
  readonly place: string;
}

interface Found {
  /** Exports, options and members that were looked at. */
  count: number;
  readonly missing: Undocumented[];
}

/** The exports of `entries` and of the namespaces in them, their members, and the fields of the options that functions take. */
export class Documented {
  private readonly checker: ts.TypeChecker;
  private readonly isOurs: (file: string) => boolean;
  private readonly seen = new Set<ts.Node>();
  private readonly found: Found = { count: 0, missing: [] };

  /** @param isOurs whether a file has to be documented, and is no one else's */
  constructor(program: ts.Program, isOurs: (file: string) => boolean) {
    this.checker = program.getTypeChecker();
    this.isOurs = isOurs;
  }

  /** Looks at what an entry exports. @param prefix of the names in the list: `text.` */
  entry(file: ts.SourceFile, prefix: string): void {
    const module = this.checker.getSymbolAtLocation(file)!;
    for (const symbol of this.checker.getExportsOfModule(module)) this.exported(symbol, prefix);
  }

  get result(): Readonly<Found> {
    return this.found;
  }

  private exported(given: ts.Symbol, prefix: string): void {
    const symbol =
      given.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(given) : given;
    const name = prefix + given.name;
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      const [file] = symbol.declarations as ts.SourceFile[];
      this.need(file, name, /^\s*\/\*\*/.test(file.text));
      for (const one of this.checker.getExportsOfModule(symbol)) this.exported(one, `${name}.`);
      return;
    }
    const [node] = symbol.declarations ?? [];
    if (!node || !this.need(node, name, this.hasComment(symbol))) return;
    if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class))
      this.members(this.checker.getDeclaredTypeOfSymbol(symbol), name);
    if (symbol.flags & ts.SymbolFlags.Class)
      this.members(this.checker.getTypeOfSymbol(symbol), `${name}.static`);
    if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable))
      this.parameters(symbol, node, name);
  }

  /** The fields of what a function is given. */
  private parameters(symbol: ts.Symbol, node: ts.Node, name: string): void {
    for (const signature of this.checker
      .getTypeOfSymbolAtLocation(symbol, node)
      .getCallSignatures())
      for (const parameter of signature.getParameters()) {
        const type = this.checker.getTypeOfSymbolAtLocation(parameter, node);
        const tags = ts.getJSDocTags(node).filter(ts.isJSDocParameterTag);
        const named = tags.map((tag) => tag.name.getText().split('.').at(-1)!);
        this.members(type, `${name}(${parameter.name})`, named);
      }
  }

  /** @param named members of which a comment elsewhere tells */
  private members(type: ts.Type, name: string, named: readonly string[] = []): void {
    if (type.isUnion()) {
      for (const one of type.types) this.members(one, name, named);
      return;
    }
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return;
    for (const member of this.checker.getPropertiesOfType(type)) {
      const [node] = member.declarations ?? [];
      if (!node || isHidden(node) || isForm(node)) continue;
      const inherits = ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Override;
      const told = Boolean(inherits) || named.includes(member.name) || this.hasComment(member);
      if (this.need(node, `${name}.${member.name}`, told) && !told) continue;
    }
  }

  private hasComment(symbol: ts.Symbol): boolean {
    return (
      symbol.getDocumentationComment(this.checker).length > 0 || symbol.getJsDocTags().length > 0
    );
  }

  /** Counts a declaration, once. @returns whether it is one of ours that was not seen before */
  private need(node: ts.Node, name: string, isDocumented: boolean): boolean {
    const file = node.getSourceFile();
    if (this.seen.has(node) || !this.isOurs(file.fileName)) return false;
    this.seen.add(node);
    this.found.count++;
    if (!isDocumented) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      this.found.missing.push({ name, place: `${file.fileName}:${line + 1}` });
    }
    return true;
  }
}

/** Private, or generated from what is documented elsewhere. */
function isHidden(node: ts.Node): boolean {
  if (ts.isClassElement(node) || ts.isParameterPropertyDeclaration(node, node.parent)) {
    const flags = ts.getCombinedModifierFlags(node);
    if (flags & ts.ModifierFlags.Private || (node.name && ts.isPrivateIdentifier(node.name)))
      return true;
  }
  // Type parameters of mapped types and computed names such as [Symbol.iterator].
  const { name } = node as ts.NamedDeclaration;
  return !name || !ts.isIdentifier(name);
}

/** A field of one of several forms, `Tensor | { data, shape }`: the comment of the whole tells of it. */
const isForm = (node: ts.Node): boolean =>
  ts.isTypeLiteralNode(node.parent) && ts.isUnionTypeNode(node.parent.parent);
