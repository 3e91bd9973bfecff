/** Beyond these a file is hostile, or data, and not a configuration. */
export const limits = {
  /** Characters of YAML or TOML; JSON is read faster and may be longer. */
  sourceCharacters: 2_000_000,
  jsonCharacters: 8_000_000,
  /** Nested collections. Python's loaders give up between 300 and 1,000. */
  depth: 100,
  /** Values after all aliases are written out ("billion laughs"). */
  values: 200_000,
} as const;
