import type { KnownBlock } from '@slack/types';
import { type AccessRow, reference, spokenState } from '../../access/lifecycle.js';
import { spokenSource } from '../../access/provisioners/postgres/probe.js';
import { extensionsOf, leftWords, listMine, readEvents } from '../../access/read-access.js';
import type { WhoAnswer } from '../../access/who.js';
import { readHistory } from '../../approvals/engine/read-history.js';
import type { Services } from '../../services.js';
import { actions, context, header, section } from '../blocks.js';
import { escapeMrkdwn, slackDate, truncate } from '../mrkdwn.js';
import type { Caller, Reply } from '../surface.js';
import { extendButton, renderAccessCard } from './access-request.js';

const pageSize = 10;
/** Steps of a history that are shown: a section holds 3,000 characters. */
const mostSteps = 12;

function reply(text: string, blocks: KnownBlock[]): Reply {
  return { text: truncate(escapeMrkdwn(text), 3_900), blocks, visibility: 'asker' };
}

/** `ACC-12 · read on payouts · active, 3 days left`. Plain words. */
export function rowSentence(row: AccessRow, now: Date): string {
  const left = leftWords(row.ends_at, now);
  const end = row.state === 'active' && left !== null ? `, ${left}` : '';
  const how = row.state === 'ended' ? ` (${row.ended_how})` : '';
  return `${reference(row.number)}: ${row.level} on ${row.asset_name}, ${spokenState(row.state)}${how}${end}`;
}

/** Buttons of one grant in a list. */
export function rowBlocks(row: AccessRow, now: Date): KnownBlock[] {
  const blocks: KnownBlock[] = [section(escapeMrkdwn(rowSentence(row, now)))];
  if (row.state === 'active') {
    blocks.push(
      actions([
        ...extendButton(row),
        {
          text: 'Give back',
          actionId: 'access:return',
          value: row.id,
          label: `Give back ${reference(row.number)}`,
        },
      ]),
    );
  }
  return blocks;
}

export async function mineReply(services: Services, caller: Caller): Promise<Reply> {
  const rows = await listMine(services.db, { personId: caller.person.id, limit: pageSize });
  if (rows.length === 0) {
    const words = 'You have asked for nothing yet. `/access request <dataset>` asks for access.';
    return reply(words, [section(escapeMrkdwn(words))]);
  }
  const text = rows.map((row) => rowSentence(row, caller.now)).join('. ');
  return reply(`Your access. ${text}.`, [
    header('Your access'),
    ...rows.flatMap((row) => rowBlocks(row, caller.now)).slice(0, 40),
    context(escapeMrkdwn('`/access show <n>` shows one with its history.')),
  ]);
}

export async function pendingReply(services: Services, caller: Caller): Promise<Reply> {
  const waiting = await services.approvals.waitingFor(services.db, {
    personId: caller.person.id,
    limit: pageSize,
  });
  if (waiting.length === 0) {
    const words = 'Nothing waits for your decision.';
    return reply(words, [section(words)]);
  }
  const sentences = waiting.map((item) => `${item.reference}: ${item.requesterName} asks for ${item.title}`);
  return reply(`${waiting.length} wait for you. ${sentences.join('. ')}.`, [
    header('Waiting for you'),
    ...waitingBlocks(waiting),
  ]);
}

export function waitingBlocks(
  waiting: Awaited<ReturnType<Services['approvals']['waitingFor']>>,
): KnownBlock[] {
  return waiting.flatMap((item) => [
    section(
      `*${escapeMrkdwn(item.reference)}* ${escapeMrkdwn(item.requesterName)} asks for *${escapeMrkdwn(item.title)}*${item.reason ? `\n>${escapeMrkdwn(truncate(item.reason.replace(/\s+/g, ' '), 300))}` : ''}`,
    ),
    actions(
      [
        {
          text: 'Approve',
          actionId: 'approval:approve',
          value: item.requestId,
          style: 'primary',
          label: `Approve ${item.reference}`,
        },
        {
          text: 'Deny',
          actionId: 'approval:deny',
          value: item.requestId,
          style: 'danger',
          label: `Deny ${item.reference}, with a reason`,
        },
      ],
      [{ text: 'Hand on to a colleague', value: `approval:reassign|${item.requestId}` }],
    ),
  ]);
}

const eventWords: Record<string, string> = {
  granted: 'Granted in the warehouse',
  revoked: 'Taken back in the warehouse',
  trouble: 'The warehouse was not done',
  ending: 'Ending',
  extended: 'Extended',
  kept: 'The same access goes on through another grant',
  suspending: 'To be suspended: access to the dataset is being looked into',
  suspended: 'Suspended in the warehouse',
  'held-back': 'Held back: access to the dataset is being looked into',
  restoring: 'To be given back',
  task: 'A person was asked to do it',
  'task-done': 'Done by hand',
  'remains-accepted': 'What was left was accepted',
  drift: 'The warehouse differed from what Steward granted',
};

