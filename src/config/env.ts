import { z } from 'zod';
import { StartRefusedError } from '../errors.js';

const url = (protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    );

const set = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), type.optional());

/** Every environment variable Steward reads. An empty value counts as unset. */
const environment = z.object({
  DATABASE_URL: set(url(['postgres:', 'postgresql:'])),
  STEWARD_DATA_DIR: set(z.string()),
  REDIS_URL: set(url(['redis:', 'rediss:'])),
  SLACK_BOT_TOKEN: set(z.string().regex(/^xoxb-/, 'must start with xoxb-')),
  SLACK_SIGNING_SECRET: set(z.string().min(8, 'is too short to be a signing secret')),
  SLACK_APP_TOKEN: set(z.string().regex(/^xapp-/, 'must start with xapp-')),
  SLACK_API_URL: set(url(['http:', 'https:'])),
  PORT: set(
    z
      .string()
      .refine(
        (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
        'must be a whole number from 0 to 65535',
      )
      .transform(Number),
  ),
  HOST: set(z.string()),
  STEWARD_CONFIG: set(z.string()),
  STEWARD_AUDIT_KEY: set(z.string().min(16, 'must have at least 16 characters')),
  STEWARD_METRICS_TOKEN: set(z.string().min(8, 'must have at least 8 characters')),
  OPENAI_API_KEY: set(z.string()),
  OPENAI_BASE_URL: set(url(['http:', 'https:'])),
  OPENAI_MODEL: set(z.string()),
  LOG_LEVEL: set(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])),
});

export interface Environment {
  databaseUrl: string | undefined;
  dataDir: string;
  redisUrl: string | undefined;
  slack: {
    botToken: string | undefined;
    signingSecret: string | undefined;
    appToken: string | undefined;
    apiUrl: string | undefined;
  };
  port: number;
  host: string;
  configFile: string;
  auditKey: string | undefined;
  metricsToken: string | undefined;
  openai: { apiKey: string | undefined; baseUrl: string | undefined; model: string };
  logLevel: string;
  /** Secrets named in steward.yml as `{env: NAME}`. */
  secret: (name: string) => string | undefined;
}

/** Parses the environment. Throws `StartRefusedError` with one line that names the variable. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartRefusedError(
      `${String(issue?.path[0] ?? 'environment')}: ${issue?.message ?? 'is wrong'}.`,
    );
  }
  const values = parsed.data;
  return {
    databaseUrl: values.DATABASE_URL,
    dataDir: values.STEWARD_DATA_DIR ?? '.steward',
    redisUrl: values.REDIS_URL,
    slack: {
      botToken: values.SLACK_BOT_TOKEN,
      signingSecret: values.SLACK_SIGNING_SECRET,
      appToken: values.SLACK_APP_TOKEN,
      apiUrl: values.SLACK_API_URL,
    },
    port: values.PORT ?? 3000,
    host: values.HOST ?? '127.0.0.1',
    configFile: values.STEWARD_CONFIG ?? 'steward.yml',
    auditKey: values.STEWARD_AUDIT_KEY,
    metricsToken: values.STEWARD_METRICS_TOKEN,
    openai: {
      apiKey: values.OPENAI_API_KEY,
      baseUrl: values.OPENAI_BASE_URL,
      model: values.OPENAI_MODEL ?? 'gpt-5-mini',
    },
    logLevel: values.LOG_LEVEL ?? 'info',
    secret: (name) => env[name] || undefined,
  };
}
