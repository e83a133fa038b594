import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.js';

/** Where heads of the chain are noted down besides the log; null where steward.yml names no file. */
export function anchorFile({ config, baseDir }: LoadedConfig): string | null {
  return config.audit.anchorFile === undefined ? null : path.resolve(baseDir, config.audit.anchorFile);
}
