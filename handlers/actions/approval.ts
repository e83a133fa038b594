import { policyByHash } from '../../src/approvals/policy/policy-store.js';
import { NotFoundError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import type { ActionHandler, ButtonPress, Mode } from '../../src/slack/surface.js';
import { confirmLinkActionId, decidedReply } from '../decided.js';
import { said } from '../said.js';

/** Buttons of every kind of approval. They carry the request's id; who may is checked by the engine when they are pressed. */

const by = (press: ButtonPress) => ({
  requestId: press.value,
  personId: press.caller.person.id,
  actor: press.caller.actor,
  now: press.caller.now,
});

const act = (actionId: string, run: ActionHandler['run'], mode: Mode = 'act'): ActionHandler => ({
  actionId,
  mode,
  run,
});

/** Opens one of the small forms around a decision. */
const opens = (actionId: string): ActionHandler =>
  act(
    actionId,
    async (_services, press) => ({
      reply: {
        text: 'One form first.',
        visibility: 'asker',
        modal: { callbackId: actionId, params: { id: press.value } },
      },
    }),
    'read',
  );

export const approvalActions: readonly ActionHandler[] = [
  act('approval:approve', async (services, press) => {
    const decided = await services.approvals.decide({ ...by(press), verdict: 'approve', reason: null });
    return { reply: decidedReply(decided) };
  }),
  act('approval:withdraw', async (services, press) => {
    await services.approvals.withdraw(by(press));
    return { reply: said('Withdrawn. Nobody will decide it any more.') };
  }),
  // Slack tells of the press of a link too; the browser is what follows it.
  act(confirmLinkActionId, async () => ({}), 'read'),
  opens('approval:deny'),
  opens('approval:shorten'),
  opens('approval:reassign'),
  opens('approval:break-glass'),
  opens('approval:delegate'),
  act(
    'approval:why',
    async (services, press) => ({ reply: said(await whyWords(services, press.value)) }),
    'read',
  ),
  act('approval:review-justified', async (services, press) => {
    await services.approvals.reviewBreakGlass({ ...by(press), verdict: 'justified', note: '' });
    return { reply: said('Recorded: it was justified.') };
  }),
  act('approval:review-not-justified', async (services, press) => {
    await services.approvals.reviewBreakGlass({ ...by(press), verdict: 'not-justified', note: '' });
    return {
      reply: said(
        'Recorded: it was not justified. Take it up with them and, if access should go, revoke it.',
      ),
    };
  }),
];

/** Which rule decided, in its own words: the policy version that was pinned when it was asked. */
async function whyWords(services: Services, requestId: string): Promise<string> {
  const uuid = /^[0-9a-f-]{36}$/i.test(requestId);
  const row = uuid
    ? await services.db
        .selectFrom('approval_request')
        .select(['rule', 'policy_hash', 'reference'])
        .where('id', '=', requestId)
        .executeTakeFirst()
    : undefined;
  if (!row) throw new NotFoundError('There is no such request, or you may not see it.');
  const policy = await policyByHash(services.db, row.policy_hash);
  const rule = policy.rules.find((item) => item.name === row.rule);
  if (!rule)
    return `${row.reference} was decided by the rule "${row.rule}" of policy ${row.policy_hash.slice(0, 8)}.`;
  const conditions = Object.entries(rule.when)
    .filter(([key, value]) => value !== undefined && !(key === 'facts' && Object.keys(value).length === 0))
    .map(([key, value]) => `${key} ${JSON.stringify(value).replace(/["[\]{}]/g, '')}`);
  const asks = rule.stages.map((stage) => stage.name).join(', then ') || rule.autoApprove || rule.deny || '';
  return `${row.reference} is decided by the rule "${rule.name}"${rule.description ? ` (${rule.description})` : ''} of policy ${row.policy_hash.slice(0, 8)}, because ${conditions.join('; ') || 'it covers everything'}. It asks: ${asks}.`;
}
