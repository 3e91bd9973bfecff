/**
 * The modules that a TypeScript file names: imports and exports from, dynamic imports, imported
 * types, and files found beside it by `new URL('./x', import.meta.url)`.
 */
export function readImports(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [
    ...code.matchAll(/\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\b(?:require|getBuiltinModule)\s*\(\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\bnew URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g),
  ];
  return found.flatMap(([, name]) => (name === undefined ? [] : [name]));
}
