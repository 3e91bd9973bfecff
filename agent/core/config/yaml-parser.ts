// The one door to the `yaml` package, to be imported when there is YAML: a bundler keeps the names
// of a CommonJS package in a static import only, so the lazy import is of this module.
export { parseDocument } from 'yaml';