export async function detailReply(services: Services, caller: Caller, row: AccessRow): Promise<Reply> {
  const view = await services.approvals.view(services.db, {
    kind: 'access',
    subjectId: row.id,
    now: caller.now,
  });
  const events = await readEvents(services.db, row.id, mostSteps);
  if (!view) {
    const words = rowSentence(row, caller.now);
    return reply(words, [section(escapeMrkdwn(words))]);
  }
  const beneficiary =
    row.beneficiary_id === row.requester_id
      ? null
      : ((await services.directory.byId(services.db, row.beneficiary_id))?.name ?? null);
  const mine = row.requester_id === caller.person.id || row.beneficiary_id === caller.person.id;
  const card = renderAccessCard({
    row,
    view,
    beneficiary,
    variant: mine ? 'detail' : view.state === 'pending' ? 'approver' : 'detail-other',
    now: caller.now,
  });
  const done = events.reverse().map((event) => {
    const probe = typeof event.detail.probe === 'string' ? `: ${event.detail.probe}` : '';
    const words = typeof event.detail.words === 'string' ? `: ${event.detail.words}` : '';
    return { at: event.at, words: `${eventWords[event.kind] ?? event.kind}${probe || words}` };
  });
  const decided = await readHistory(services.db, [
    { kind: 'access', subjectId: row.id },
    ...(await extensionsOf(services.db, row.id)).map((id) => ({
      kind: 'access-extension' as const,
      subjectId: id,
    })),
  ]);
  const history = [...decided, ...done]
    .sort((one, other) => one.at.getTime() - other.at.getTime())
    .slice(-mostSteps)
    .map(({ at, words }) => `${slackDate(at)} ${escapeMrkdwn(truncate(words, 200))}`);
  return {
    text: truncate([card.text, ...(history.length > 0 ? ['History:', ...history] : [])].join('\n'), 3_900),
    blocks: [
      ...card.blocks,
      ...(history.length > 0 ? [section(`*History*\n${history.join('\n')}`)] : []),
    ].slice(0, 50),
    visibility: 'asker',
  };
}

/** Who can read it, as the warehouse says; Steward's own grants first. */
export function whoReply(answer: WhoAnswer): Reply {
  const name = answer.asset.name;
  if (answer.holders === null) {
    const lines = answer.own.map((grant) => `${grant.personName}: ${grant.level}, ${grant.reference}`);
    const words = `${answer.warehouse} cannot be asked who can read ${name}. Steward's own grants: ${lines.join('; ') || 'none'}.`;
    return reply(words, [section(escapeMrkdwn(words))]);
  }
  const lines = holderLines(answer.holders);
  const rest =
    answer.holders.length > holdersAtMost ? `… and ${answer.holders.length - holdersAtMost} more.` : '';
  const intro = `${loginsWords(answer.holders)} can use ${name}, as ${answer.warehouse} says now.`;
  const masked = maskedBlocks(answer);
  return reply(`${intro} ${lines.join('. ')} ${rest}${masked === null ? '' : ` ${masked.text}`}`, [
    section(`*${escapeMrkdwn(intro)}*`),
    ...inSections(lines),
    ...(rest ? [context(rest)] : []),
    ...(masked?.blocks ?? []),
  ]);
}

const holdersAtMost = 40;

function loginsWords(holders: WhoAnswer['holders'] & object): string {
  const count = new Set(holders.map((holder) => holder.login)).size;
  return count === 0 ? 'Nobody' : count === 1 ? '1 login' : `${count} logins`;
}

/** One line each, Steward's own grants first. */
function holderLines(holders: WhoAnswer['holders'] & object): string[] {
  const sorted = [...holders].sort(
    (a, b) => b.grants.length - a.grants.length || a.login.localeCompare(b.login),
  );
  return sorted.slice(0, holdersAtMost).map((holder) => {
    const who = holder.personName === null ? holder.login : `${holder.personName} (${holder.login})`;
    const by =
      holder.grants.length > 0
        ? `Steward, ${holder.grants.map((grant) => grant.reference).join(', ')}`
        : `not Steward: ${spokenSource(holder.source)}`;
    return `${who}: ${holder.privileges.join(', ')} - ${by}`;
  });
}

/** Who reads the masked view: fewer columns, and people all the same. Null where there is no such view. */
function maskedBlocks({
  masked,
  asset,
  warehouse,
}: WhoAnswer): { text: string; blocks: KnownBlock[] } | null {
  if (masked === null) return null;
  const lines = holderLines(masked.holders);
  const hidden = masked.holders.length - lines.length;
  const intro = `${loginsWords(masked.holders)} can use its masked view ${masked.relation}, as ${warehouse} says now.`;
  const rest = hidden > 0 ? `… and ${hidden} more on the masked view of ${asset.name}.` : '';
  return {
    text: [intro, lines.join('. '), rest].filter((part) => part !== '').join(' '),
    blocks: [
      section(`*${escapeMrkdwn(intro)}*`),
      ...inSections(lines),
      ...(rest === '' ? [] : [context(escapeMrkdwn(rest))]),
    ],
  };
}

function inSections(lines: readonly string[]): KnownBlock[] {
  const chunks: string[] = [];
  for (const line of lines) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length + line.length < 2_500)
      chunks[chunks.length - 1] = `${last}\n• ${escapeMrkdwn(line)}`;
    else chunks.push(`• ${escapeMrkdwn(line)}`);
  }
  return chunks.map((chunk) => section(chunk));
}
