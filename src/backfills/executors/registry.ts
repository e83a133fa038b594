import type { RegisteredExecutor } from './executor.js';
import { postgres } from './postgres/index.js';

/** Every kind of executor. One line each. */
export const executorConnectors: readonly RegisteredExecutor[] = [postgres];
