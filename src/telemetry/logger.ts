import { type Logger, pino } from 'pino';

/** Structured log on standard error. Tokens and signatures never reach it. */
export function makeLogger(level: string): Logger {
  return pino(
    {
      level,
      base: {},
      redact: {
        paths: [
          '*.token',
          '*.botToken',
          '*.appToken',
          '*.signingSecret',
          '*.authorization',
          'headers.authorization',
          '*.password',
          'err.config',
          'err.request',
        ],
        censor: '[redacted]',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
