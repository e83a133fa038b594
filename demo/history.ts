/** Something a person said before the demo began, told by how long ago. */
export interface Spoken {
  person: string;
  channel: string;
  minutesAgo: number;
  text: string;
  replies?: { person: string; minutesAgo: number; text: string }[];
  reactions?: { name: string; people: string[] }[];
}

const hour = 60;
const day = 24 * hour;

/**
 * What colleagues said to each other before the first click, so that the workspace is one where people work. Only people speak here: every
 * word of Steward's is said by Steward. The late heartbeats of `generate/planted.ts` are what the newest of it is about.
 */
export const history: readonly Spoken[] = [
  {
    person: 'claire',
    channel: 'general',
    minutesAgo: 2 * day + 3 * hour,
    text: 'The board meets in two weeks. Numbers for the deck are frozen the evening before; please settle open questions about them until then.',
    reactions: [{ name: '+1', people: ['priya', 'maya', 'jonas'] }],
  },
  {
    person: 'maya',
    channel: 'general',
    minutesAgo: day + 5 * hour,
    text: 'Reminder: questions about metrics go to #data-questions. Mention @steward there, or ask it in a direct message.',
    reactions: [{ name: 'white_check_mark', people: ['grace', 'hana'] }],
  },
  {
    person: 'sam',
    channel: 'data-questions',
    minutesAgo: day + 2 * hour,
    text: 'A prospect asks how quickly we answer: is there one number for time to first token that I may quote?',
    replies: [
      {
        person: 'aiko',
        minutesAgo: day + hour + 48,
        text: 'Take the p95, it is what the service objectives promise. Ask @steward whether it is safe that day before you send it.',
      },
      { person: 'sam', minutesAgo: day + hour + 45, text: 'Thank you, will do.' },
    ],
  },
  {
    person: 'leo',
    channel: 'data-questions',
    minutesAgo: 5 * hour,
    text: 'GPU occupancy is gone from my dashboard. What do I use instead?',
    replies: [
      {
        person: 'tomas',
        minutesAgo: 4 * hour + 50,
        text: 'It counted nodes and is deprecated. GPU utilisation counts hours.',
      },
    ],
    reactions: [{ name: 'eyes', people: ['grace'] }],
  },
  {
    person: 'hana',
    channel: 'marketplace',
    minutesAgo: 3 * hour + 20,
    text: 'Two suppliers say that their nodes are up, but our page shows them dark since this morning. Are they wrong or are we?',
    replies: [
      {
        person: 'dele',
        minutesAgo: 3 * hour + 5,
        text: 'We are: the collector of heartbeats is behind. Nodes are fine.',
      },
    ],
  },
  {
    person: 'dele',
    channel: 'data-platform',
    minutesAgo: 3 * hour,
    text: 'Heartbeats of nodes stopped arriving. The collector holds a stale lease, the vendor is on it. Until then available hours are too low, so GPU utilisation looks too high.',
    replies: [
      {
        person: 'maya',
        minutesAgo: 2 * hour + 40,
        text: 'Then nobody should quote utilisation today. Does the answer say so?',
      },
      { person: 'dele', minutesAgo: 2 * hour + 35, text: 'It says CAUTION as soon as they are late.' },
    ],
  },
  {
    person: 'aiko',
    channel: 'inference',
    minutesAgo: 7 * hour,
    text: 'The new router is live in two regions. p95 should come down over the week, watch it per region and not in total.',
    reactions: [{ name: 'tada', people: ['grace'] }],
  },
  {
    person: 'leo',
    channel: 'growth',
    minutesAgo: 26 * hour,
    text: 'Sign-ups from the partner page are up by a third. Checking whether they pay.',
  },
  {
    person: 'priya',
    channel: 'finance-data',
    minutesAgo: 30 * hour,
    text: 'Month close begins on the last working day. Please, no backfills of billing until the second.',
    reactions: [{ name: 'white_check_mark', people: ['jonas'] }],
  },
];
