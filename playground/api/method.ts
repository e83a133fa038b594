import type { z } from 'zod';
import type { World } from '../world.js';

/** Calls a minute (docs.slack.dev/apis/web-api/rate-limits). `special` ones have rules of their own. */
export type Tier = 't1' | 't2' | 't3' | 't4' | 'special';
export const tierCallsPerMinute: Record<Tier, number> = { t1: 3, t2: 20, t3: 50, t4: 100, special: 600 };

export interface MethodResult {
  [key: string]: unknown;
}

export interface Method {
  name: string;
  tier: Tier;
  token: 'bot' | 'app' | 'none';
  /** Any one of these scopes will do; none: no scope needed. Depends on the channel for `conversations.*`. */
  scopes(world: World, args: { [key: string]: unknown }): string[];
  /** Error words of its own, for the documentation. */
  refusals: string[];
  run(world: World, raw: { [key: string]: unknown }): Promise<MethodResult>;
}

export interface MethodSpec<Schema extends z.ZodType> {
  name: string;
  tier: Tier;
  token?: 'bot' | 'app' | 'none';
  scopes?: string[] | ((world: World, args: { [key: string]: unknown }) => string[]);
  refusals?: string[];
  args: Schema;
  /** Error word for a missing argument where Slack has one of its own, by argument. */
  missing?: { [argument: string]: string };
  /** The same for one that is there in a wrong form. */
  malformed?: { [argument: string]: string };
  run(world: World, args: z.output<Schema>): Promise<MethodResult> | MethodResult;
}
