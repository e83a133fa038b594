import { said } from '../handlers/said.js';
import { startReview } from '../src/access/campaign.js';
import { datasetNamed, datasetsCalled, datasetWished } from '../src/access/datasets.js';
import { lookAtRevoke, returnAccess } from '../src/access/end-access.js';
import { extendAccess } from '../src/access/extend-access.js';
import { reference } from '../src/access/lifecycle.js';
import { findRequest, listMine, parseNumber } from '../src/access/read-access.js';
import { whoHasAccess } from '../src/access/who.js';
import { parseDurationMs } from '../src/config/schema-values.js';
import { InvalidInputError } from '../src/errors.js';
import type { Services } from '../src/services.js';
import { detailReply, mineReply, pendingReply, whoReply } from '../src/slack/cards/access-lists.js';
import { reviewReply } from '../src/slack/cards/access-review.js';
import type { Caller, CommandModule } from '../src/slack/surface.js';

/** `start personal-data-quarterly` */
const startOfReview = (rest: string): string | null =>
  /^start\s+[“"]?([^\s”"]+)[”"]?$/i.exec(rest.trim())?.[1] ?? null;

async function requestNamed(services: Services, caller: Caller, rest: string) {
  const number = parseNumber(rest.trim().split(/\s+/)[0] ?? '');
  if (number === null) {
    const open = await listMine(services.db, {
      personId: caller.person.id,
      states: ['requested', 'approved', 'provisioning', 'active'],
      limit: 5,
    });
    const offered = open
      .map((row) => `${reference(row.number)} (${row.level} on ${row.asset_name})`)
      .join(', ');
    throw new InvalidInputError(
      offered === ''
        ? 'Say which request: its number is on its card. You have none open; `/access request` asks for one.'
        : `Say which request, by its number. Yours that are open: ${offered}.`,
    );
  }
  return findRequest(services, caller.person, number);
}

/** `/access`: ask for data, see what you hold, and what waits for you. */
export const access: CommandModule = {
  name: 'access',
  summary:
    'Ask for access to a dataset, see what you hold and when it ends, and decide what others ask of you.',
  usageHint: 'request [dataset] | mine | pending | show|extend|return|revoke <n> | review | who <dataset>',
  verbs: [
    {
      name: 'request',
      usage: 'request [dataset]',
      summary: 'asks for access; the form shows who decides before you send it',
      mode: 'read',
      run: async (services, caller, rest) => {
        const words = rest.trim().replace(/^["'“`]|["'”`?.!]$/g, '');
        const { dataset, reason } = datasetWished(services, caller.person, words);
        const named = dataset
          ? `Access to ${dataset.name}: the form shows what you can ask for and who decides.`
          : `I cannot tell which dataset “${words.slice(0, 80)}” is. The form lets you search.`;
        return {
          ...said(words === '' ? 'Choose the dataset in the form.' : named),
          modal: {
            callbackId: 'access:request',
            params: dataset ? { dataset: dataset.id, reason: reason.slice(0, 150) } : {},
          },
        };
      },
    },
    {
      name: 'mine',
      usage: 'mine',
      summary: 'what you asked for and what you hold, with days left',
      mode: 'read',
      accepts: isEmpty,
      run: (services, caller) => mineReply(services, caller),
    },
    {
      name: 'pending',
      usage: 'pending',
      summary: 'what waits for your decision',
      mode: 'read',
      accepts: isEmpty,
      run: (services, caller) => pendingReply(services, caller),
    },
    {
      name: 'show',
      usage: 'show <n>',
      summary: 'one request with its whole history',
      mode: 'read',
      run: async (services, caller, rest) =>
        detailReply(services, caller, await requestNamed(services, caller, rest)),
    },
    {
      name: 'extend',
      usage: 'extend <n> [time]',
      summary: 'more time, at once or through approval, as the policy says',
      mode: 'act',
      run: async (services, caller, rest) => {
        const request = await requestNamed(services, caller, rest);
        const time = rest.trim().split(/\s+/)[1];
        const byMs = time === undefined ? {} : { byMs: timeOf(time) };
        const { person, actor, now } = caller;
        return said(
          (await extendAccess(services, { requestId: request.id, person, actor, now, reason: null, ...byMs }))
            .text,
        );
      },
    },
    {
      name: 'return',
      usage: 'return <n>',
      summary: 'gives access back early',
      mode: 'act',
      run: async (services, caller, rest) => {
        const request = await requestNamed(services, caller, rest);
        const { person, actor, now } = caller;
        await returnAccess(services, { requestId: request.id, person, actor, now });
        return said(
          `${reference(request.number)} is being taken back. Its card says when the warehouse confirms it.`,
        );
      },
    },
    {
      name: 'revoke',
      usage: 'revoke <n>',
      summary: 'takes access away, for owners and security, with a reason',
      mode: 'read',
      run: async (services, caller, rest) => {
        const request = await requestNamed(services, caller, rest);
        await lookAtRevoke(services, { requestId: request.id, person: caller.person });
        return {
          text: `Revoking ${reference(request.number)} takes away every live grant of the same right. The form asks for the reason.`,
          visibility: 'asker',
          modal: { callbackId: 'access:revoke', params: { id: request.id } },
        };
      },
    },
    {
      name: 'review',
      usage: 'review',
      summary: 'grants on your datasets that are to be confirmed',
      mode: 'read',
      accepts: isEmpty,
      run: (services, caller) => reviewReply(services, caller),
    },
    {
      name: 'review',
      usage: 'review start <name>',
      summary: 'begin a review of the policy ahead of its time; for governance and administrators',
      mode: 'act',
      accepts: (rest) => startOfReview(rest) !== null,
      run: async (services, caller, rest) =>
        said(await startReview(services, { name: startOfReview(rest) ?? '', ...caller })),
    },
    {
      name: 'who',
      usage: 'who <dataset>',
      summary: 'who can read it, as the warehouse says; for its owner and the data team',
      mode: 'read',
      accepts: (rest) => rest.trim() !== '',
      run: async (services, caller, rest) => {
        const words = rest.replace(/^(has access to|can read|can see)\s+/i, '').replace(/[?"“”]/g, '');
        const asset = datasetNamed(services, caller.person, words) ?? undefined;
        const several = asset ? [] : datasetsCalled(services, caller.person, words);
        if (several.length > 0)
          throw new InvalidInputError(
            `Several datasets are called that: ${several.map((one) => one.relation).join(', ')}. Write it so.`,
          );
        const answer = await whoHasAccess(services, {
          person: caller.person,
          asset,
          signal: AbortSignal.timeout(10_000),
        });
        return whoReply(answer);
      },
    },
  ],
  phrases: [
    {
      pattern:
        /^(?:i\s+(?:need|want|would like)|can i (?:have|get)|give me|please give me|how do i get|request)\s+(?:read\s+|write\s+)?access(?:\s+(?:to|for|on)\s+(?:the\s+)?(?<rest>.+?))?[?.!]*$/i,
      verb: 'request',
    },
    {
      pattern: /^who (?:has access to|can (?:read|see|query))\s+(?:the\s+)?(?<rest>.+?)[?.!]*$/i,
      verb: 'who',
    },
    { pattern: /^what (?:access )?do i have access to\??(?<rest>)$/i, verb: 'mine' },
  ],
};

function isEmpty(rest: string): boolean {
  return rest.trim() === '';
}

function timeOf(text: string): number {
  try {
    return parseDurationMs(text);
  } catch {
    throw new InvalidInputError(`"${text}" is no time. Nothing was changed. Write 12h, 3d or 2w.`);
  }
}
