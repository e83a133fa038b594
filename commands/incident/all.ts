import { handoffOf } from '../../src/incidents/handoff.js';
import { listIncidents } from '../../src/incidents/incident.js';
import { mutesFor } from '../../src/incidents/mute.js';
import { askChart } from '../../src/incidents/report/ask-chart.js';
import { statisticsOf } from '../../src/incidents/report/statistics.js';
import { context, section } from '../../src/slack/blocks.js';
import { handoffLines } from '../../src/slack/cards/incident-digest.js';
import { statisticsReply } from '../../src/slack/cards/incident-replies.js';
import { listReply } from '../../src/slack/cards/incident-target.js';
import { escapeMrkdwn, slackDate } from '../../src/slack/mrkdwn.js';
import type { Verb } from '../../src/slack/surface.js';

const states = {
  open: ['triage', 'investigating', 'identified', 'monitoring', 'resolved'],
  triage: ['triage'],
  closed: ['closed', 'declined', 'cancelled', 'merged'],
} as const;

/** What is about all incidents: declaring one, listing them, their numbers, the hand-off. */
export const allVerbs: readonly Verb[] = [
  {
    name: 'declare',
    usage: 'declare [title]',
    summary: 'opens a form in which everything is optional',
    mode: 'read',
    run: async (_services, caller, rest) => ({
      text: 'The form for declaring an incident. Everything in it may stay empty.',
      modal: {
        callbackId: 'incident:declare',
        params: { title: rest.trim().slice(0, 150), channel: caller.channel?.id ?? '' },
      },
      visibility: 'asker',
    }),
  },
  {
    name: 'list',
    usage: 'list [open|triage|closed|all|words]',
    summary: 'incidents you can see, newest first',
    mode: 'read',
    run: async (services, caller, rest) => {
      const word = rest.trim().toLowerCase();
      const known =
        word === 'triage' || word === 'closed' || word === 'open'
          ? states[word]
          : word === 'all'
            ? [...states.open, ...states.closed]
            : states.open;
      const isFilter = ['', 'open', 'triage', 'closed', 'all'].includes(word);
      const found = await listIncidents(services, caller.person, {
        states: isFilter ? known : [...states.open, ...states.closed],
        ...(isFilter ? {} : { text: rest.trim() }),
      });
      const mutes = word === '' || word === 'open' ? await mutesFor(services, caller.person, caller.now) : [];
      const reply = listReply(
        services,
        found,
        `${found.length} incident${found.length === 1 ? '' : 's'}${isFilter && word !== '' ? ` (${word})` : ''}`,
        isFilter
          ? 'No incident is open. Good.'
          : `No incident with "${escapeMrkdwn(rest.trim().slice(0, 60))}" in its title.`,
      );
      if (mutes.length === 0) return reply;
      const lines = mutes.map(
        (one) => `${escapeMrkdwn(one.label)} until ${slackDate(one.until)}: ${escapeMrkdwn(one.reason)}`,
      );
      return {
        ...reply,
        text: `${reply.text} Muted: ${lines.join('; ')}.`,
        blocks: [...(reply.blocks ?? []), context(`:mute: Muted: ${lines.join(' · ')}`)],
      };
    },
  },
  {
    name: 'stats',
    usage: 'stats [days]',
    summary: 'time to detect, acknowledge and resolve, in words and as a chart',
    mode: 'act',
    accepts: (rest) => /^\s*\d{0,4}\s*$/.test(rest),
    run: async (services, caller, rest) => {
      const days = Math.min(730, Math.max(1, Number(rest.trim() || '90')));
      const numbers = await statisticsOf(services, {
        from: new Date(caller.now.getTime() - days * 86_400_000),
        to: new Date(caller.now.getTime() + 1_000),
      });
      const reply = statisticsReply(numbers, days);
      if (numbers.all.count === 0) return reply;
      const { actor, deliveryKey, now } = caller;
      await askChart(services, { actor, days, deliveryKey, now });
      return {
        ...reply,
        text: `${reply.text} The chart is in your direct messages with me.`,
        blocks: [...(reply.blocks ?? []), context('The chart is in your direct messages with me.')],
      };
    },
  },
  {
    name: 'handoff',
    usage: 'handoff',
    summary: 'what the next on-call takes over',
    mode: 'read',
    run: async (services, caller) => {
      const over = await handoffOf(services, caller.now);
      const lines = handoffLines(over, caller.now);
      const text =
        lines.length === 0
          ? 'Nothing to take over: no open incident, no running backfill, no mute, no follow-up due this week.'
          : `To take over: ${lines.join('; ')}.`;
      return {
        text,
        blocks: [
          section(
            lines.length === 0 ? text : `*To take over*\n${lines.map((line) => `• ${line}`).join('\n')}`,
          ),
        ],
        visibility: 'asker',
        shareable: true,
      };
    },
  },
];
