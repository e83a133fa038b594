import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

/** Bolt and its clients log through ours. */
export function boltLogger(log: Logger): BoltLogger {
  const child = log.child({ part: 'bolt' });
  const say =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...words: unknown[]): void =>
      child[level](
        words
          .map((word) =>
            word instanceof Error ? word.message : typeof word === 'string' ? word : JSON.stringify(word),
          )
          .join(' '),
      );
  return {
    debug: say('debug'),
    // What Bolt finds worth an info is a debug to whoever runs Steward.
    info: say('debug'),
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
