import type { PlayClock } from '../clock.js';
import { type Tier, tierCallsPerMinute } from './method.js';

/** Refuses calls beyond Slack's published rates, on the playground's clock. */
export interface RateLimits {
  /** Seconds to wait, or 0 when the call may go on (and is counted). */
  call(method: string, tier: Tier): number;
  /** The same for one message into a channel: one a second, three in a burst. */
  post(channel: string): number;
}

const minuteMs = 60_000;
/** "Several hundred messages a minute" for a workspace (docs.slack.dev/reference/methods/chat.postMessage). */
const workspacePostsPerMinute = 300;
const channelBurst = 3;

export function makeRateLimits(clock: PlayClock): RateLimits {
  const calls = new Map<string, number[]>();
  const buckets = new Map<string, { tokens: number; atMs: number }>();

  function within(key: string, perMinute: number): number {
    const nowMs = clock.now().getTime();
    const recent = (calls.get(key) ?? []).filter((at) => at > nowMs - minuteMs);
    calls.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= perMinute && oldest !== undefined)
      return Math.max(1, Math.ceil((oldest + minuteMs - nowMs) / 1000));
    recent.push(nowMs);
    return 0;
  }
  return {
    call: (method, tier) => within(method, tierCallsPerMinute[tier]),
    post: (channel) => {
      const nowMs = clock.now().getTime();
      const bucket = buckets.get(channel) ?? { tokens: channelBurst, atMs: nowMs };
      bucket.tokens = Math.min(channelBurst, bucket.tokens + (nowMs - bucket.atMs) / 1000);
      bucket.atMs = nowMs;
      buckets.set(channel, bucket);
      if (bucket.tokens < 1) return Math.max(1, Math.ceil(1 - bucket.tokens));
      const wait = within('workspace posts', workspacePostsPerMinute);
      if (wait === 0) bucket.tokens -= 1;
      return wait;
    },
  };
}
