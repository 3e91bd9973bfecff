export interface HydraApp {
  /** As written: relative to the script's folder; null where there is none. */
  configPath: string | null;
  configName: string | null;
}

/**
 * What `@hydra.main(...)` in a script's text says, read without running it; null where the script
 * has none. Only literal texts count; anything computed is null.
 */
export function findHydraApp(script: string): HydraApp | null {
  const match = /^[ \t]*@(?:hydra\.)?main\(([^)]*)\)/m.exec(script);
  if (match === null || !/^\s*(?:import hydra|from hydra)\b/m.test(script)) return null;
  const text = match[1] ?? '';
  const literal = (name: string) =>
    new RegExp(`\\b${name}\\s*=\\s*(?:str\\()?[rR]?(["'])([^"'\\n]*)\\1`).exec(text)?.[2] ?? null;
  return { configPath: literal('config_path'), configName: literal('config_name') };
}

/** Whether a Python text loads its configuration through OmegaConf. */
export function usesOmegaConf(script: string): boolean {
  return /^\s*(?:import|from)\s+(?:hydra|omegaconf)\b/m.test(script);
}
