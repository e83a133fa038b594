import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { callHttp, parseAnswer } from '../http.js';
import {
  type ChangeContext,
  type Provisioner,
  type ProvisionerContext,
  type ProvisionerKind,
  type Right,
  WarehouseRefusedError,
} from '../provisioner.js';

const webhookWarehouse = z.looseObject({
  name: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  /** Signs every call: HMAC-SHA256 over `v1:<timestamp>:<body>`. */
  signingSecret: secretRef,
  /** The receiver answers `access.probe` and tells what the person can do now. */
  probe: z.boolean().default(false),
});
type WebhookWarehouse = z.infer<typeof webhookWarehouse>;

const probeReply = z.object({ can: z.boolean(), words: z.string().max(500).default('') });

/**
 * A system of the company's own. `POST` with a JSON body `{event, id, right, until}`; `Idempotency-Key` is the same for every
 * attempt at one change, and the signature is over timestamp and body, so that a copied call is no use later.
 */
export const webhookProvisioner: ProvisionerKind<WebhookWarehouse> = {
  type: 'webhook',
  config: webhookWarehouse,
  identity: 'email',
  make: (config, context) => {
    const change = async (event: 'access.grant' | 'access.revoke', right: Right, params: ChangeContext) => {
      await send(
        config,
        context,
        { event, id: params.key, right, until: params.until?.toISOString() ?? null },
        params.signal,
      );
      return {
        statements: [
          `POST ${new URL(config.url).host} ${event} ${right.level} on ${right.relation} for ${right.login}`,
        ],
      };
    };
    return {
      levels: ['read', 'masked', 'write'],
      columns: true,
      grant: (right, params) => change('access.grant', right, params),
      revoke: (right, params) => change('access.revoke', right, params),
      probe: async (right, { signal }) => {
        if (!config.probe)
          return {
            can: null,
            sources: [],
            words: `${config.name} cannot be asked what ${right.login} can do`,
          };
        const answer = await send(
          config,
          context,
          { event: 'access.probe', id: null, right, until: null },
          signal,
        );
        const reply = parseAnswer(probeReply, answer, new URL(config.url).host);
        const words = reply.words || `${right.login} ${reply.can ? 'can' : 'cannot'} use ${right.relation}`;
        return { can: reply.can, sources: [], words };
      },
      who: async () => null,
    } satisfies Provisioner;
  },
};

async function send(
  config: WebhookWarehouse,
  context: ProvisionerContext,
  payload: { event: string; id: string | null; right: Right; until: string | null },
  signal: AbortSignal,
) {
  const secret = context.secret(config.signingSecret.env);
  if (!secret) {
    throw new WarehouseRefusedError(
      `The webhook "${config.name}" has no signing secret: set ${config.signingSecret.env}.`,
      'right',
    );
  }
  const body = JSON.stringify(payload);
  const timestamp = String(Math.floor(context.now().getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`v1:${timestamp}:${body}`).digest('hex');
  return callHttp(context.fetch, {
    method: 'POST',
    url: config.url,
    body,
    signal,
    headers: {
      'content-type': 'application/json',
      'x-steward-timestamp': timestamp,
      'x-steward-signature': `v1=${signature}`,
      ...(payload.id === null ? {} : { 'idempotency-key': payload.id }),
    },
  });
}
